/** Who the agent is: the invitation that the import manifest brought, and the credentials got for it. */
import { z } from 'zod';

import { sha256 } from '#core/digest';
import { ClusterUid } from '#protocol/identifiers';
import { AgentCredentials } from '#protocol/registration';
import { CommandReport } from '#protocol/report';

import type { CallOptions, KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';
import { readSecret, secretData, secretRef, writeSecret } from '#kubernetes/secret';

export const BOOTSTRAP_SECRET = 'palette-agent-bootstrap';
const CREDENTIALS_SECRET = 'palette-agent-credentials';
const CONTENT_KEY = 'identity.json';
const PENDING_SECRET = 'palette-agent-registration';

/** How proxies lead to the plane, and an authority that signs what they show. */
const ProxyAccess = z.object({
  httpsProxy: z.string().optional(),
  noProxy: z.string().optional(),
  ca: z.string().optional(),
});

/** What the import manifest says; the token is gone once it was spent. */
export const Bootstrap = z.object({
  planeUrl: z.url({ protocol: /^https$/, error: 'planeUrl must be an https URL' }),
  clusterUid: ClusterUid,
  token: z.string().min(1).optional(),
  ca: z.string().optional(),
  proxy: ProxyAccess.optional(),
});
export type Bootstrap = z.infer<typeof Bootstrap>;

/** How a command ended. */
export const CommandOutcome = CommandReport.pick({ commandId: true, outcome: true, message: true });
export type CommandOutcome = z.infer<typeof CommandOutcome>;

/** What the agent keeps of its own. */
export const Identity = z.object({
  planeUrl: z.string(),
  ca: z.string().optional(),
  proxy: ProxyAccess.optional(),
  clusterUid: ClusterUid,
  /** NATS user seed; made here, never sent. */
  seed: z.string(),
  /** Digest of the token that was spent. */
  tokenDigest: z.string(),
  credentials: AgentCredentials,
  /** The last command that was carried out. */
  commandCursor: z.int().nonnegative(),
  /** How the last commands ended, the newest last: noted with the cursor, since a killed agent may not have told. */
  outcomes: z.array(CommandOutcome).optional(),
});
export type Identity = z.infer<typeof Identity>;

/** Reads the bootstrap secret. @throws Error that names the key that is wrong */
export function bootstrapFrom(secret: KubeObject): Bootstrap {
  const data = secretData(secret);
  const text = (key: string): string | undefined => data.get(key)?.toString('utf8').trim() || undefined;
  const proxy = { httpsProxy: text('httpsProxy'), noProxy: text('noProxy'), ca: text('proxyCa.crt') };
  const given = {
    planeUrl: text('planeUrl'),
    clusterUid: text('clusterUid'),
    token: text('token'),
    ca: text('ca.crt'),
    ...(Object.values(proxy).some((value) => value !== undefined) ? { proxy } : {}),
  };
  const parsed = Bootstrap.safeParse(given);
  if (!parsed.success) throw new Error(`Secret ${BOOTSTRAP_SECRET}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export function tokenDigest(token: string): string {
  return sha256(`registration token ${token}`);
}

/** A registration under way: asked again after a crash, it is the same request. */
export const PendingRegistration = Identity.pick({ seed: true, tokenDigest: true });
export type PendingRegistration = z.infer<typeof PendingRegistration>;

export interface IdentityStore {
  load(options: CallOptions): Promise<Identity | undefined>;
  save(identity: Identity, options: CallOptions): Promise<void>;
  remove(options: CallOptions): Promise<void>;
  loadPending(options: CallOptions): Promise<PendingRegistration | undefined>;
  savePending(pending: PendingRegistration, options: CallOptions): Promise<void>;
  removePending(options: CallOptions): Promise<void>;
  /** Takes a spent token out of the bootstrap secret. */
  removeToken(options: CallOptions): Promise<void>;
}

export function createIdentityStore(client: KubeClient, namespace: string): IdentityStore {
  const read = async <T>(name: string, schema: z.ZodType<T>, options: CallOptions): Promise<T | undefined> => {
    const text = (await readSecret(client, namespace, name, options))?.get(CONTENT_KEY)?.toString('utf8');
    return text === undefined ? undefined : schema.parse(JSON.parse(text));
  };
  const write = async (name: string, value: object, options: CallOptions): Promise<void> =>
    writeSecret(client, { namespace, name, data: { [CONTENT_KEY]: JSON.stringify(value) } }, options);

  return {
    load: async (options) => read(CREDENTIALS_SECRET, Identity, options),
    save: async (identity, options) => write(CREDENTIALS_SECRET, identity, options),
    remove: async (options) => client.delete(secretRef(namespace, CREDENTIALS_SECRET), options),
    loadPending: async (options) => read(PENDING_SECRET, PendingRegistration, options),
    savePending: async (pending, options) => write(PENDING_SECRET, pending, options),
    removePending: async (options) => client.delete(secretRef(namespace, PENDING_SECRET), options),
    removeToken: async (options) => {
      await client.mergePatch(secretRef(namespace, BOOTSTRAP_SECRET), { data: { token: null } }, options);
    },
  };
}
