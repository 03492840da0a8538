import { z } from 'zod';

import { parseJson } from './json-source.ts';
import { PackError, type Problem } from './problem.ts';
import { positionsOf } from './text-position.ts';

/** Where a pack stands in the profile stack. */
export const PackLayer = z.enum(['kernel', 'os', 'k8s', 'cni', 'csi', 'addon']);
export type PackLayer = z.infer<typeof PackLayer>;

export const CLOUD_TYPES: ReadonlySet<string> = new Set([
  'all',
  'aws',
  'azure',
  'gcp',
  'vsphere',
  'openstack',
  'baremetal',
  'maas',
  'aks',
  'eks',
  'tencent',
  'tke',
  'edge',
  'libvirt',
  'edge-native',
  'coxedge',
  'custom',
]);

/** A field that real packs leave out, set to null, or fill with a blank. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text?.trim() ?? '');
const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
/** Ten times what the largest packs list. */
const paths = z
  .array(z.string())
  .max(1000)
  .nullish()
  .transform((list) => list ?? []);

export const PackDependency = z.object({
  packName: z.string().min(1),
  layer: optionalText,
  minVersion: optionalText,
  maxVersion: optionalText,
  /** `required`, `optional`, `upgrade`, `notSupported`; packs in the wild leave it out, which means optional. */
  type: z
    .enum(['required', 'optional', 'upgrade', 'notSupported'])
    .nullish()
    .transform((type) => type ?? 'optional'),
});
export type PackDependency = z.infer<typeof PackDependency>;

/** Where the requests of one component of a pack stand in its values, so that what it needs can be added up. */
export const PackResourceComponent = z.object({
  /** Nodes it runs on: `all` means once on every node. */
  scheduleType: z
    .enum(['all', 'master', 'worker'])
    .nullish()
    .transform((type) => type ?? 'worker'),
  /** Dotted paths into the pack's values. */
  resourceRequestParamRef: optionalText,
  replicaCountParamRef: optionalText,
});

/** What a pack needs at least of one resource. */
export const PackResource = z.object({
  type: z.enum(['cpu', 'memory', 'diskSize']),
  /** cpu in millicores, memory in MiB, diskSize in GB; counts where there are no components. */
  minLimit: z
    .number()
    .nonnegative()
    .nullish()
    .transform((limit) => limit ?? 0),
  components: z
    .array(PackResourceComponent)
    .nullish()
    .transform((list) => list ?? []),
});
export type PackResource = z.infer<typeof PackResource>;

/** What a pack asks of the profile and of the cluster it comes to. */
export const PackConstraints = z.object({
  dependencies: z
    .array(PackDependency)
    .nullish()
    .transform((list) => list ?? []),
  resources: z
    .array(PackResource)
    .nullish()
    .transform((list) => list ?? []),
  /** An addition to Palette's format: the oldest agent that can install the pack. */
  agent: z.object({ minVersion: z.string().min(1) }).nullish(),
});
export type PackConstraints = z.infer<typeof PackConstraints>;

/** pack.json. Fields it does not know are allowed and ignored: the format grows. */
export const PackJson = z.object({
  name: z
    .string()
    .regex(
      /^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,126}[a-zA-Z0-9])?$/,
      'expected letters, digits, ".", "_" and "-", at most 128 characters',
    ),
  version: z.string().regex(/^[a-zA-Z0-9]([a-zA-Z0-9._+-]{0,126}[a-zA-Z0-9])?$/, 'expected a version such as 1.4.2'),
  displayName: z.string().min(1),
  layer: PackLayer,
  addonType: optionalText,
  addonSubType: optionalText,
  cloudTypes: texts,
  annotations: z
    .record(z.string(), z.string())
    .nullish()
    .transform((map) => map ?? {}),
  charts: paths,
  kubeManifests: paths,
  constraints: PackConstraints.nullish().transform((constraints) => constraints ?? PackConstraints.parse({})),
  /** A range such as `>=1.26.0-0`. */
  kubeVersion: optionalText,
  eol: optionalText,
});
export type PackJson = z.infer<typeof PackJson>;

export const PACK_JSON = 'pack.json';

export interface PackJsonSource {
  readonly json: PackJson;
  /** Where the value at a path stands in pack.json. */
  readonly locate: (path: readonly (string | number)[]) => { readonly line: number; readonly column: number };
  readonly warnings: readonly Problem[];
}

/** @throws PackError `InvalidPack` with every problem of pack.json, each with its line and column. */
export function parsePackJson(text: string): PackJsonSource {
  const position = positionsOf(text);
  const parsed = parseJson(text);
  if (parsed.kind === 'broken') {
    throw new PackError('InvalidPack', [
      { severity: 'error', file: PACK_JSON, ...position(parsed.offset), rule: 'json-syntax', message: parsed.message },
    ]);
  }
  const locate = (path: readonly (string | number)[]): { line: number; column: number } =>
    position(parsed.offsetOf(path));
  const checked = PackJson.safeParse(parsed.value);
  if (!checked.success) {
    throw new PackError(
      'InvalidPack',
      checked.error.issues.map((issue): Problem => {
        const path = issue.path.filter((step) => typeof step !== 'symbol');
        const field = path.length === 0 ? 'pack.json' : path.join('.');
        return {
          severity: 'error',
          file: PACK_JSON,
          ...locate(path),
          rule: 'pack-json',
          message: `${field}: ${issue.message}`,
        };
      }),
    );
  }
  const warnings = parsed.duplicates.map(({ key, offset }): Problem => ({
    severity: 'warning',
    file: PACK_JSON,
    ...position(offset),
    rule: 'duplicate-key',
    message: `the key "${key}" occurs twice; the last one counts`,
  }));
  return { json: checked.data, locate, warnings };
}
