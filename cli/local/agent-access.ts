/**
 * What the agent on this machine may do in the cluster: exactly what its service account may. Its
 * kubeconfig holds no administrator's credentials, only a token that is renewed.
 */
import { join } from 'node:path';

import { z } from 'zod';

import { writeFileAtomic } from '#cli/atomic-file';
import type { Logger } from '#core/log';
import { delay } from '#core/retry';

import { runKubectl } from './kubectl.ts';

export const AGENT_NAMESPACE = 'palette-system';
const AGENT_ACCOUNT = 'palette-agent';

/** The token's life, and how often it is renewed: a laptop may sleep over night. */
const TOKEN_LIFE = '48h';
const RENEW_EVERY_MS = 8 * 60 * 60 * 1000;
const RETRY_MS = 60_000;

const View = z.object({
  clusters: z
    .array(z.object({ cluster: z.record(z.string(), z.unknown()) }))
    .min(1, 'has no cluster in its current context'),
});

/**
 * Makes the agent's service account with the right to wait for its invitation; what else it may do
 * comes with the import manifest.
 *
 * @returns the agent's kubeconfig file.
 */
export async function prepareAgentAccess(options: {
  readonly admin: string;
  readonly dir: string;
  readonly signal: AbortSignal;
}): Promise<string> {
  const { admin, dir, signal } = options;
  const input = objects()
    .map((object) => JSON.stringify(object))
    .join('\n---\n');
  await runKubectl(admin, ['apply', '-f', '-'], { signal, input });
  const view = View.parse(
    JSON.parse(await runKubectl(admin, ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'], { signal })),
  );
  const tokenFile = join(dir, 'token');
  await writeToken(admin, tokenFile, signal);
  const file = join(dir, 'kubeconfig');
  const name = 'palette-agent';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: view.clusters[0]?.cluster }],
    users: [{ name, user: { tokenFile } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  await writeFileAtomic(file, `${JSON.stringify(config, undefined, 2)}\n`);
  return file;
}

/** Renews the agent's token now and then, until the signal ends it. */
export async function renewAgentToken(options: {
  readonly admin: string;
  readonly dir: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { admin, dir, log, signal } = options;
  let wait = RENEW_EVERY_MS;
  while (!signal.aborted) {
    await delay(wait, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await writeToken(admin, join(dir, 'token'), signal);
      wait = RENEW_EVERY_MS;
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "the agent's token cannot be renewed now, trying again");
      wait = RETRY_MS;
    }
  }
}

async function writeToken(admin: string, file: string, signal: AbortSignal): Promise<void> {
  const token = await runKubectl(
    admin,
    ['create', 'token', AGENT_ACCOUNT, '--namespace', AGENT_NAMESPACE, `--duration=${TOKEN_LIFE}`],
    { signal },
  );
  await writeFileAtomic(file, token.trim());
}

/** The same names as in the import manifest, which completes them. */
function objects(): object[] {
  const metadata = { name: AGENT_ACCOUNT, namespace: AGENT_NAMESPACE };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: AGENT_NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: [''],
          resources: ['secrets'],
          verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: AGENT_ACCOUNT },
      subjects: [{ kind: 'ServiceAccount', name: AGENT_ACCOUNT, namespace: AGENT_NAMESPACE }],
    },
  ];
}
