/** How an agent joins: a one-time token from the import manifest for credentials of its own. */
import { z } from 'zod';

import { ClusterUid, ProjectUid, TenantUid } from './identifiers.ts';
import { TrustedKey } from './signature.ts';

export const RegistrationRequest = z.object({
  clusterUid: ClusterUid,
  /** From the import manifest; spent by the first registration that succeeds. */
  token: z.string().min(1),
  /** UID of the namespace kube-system: tells one cluster from another. */
  kubernetesUid: z.string().min(1),
  kubernetesVersion: z.string(),
  agentVersion: z.string(),
  /** Public NATS user key; its seed never leaves the agent. */
  busPublicKey: z.string().regex(/^U[A-Z2-7]{55}$/),
});
export type RegistrationRequest = z.infer<typeof RegistrationRequest>;

export const BusAccess = z.object({
  /** URLs of `nats`, `tls`, `ws` or `wss`: the one that worked last is tried first, then as they are listed. */
  servers: z.array(z.string()).min(1),
  /** User JWT for the agent's public key, signed by the tenant's account. */
  jwt: z.string(),
  /** PEM bundle for the servers' certificates; absent where the system's own suffices. */
  ca: z.string().optional(),
});
export type BusAccess = z.infer<typeof BusAccess>;

/** What an agent is given when it registers, and again when it renews. */
export const AgentCredentials = z.object({
  clusterUid: ClusterUid,
  clusterName: z.string(),
  tenantUid: TenantUid,
  projectUid: ProjectUid,
  /** Bearer token for the REST and pack channels. */
  accessToken: z.string().min(1),
  expiresAt: z.iso.datetime(),
  /** Where the plane is, when it is in several places; absent: where the agent joined it. */
  planeUrls: z.array(z.url({ protocol: /^https$/ })).optional(),
  bus: BusAccess.optional(),
  trustedKeys: z.array(TrustedKey).min(1),
  /** PEM of public keys that sign releases of the agent; absent from planes that name none. */
  releaseKeys: z.array(z.string()).max(16).optional(),
  heartbeatSeconds: z.int().positive(),
  /** How often to ask when the bus is out of reach. */
  pollSeconds: z.int().positive(),
});
export type AgentCredentials = z.infer<typeof AgentCredentials>;
