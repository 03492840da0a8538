/**
 * The desired state of one cluster: an immutable value, numbered by a monotonic revision.
 * An agent that was away needs the newest document only; nothing in it depends on the ones
 * before.
 */
import { z } from 'zod';

import { DayTwo } from './actions.ts';
import { ClusterUid, ContentDigest, ProjectUid, TenantUid } from './identifiers.ts';

/** What an agent does when an object it applied no longer matches: put it back, only say so, or let it be. */
export const DriftPolicy = z.enum(['heal', 'alert', 'ignore']);
export type DriftPolicy = z.infer<typeof DriftPolicy>;

/** How objects are enforced where it is not as the document says for all: the profile's word over the cluster's, the pack's over both. */
export const Enforcement = z.object({
  drift: DriftPolicy.optional(),
  /** Fields that another manager owns: taken over, or left to it and reported. Default `take`. */
  conflicts: z.enum(['take', 'report']).optional(),
  /** Objects whose changed fields cannot be changed: said so, or deleted and made anew. Default `report`. */
  immutable: z.enum(['report', 'recreate']).optional(),
  /** Fields that are others' to set, such as replicas under an autoscaler: applied when an object is made, and never healed. */
  ignore: z
    .array(
      z.object({
        /** Absent: any. Names may end with `*`. */
        kind: z.string().optional(),
        namespace: z.string().optional(),
        name: z.string().optional(),
        /** JSON pointers (RFC 6901). */
        fields: z.array(z.string().startsWith('/')).min(1),
      }),
    )
    .optional(),
});
export type Enforcement = z.infer<typeof Enforcement>;

/** A manifest written into the profile itself, beside or instead of a pack's own. */
export const InlineManifest = z.object({
  name: z.string().min(1),
  /** YAML, several documents allowed; macros and variables not yet resolved. */
  content: z.string(),
});
export type InlineManifest = z.infer<typeof InlineManifest>;

/** One layer of the profile stack: a pack from a registry, or inline manifests. */
export const DesiredLayer = z.object({
  /** Pack name; unique within a document. */
  name: z.string().min(1),
  profile: z.object({
    uid: z.string(),
    name: z.string(),
    version: z.string(),
    /** Content address of the profile, the same in every project; absent from planes that do not know it. */
    digest: ContentDigest.optional(),
  }),
  layer: z.enum(['kernel', 'os', 'k8s', 'cni', 'csi', 'addon']),
  /** Pack version; empty for a layer of inline manifests alone. */
  version: z.string(),
  /** Content address of the pack archive on the pack channel; absent for inline manifests alone. */
  content: ContentDigest.optional(),
  /** Values as YAML, macros and variables not yet resolved: the renderer resolves them. */
  values: z.string(),
  manifests: z.array(InlineManifest),
  /** Lower goes first; layers of equal priority form one wave. */
  installPriority: z.int(),
  /**
   * Values that this layer's profile gives to variables on which the profiles of the cluster do
   * not agree; they go before those of the document's context. Absent when there are none.
   */
  variables: z.record(z.string(), z.string()).optional(),
  /** Of this layer, over the document's. Absent when there is none. */
  enforcement: Enforcement.optional(),
});
export type DesiredLayer = z.infer<typeof DesiredLayer>;

/**
 * What `{{ .spectro.* }}` resolves to. `system` is keyed by dotted path below `.spectro.system`
 * (for example `cluster.name`); `macros` has project over tenant over system already merged;
 * `packs` is keyed by pack name, then by output name.
 */
export const MacroContext = z.object({
  system: z.record(z.string(), z.string()),
  macros: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.string()),
  packs: z.record(z.string(), z.record(z.string(), z.string())),
});
export type MacroContext = z.infer<typeof MacroContext>;

/** A variable that people at the cluster may set, by its definition; what they set goes before the document's value. */
export const LocalVariable = z.object({
  name: z.string().min(1),
  displayName: z.string().optional(),
  description: z.string().optional(),
  format: z.enum(['string', 'number', 'boolean', 'ipv4', 'ipv4cidr', 'ipv6', 'version', 'base64']).optional(),
  inputType: z.enum(['text', 'dropdown', 'multiline']).optional(),
  options: z
    .array(z.object({ value: z.string(), label: z.string().optional(), description: z.string().optional() }))
    .optional(),
  regex: z.string().optional(),
  required: z.boolean().optional(),
  immutable: z.boolean().optional(),
  isSensitive: z.boolean().optional(),
});
export type LocalVariable = z.infer<typeof LocalVariable>;

export const DesiredState = z.object({
  apiVersion: z.literal('palette-iac.dev/v1'),
  kind: z.literal('DesiredState'),
  tenantUid: TenantUid,
  projectUid: ProjectUid,
  clusterUid: ClusterUid,
  /** Grows by one with each change of this cluster's desired state; starts at 1. */
  revision: z.int().positive(),
  /** ISO 8601, UTC. Informative: order is told by `revision` alone. */
  issuedAt: z.iso.datetime(),
  /** `deleting`: remove everything that was applied, report it, then stop. */
  lifecycle: z.enum(['active', 'deleting']),
  policy: z.object({
    drift: DriftPolicy,
    enforcement: Enforcement.omit({ drift: true }).optional(),
    /** Seconds between full comparisons that do not depend on watches. */
    resyncSeconds: z.int().min(30),
  }),
  context: MacroContext,
  /** Names of variables whose values nobody is told. Absent from planes that do not say, and when there are none. */
  sensitive: z.array(z.string()).optional(),
  layers: z.array(DesiredLayer),
  /** Left to people at the cluster. Absent: none. */
  localVariables: z.array(LocalVariable).optional(),
  /** Absent: nothing of the kind was asked for. */
  dayTwo: DayTwo.optional(),
  /** W3C traceparent of the request that led to this revision; not part of what the cluster is to be. */
  trace: z.string().optional(),
});
export type DesiredState = z.infer<typeof DesiredState>;
