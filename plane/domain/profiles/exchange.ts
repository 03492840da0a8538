/** Profiles as files: the form in which Palette exports and imports them. */
import { stringify } from 'yaml';
import { z } from 'zod';

import type { components } from '#openapi/generated/types';
import { parseYaml } from '#packs/yaml';
import { PlaneError } from '#plane/api/error';
import { Variable } from '#profiles/document';

import type { Registry } from '../registries/registry-store.ts';
import type { Profile, ProfileTemplate } from './profile.ts';
import type { PackInput } from './resolve-packs.ts';

type Schemas = components['schemas'];
export type FileFormat = 'yaml' | 'json';

const text = z.string().nullish();
const RegistryMetadata = z.object({ uid: text, name: text, kind: text }).nullish();

/** What of an exported profile an import reads; other fields are ignored. */
export const ImportedProfile = z.object({
  metadata: z.object({
    name: z.string().min(1),
    description: text,
    labels: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({
    version: text,
    variables: z.array(Variable).nullish(),
    template: z.object({
      cloudType: text,
      type: z.enum(['cluster', 'infra', 'add-on', 'system']).nullish(),
      packs: z
        .array(
          z.object({
            name: z.string().min(1),
            type: z.enum(['spectro', 'helm', 'manifest', 'oci']).nullish(),
            layer: text,
            tag: text,
            version: text,
            values: text,
            registry: z.object({ metadata: RegistryMetadata }).nullish(),
            manifests: z.array(z.object({ name: z.string().min(1), content: text })).nullish(),
          }),
        )
        .nullish(),
    }),
  }),
});
export type ImportedProfile = z.infer<typeof ImportedProfile>;
export type ImportedPack = NonNullable<ImportedProfile['spec']['template']['packs']>[number];

/** A profile as it is exported. Defaults of sensitive variables stay where they are. */
export function exported(
  profile: Profile,
  template: ProfileTemplate,
  registries: readonly Registry[],
): Schemas['v1ClusterProfileImportEntity'] {
  return {
    metadata: {
      name: profile.name,
      description: profile.annotations['description'] ?? '',
      labels: { ...profile.labels },
    },
    spec: {
      version: profile.version,
      template: {
        type: profile.type,
        cloudType: profile.cloudType,
        packs: template.packs.map((pack) => {
          const registry = registries.find(({ uid }) => uid === pack.registryUid);
          return {
            name: pack.name,
            type: pack.type,
            layer: pack.layer,
            tag: pack.tag,
            version: pack.version,
            values: pack.values,
            ...(registry === undefined ? {} : { registry: { metadata: registryMetadata(registry) } }),
            manifests: pack.manifests.map(({ name, content }) => ({ name, content })),
          };
        }),
      },
      variables: profile.variables.map((variable) => exportedVariable(variable)),
    },
  };
}

export function registryMetadata({ uid, name }: Registry): Schemas['v1PackRegistryMetadata'] {
  return { uid, name, kind: 'pack' };
}

function exportedVariable({ defaultValue, ...variable }: Variable): Schemas['v1Variable'] {
  const shown = variable.isSensitive || defaultValue === undefined ? variable : { ...variable, defaultValue };
  return shown as Schemas['v1Variable']; // zod's optional fields admit `undefined`, the contract's leave the key out; JSON makes them equal
}

/** Text of a file. */
export function writeFileText(profile: Schemas['v1ClusterProfileImportEntity'], format: FileFormat): string {
  return format === 'json'
    ? `${JSON.stringify(profile, undefined, 2)}\n`
    : stringify(profile, { lineWidth: 0, version: '1.1' });
}

/** What a file holds. @throws PlaneError 422 `InvalidImportFile` with the place of what is wrong. */
export function readFileText(bytes: Uint8Array, format: FileFormat): ImportedProfile {
  const form = format === 'json' ? 'JSON (for YAML send format=yaml)' : 'YAML';
  const refuse = (reason: string, cause?: unknown): PlaneError =>
    new PlaneError(422, 'InvalidImportFile', `importFile: not ${form}: ${reason}`, undefined, { cause });
  let source: string;
  let json: unknown;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Every JSON file is YAML too; what is said of a broken one depends on what it was meant to be.
    json = format === 'json' ? JSON.parse(source) : undefined;
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'unreadable', error);
  }
  if (format === 'json') return readImported(json, 'importFile');
  const { value, problems } = parseYaml(source);
  const [problem] = problems;
  if (problem !== undefined) throw refuse(`line ${problem.line}, column ${problem.column}: ${problem.message}`);
  return readImported(value, 'importFile');
}

/** @throws PlaneError 422 `InvalidImportFile` with the path of the field. */
export function readImported(content: unknown, where: string): ImportedProfile {
  const parsed = ImportedProfile.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path =
    issue === undefined
      ? ''
      : issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  throw new PlaneError(422, 'InvalidImportFile', `${where}${path}: ${issue?.message ?? 'is not an exported profile'}`);
}

/** A pack of a file as requests have it: its registry by name, or by identifier, where there is one here. */
export function toPackInput(pack: ImportedPack, registries: readonly Registry[]): PackInput {
  const wanted = pack.registry?.metadata;
  const named = registries.find(({ name }) => name === wanted?.name);
  const registry = named ?? registries.find(({ uid }) => uid === wanted?.uid);
  if (!registry && wanted?.name && pack.type !== 'manifest') {
    throw new PlaneError(
      422,
      'RegistryNotFound',
      `pack ${pack.name}: there is no registry ${JSON.stringify(wanted.name)}; there are ${registries.map(({ name }) => name).join(', ')}`,
    );
  }
  return {
    name: pack.name,
    type: pack.type ?? 'spectro',
    layer: pack.layer ?? undefined,
    tag: pack.tag || pack.version || '',
    registryUid: registry?.uid,
    values: pack.values ?? '',
    manifests: (pack.manifests ?? []).map(({ name, content }) => ({ name, content: content ?? '' })),
  };
}
