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
/** Timers stand still while a machine sleeps: after a weekend the token is renewed when it wakes, not hours later. */
const LOOK_EVERY_MS = 30_000;

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
  const tokenFile = tokenFileIn(dir);
  await writeAgentToken({ admin, dir, signal });
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

/** Renews the agent's token now and then, until the signal ends it. It was written just before. */
export async function renewAgentToken(options: {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Writes a new one. */
  readonly renew: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Default: the machine's clock, which goes on while it sleeps. */
  readonly now?: () => number;
  readonly lookEveryMs?: number;
}): Promise<void> {
  const { log, signal, renew, now = Date.now, lookEveryMs = LOOK_EVERY_MS } = options;
  let writtenAt = now();
  while (!signal.aborted) {
    await delay(lookEveryMs, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const age = now() - writtenAt;
    // Below nothing: the clock was put back, and nobody knows by how much.
    if (age >= 0 && age < RENEW_EVERY_MS) continue;
    try {
      await renew({ signal });
      writtenAt = now();
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "the agent's token cannot be renewed now, trying again");
    }
  }
}

/** Where its kubeconfig looks for it. */
function tokenFileIn(dir: string): string {
  return join(dir, 'token');
}

/** Writes a new token for the agent. @throws CliError */
export async function writeAgentToken({
  admin,
  dir,
  signal,
}: {
  readonly admin: string;
  readonly dir: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const token = await runKubectl(
    admin,
    ['create', 'token', AGENT_ACCOUNT, '--namespace', AGENT_NAMESPACE, `--duration=${TOKEN_LIFE}`],
    { signal },
  );
  await writeFileAtomic(tokenFileIn(dir), token.trim());
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
