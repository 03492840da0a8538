/**
 * Where the API server is and how to prove who asks: from a kubeconfig, or from the service
 * account inside a pod.
 *
 * Own code on purpose: importing @kubernetes/client-node for its loader takes 75 MB of memory
 * and 0.4 s (any of its modules loads the generated API), half of what an agent may use.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';

import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

import type { TlsSettings } from './http.ts';

export interface KubeAccess {
  readonly server: URL;
  readonly tls: TlsSettings;
  /** The Authorization header for a request made now; asked each time, since tokens rotate. */
  authorization(options: { readonly signal: AbortSignal }): Promise<string | undefined>;
}

const ExecSettings = z.object({
  apiVersion: z.string(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
type ExecSettings = z.infer<typeof ExecSettings>;

const UserSettings = z.object({
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  exec: ExecSettings.nullish(),
});
type UserSettings = z.infer<typeof UserSettings>;

const ClusterSettings = z.object({
  server: z.url(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
});

const Kubeconfig = z.object({
  'current-context': z.string().min(1, 'names no context'),
  clusters: z.array(z.object({ name: z.string(), cluster: ClusterSettings })),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  users: z.array(z.object({ name: z.string(), user: UserSettings.nullish() })),
});

/** A token file is read again after this, in milliseconds: the kubelet rotates it. */
const TOKEN_AGE_MS = 60_000;
const EXEC_TIMEOUT_MS = 30_000;
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Access by the current context of a kubeconfig.
 *
 * @throws Error that names the file and the entry when it cannot be used.
 */
export async function accessFromKubeconfig(file: string): Promise<KubeAccess> {
  const parsed = Kubeconfig.safeParse(await readYaml(file));
  if (!parsed.success) throw new Error(`kubeconfig ${file}: ${z.prettifyError(parsed.error)}`);
  const config = parsed.data;
  const context = named(config.contexts, config['current-context'], file, 'context').context;
  const { cluster } = named(config.clusters, context.cluster, file, 'cluster');
  const user = named(config.users, context.user, file, 'user').user ?? {};
  const content = async (data: string | undefined, name: string | undefined): Promise<string | undefined> => {
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    return name === undefined ? undefined : readFile(path.resolve(path.dirname(file), name), 'utf8');
  };
  const fromExec = user.exec ? execCredential(user.exec) : undefined;
  const certificates = await fromExec?.({ signal: AbortSignal.timeout(EXEC_TIMEOUT_MS) });
  return {
    server: new URL(cluster.server),
    tls: {
      ca: await content(cluster['certificate-authority-data'], cluster['certificate-authority']),
      cert:
        (await content(user['client-certificate-data'], user['client-certificate'])) ??
        certificates?.clientCertificateData,
      key: (await content(user['client-key-data'], user['client-key'])) ?? certificates?.clientKeyData,
      servername: cluster['tls-server-name'],
      insecure: cluster['insecure-skip-tls-verify'],
    },
    authorization: authorizationOf(user, path.dirname(file), fromExec),
  };
}

/** Access by the pod's service account. @throws Error when this is not a pod. */
export async function accessFromServiceAccount(env: NodeJS.ProcessEnv = process.env): Promise<KubeAccess> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host === undefined)
    throw new Error('not inside a pod (KUBERNETES_SERVICE_HOST is not set): name a kubeconfig instead');
  const token = cachedFile(`${SERVICE_ACCOUNT}/token`);
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    tls: { ca: await readFile(`${SERVICE_ACCOUNT}/ca.crt`, 'utf8') },
    authorization: async () => `Bearer ${await token()}`,
  };
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parseYaml(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`kubeconfig ${file} cannot be read: ${reason}`, { cause: error });
  }
}

function named<T extends { readonly name: string }>(list: readonly T[], name: string, file: string, what: string): T {
  const found = list.find((entry) => entry.name === name);
  if (!found) throw new Error(`kubeconfig ${file}: there is no ${what} named ${name}`);
  return found;
}

type ExecSource = (options: { readonly signal: AbortSignal }) => Promise<ExecStatus>;

function authorizationOf(
  user: UserSettings,
  folder: string,
  exec: ExecSource | undefined,
): KubeAccess['authorization'] {
  if (user.tokenFile !== undefined) {
    const token = cachedFile(path.resolve(folder, user.tokenFile));
    return async () => `Bearer ${await token()}`;
  }
  if (user.token !== undefined) return async () => `Bearer ${user.token}`;
  if (user.username !== undefined) {
    const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return async () => `Basic ${basic}`;
  }
  if (exec) {
    return async (options) => {
      const { token } = await exec(options);
      return token === undefined ? undefined : `Bearer ${token}`;
    };
  }
  return async () => undefined;
}

function cachedFile(file: string): () => Promise<string> {
  let cached = { text: '', readAt: Number.NEGATIVE_INFINITY };
  return async () => {
    if (performance.now() - cached.readAt > TOKEN_AGE_MS) {
      cached = { text: (await readFile(file, 'utf8')).trim(), readAt: performance.now() };
    }
    return cached.text;
  };
}

const ExecStatus = z.object({
  expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  token: z.string().optional(),
  clientCertificateData: z.string().optional(),
  clientKeyData: z.string().optional(),
});
type ExecStatus = z.infer<typeof ExecStatus>;
const ExecCredential = z.object({ kind: z.literal('ExecCredential'), status: ExecStatus });

/** Runs a credential plugin (client.authentication.k8s.io) and keeps its answer until it expires. */
function execCredential(settings: ExecSettings): ExecSource {
  let cached: ExecStatus | undefined;
  return async ({ signal }) => {
    const expires = cached?.expirationTimestamp;
    if (cached && (expires === undefined || Date.parse(expires) - Date.now() > 60_000)) return cached;
    const info = JSON.stringify({
      apiVersion: settings.apiVersion,
      kind: 'ExecCredential',
      spec: { interactive: false },
    });
    const env = Object.fromEntries((settings.env ?? []).map(({ name, value }) => [name, value]));
    const { stdout } = await promisify(execFile)(settings.command, settings.args ?? [], {
      env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: info },
      timeout: EXEC_TIMEOUT_MS,
      signal,
    });
    cached = ExecCredential.parse(JSON.parse(stdout)).status;
    return cached;
  };
}
