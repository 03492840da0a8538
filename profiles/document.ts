/**
 * A cluster profile as a value: what a program in TypeScript makes, what a file holds, what is compared, rendered,
 * checked, published, exported and bundled. The wire names of the Palette API stay at the API.
 */
import { z } from 'zod';

export const LAYERS = ['kernel', 'os', 'k8s', 'cni', 'csi', 'addon'] as const;
export const Layer = z.enum(LAYERS);
export type Layer = z.infer<typeof Layer>;

export const PROFILE_TYPES = ['cluster', 'infra', 'add-on', 'system'] as const;
export const ProfileType = z.enum(PROFILE_TYPES);
export type ProfileType = z.infer<typeof ProfileType>;

export const VARIABLE_FORMATS = [
  'string',
  'number',
  'boolean',
  'ipv4',
  'ipv4cidr',
  'ipv6',
  'version',
  'base64',
] as const;

/** A profile variable's definition, as the API writes it. */
export const Variable = z.object({
  name: z.string(),
  displayName: z.string().optional(),
  description: z.string().optional(),
  defaultValue: z.string().optional(),
  format: z.enum(VARIABLE_FORMATS).optional(),
  inputType: z.enum(['text', 'dropdown', 'multiline']).optional(),
  options: z
    .array(
      z.object({
        value: z.string(),
        label: z.string().optional(),
        description: z.string().optional(),
        default: z.boolean().optional(),
      }),
    )
    .optional(),
  regex: z.string().optional(),
  required: z.boolean().optional(),
  hidden: z.boolean().optional(),
  immutable: z.boolean().optional(),
  isSensitive: z.boolean().optional(),
});
export type Variable = z.infer<typeof Variable>;

/** One layer of the stack: a pack or chart of a registry, or manifests alone. */
export const ProfileLayer = z.object({
  /** Name of the pack or chart; for manifests alone a name of the author's. Unique within a profile. */
  name: z.string().min(1),
  layer: Layer.default('addon'),
  /** `spectro`: a pack; `helm` and `oci`: a chart of such a registry; `manifest`: manifests alone. */
  type: z.enum(['spectro', 'helm', 'oci', 'manifest']).default('spectro'),
  /** Name of the registry; absent: the default one. */
  registry: z.string().optional(),
  /** As the author wrote it: a version, a tag such as `1.2.x`, or a semver range such as `^1.2.0`. Empty for manifests alone. */
  version: z.string().default(''),
  /** What the version stands for, once resolved: by the lock file, or by the plane. */
  resolved: z.object({ version: z.string(), digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }).optional(),
  /** YAML as written, comments kept, macros and variables not yet resolved. */
  values: z.string().default(''),
  manifests: z.array(z.object({ name: z.string().min(1), content: z.string() })).default([]),
});
export type ProfileLayer = z.infer<typeof ProfileLayer>;

export const ProfileDocument = z.object({
  apiVersion: z.literal('palette-iac.dev/v1'),
  kind: z.literal('ClusterProfile'),
  name: z.string().min(1),
  version: z.string().default('1.0.0'),
  type: ProfileType.default('add-on'),
  cloud: z.string().default('all'),
  description: z.string().default(''),
  /** As `key:value`, or a bare word. */
  tags: z.array(z.string()).default([]),
  variables: z.array(Variable).default([]),
  layers: z.array(ProfileLayer),
});
export type ProfileDocument = z.infer<typeof ProfileDocument>;
