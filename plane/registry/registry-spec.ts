/** What is stored of a registry. */
import { z } from 'zod';

export const RegistryTls = z.object({
  /** PEM certificates that are trusted in place of the system's; empty: the system's. */
  ca: z.string().default(''),
  insecureSkipVerify: z.boolean().default(false),
  /** Of this side, with its key, for registries that ask for one. */
  certificate: z.string().default(''),
  key: z.string().default(''),
});
export type RegistryTls = z.infer<typeof RegistryTls>;

export const RegistryKind = z.enum(['pack', 'helm', 'oci']);
export type RegistryKind = z.infer<typeof RegistryKind>;

export const RegistrySpec = z.object({
  /** As it was given: a URL, or for OCI a host. */
  endpoint: z.string(),
  isPrivate: z.boolean().default(false),
  /** Whether the plane looks into it by itself. What is named exactly is found without, too. */
  synchronized: z.boolean().default(true),
  /** Of OCI registries. */
  type: z.enum(['basic', 'ecr']).default('basic'),
  provider: z.enum(['helm', 'zarf', 'pack']).default('helm'),
  basePath: z.string().default(''),
  baseContentPath: z.string().default(''),
  region: z.string().default(''),
  tls: RegistryTls.omit({ key: true }).default(() => RegistryTls.parse({})),
});
export type RegistrySpec = z.infer<typeof RegistrySpec>;

/** Sealed in the database. */
export const RegistryCredentials = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('noAuth'), tlsKey: z.string().default('') }),
  z.object({ kind: z.literal('basic'), username: z.string(), password: z.string(), tlsKey: z.string().default('') }),
  z.object({ kind: z.literal('token'), username: z.string(), token: z.string(), tlsKey: z.string().default('') }),
  z.object({
    kind: z.literal('secret'),
    accessKey: z.string(),
    secretKey: z.string(),
    tlsKey: z.string().default(''),
  }),
  z.object({ kind: z.literal('sts'), arn: z.string(), externalId: z.string(), tlsKey: z.string().default('') }),
]);
export type RegistryCredentials = z.infer<typeof RegistryCredentials>;

export const RegistrySettings = z.object({
  readProjects: z.array(z.string()).optional(),
  pushProjects: z.array(z.string()).optional(),
  quotaBytes: z.int().min(0).optional(),
  publicKeys: z.array(z.string()).default([]),
});
export type RegistrySettings = z.infer<typeof RegistrySettings>;

/** How far a run has come. */
export const SyncCursor = z.object({
  /** What the server named the state of its list (ETag). */
  etag: z.string().optional(),
  /** The last name that is done, where names come in order; what comes after it is still to do. */
  after: z.string().optional(),
  done: z.int().default(0),
  skipped: z.int().default(0),
  /** Whether the run came to its end; what comes after it is another run. */
  finished: z.boolean().default(false),
  /** What was said at its end. */
  message: z.string().optional(),
});
export type SyncCursor = z.infer<typeof SyncCursor>;

/** Everything that speaking to a registry takes. */
export interface RegistryAccess {
  readonly kind: RegistryKind;
  readonly spec: RegistrySpec;
  readonly credentials: RegistryCredentials;
}
