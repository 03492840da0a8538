/** Rewrites manifests of provider-palette. Pure: text and schemas in, objects and findings out. */
import { assertNever } from '#core/assert-never';
import { type JsonMap, isMap, mapAt } from '#kubernetes/object';
import type { KindScope, ManagedKind } from '../schema/kinds.ts';
import type { ResourceType } from '#resources/index';

import { type ManagedOptions, type ManagedTarget, type Migrated, migrateManaged } from './managed.ts';
import { createSecretNames, migrateProviderConfig } from './provider-config.ts';
import { MENTION, recognize } from './provider-palette.ts';
import { type Finding, type Path, sortFindings } from './report.ts';
import { type SourceObject, type SourceText, readSources } from './source.ts';

export interface MigrateOptions extends Omit<ManagedOptions, 'projectOf'> {
  /** For provider configurations whose Secret is not in the input: the project; empty for the tenant alone. */
  readonly project?: string | undefined;
  readonly targets: (type: ResourceType, scope: KindScope) => ManagedTarget;
}

export interface Migration {
  /** In an order in which they can be applied: Secrets and configurations first. */
  readonly manifests: readonly JsonMap[];
  readonly findings: readonly Finding[];
}

export function migrate(texts: readonly SourceText[], options: MigrateOptions): Migration {
  const { objects, findings: unreadable } = readSources(texts);
  const secrets = new Map(
    objects.flatMap((object) => {
      const { apiVersion, kind } = object.value;
      const { namespace, name } = mapAt(object.value, 'metadata');
      const where = typeof namespace === 'string' ? namespace : 'default';
      return apiVersion === 'v1' && kind === 'Secret' ? [[`${where}/${String(name)}`, object] as const] : [];
    }),
  );
  const nameSecret = createSecretNames();
  const configs = new Map<SourceObject, Migrated>();
  for (const object of objects) {
    const recognized = recognize(object.value['apiVersion'], object.value['kind']);
    if (recognized.kind === 'provider-config')
      configs.set(object, migrateProviderConfig(object, recognized, { secrets, project: options.project, nameSecret }));
  }
  const projects = projectsOf([...configs.values()].flatMap((config) => config.manifests));
  const projectOf: ManagedOptions['projectOf'] = (kind, ref, source) =>
    projects.get(configId(kind, ref, source)) ?? options.project;
  const parts = objects.map((object): Migrated => {
    const recognized = recognize(object.value['apiVersion'], object.value['kind']);
    switch (recognized.kind) {
      case 'managed':
        return migrateManaged(object, options.targets(recognized.type, recognized.scope), { ...options, projectOf });
      case 'provider-config':
        return configs.get(object) ?? { manifests: [], findings: [] };
      case 'without-counterpart':
        return { manifests: [], findings: [object.finding('lost', [], recognized.reason)] };
      case 'bookkeeping':
        return { manifests: [], findings: [] };
      case 'foreign':
        return { manifests: [], findings: foreign(object) };
      default:
        return assertNever(recognized);
    }
  });
  const manifests = new Map<string, JsonMap>();
  const twice: Finding[] = [];
  for (const [index, object] of objects.entries()) {
    for (const manifest of parts[index]?.manifests ?? []) {
      const id = idOf(manifest);
      // Provider configurations may share a Secret.
      if (manifests.has(id) && manifest['kind'] !== 'Secret') {
        twice.push(object.finding('action', [], 'stands in the input twice: only this last one was written'));
      }
      manifests.set(id, manifest);
    }
  }
  return {
    manifests: [...manifests.values()].sort((a, b) => rank(a) - rank(b)),
    findings: sortFindings(
      [...unreadable, ...twice, ...parts.flatMap((part) => part.findings)],
      texts.map(({ file }) => file),
    ),
  };
}

/** Names a provider configuration as the manifests that are written do. */
function configId({ scope, apiVersion }: ManagedKind, ref: JsonMap, source: SourceObject): string {
  const { kind = scope === 'Cluster' ? 'ProviderConfig' : 'ClusterProviderConfig', name = 'default' } = ref;
  const { namespace } = mapAt(source.value, 'metadata');
  return idOf({
    apiVersion,
    kind,
    metadata: { name, namespace: kind === 'ClusterProviderConfig' ? undefined : namespace },
  });
}

function projectsOf(manifests: readonly JsonMap[]): ReadonlyMap<string, string> {
  return new Map(
    manifests.flatMap((manifest) => {
      const { project } = mapAt(manifest, 'spec');
      return typeof project === 'string' ? [[idOf(manifest), project] as const] : [];
    }),
  );
}

function idOf(manifest: JsonMap): string {
  const { name, namespace } = mapAt(manifest, 'metadata');
  return [manifest['apiVersion'], manifest['kind'], namespace, name].join(' ');
}

function rank({ kind }: JsonMap): number {
  if (kind === 'Secret') return 0;
  return kind === 'ProviderConfig' || kind === 'ClusterProviderConfig' ? 1 : 2;
}

/** Objects of others are left out without a word, unless they have to do with provider-palette. */
function foreign(object: SourceObject): Finding[] {
  const { kind } = object.value;
  if (kind === 'Provider' && String(mapAt(object.value, 'spec')['package']).includes('provider-palette')) {
    return [object.finding('action', ['spec', 'package'], 'remove it when all of its objects are taken over')];
  }
  return mentions(object.value, []).map((path) =>
    object.finding(
      'lost',
      path,
      'is about kinds of provider-palette: change it by hand (docs/crossplane.md, "Compositions of your own")',
    ),
  );
}

/** Paths of every text that names a group of provider-palette. */
function mentions(value: unknown, path: Path): Path[] {
  if (typeof value === 'string') return MENTION.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => mentions(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    key === 'managedFields' || key === 'kubectl.kubernetes.io/last-applied-configuration'
      ? []
      : mentions(entry, [...path, key]),
  );
}
