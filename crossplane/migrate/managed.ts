/** A managed resource of provider-palette becomes one of ours. */
import { ANNOTATIONS } from '../schema/groups.ts';
import type { ManagedKind } from '../schema/kinds.ts';
import { type JsonMap, isMap, mapAt } from '#kubernetes/object';

import { externalNameOf } from './external-name.ts';
import { createIsOpen, moveMetadata } from './metadata.ts';
import { type FieldSchema, isDefaultPolicy, moveValue } from './move-fields.ts';
import type { Finding, FindingLevel, Path } from './report.ts';
import type { SourceObject } from './source.ts';

/** A kind of ours and what its `spec` may be. */
export interface ManagedTarget {
  readonly kind: ManagedKind;
  readonly spec: FieldSchema;
  /** What is wrong with an object of the kind, by path. */
  readonly check: (object: JsonMap) => readonly { readonly path: Path; readonly message: string }[];
}

export interface ManagedOptions {
  /** Leaves objects without an external name to be created, instead of looking for them by name. */
  readonly create: boolean;
  /** Objects are only looked at. */
  readonly observe: boolean;
  /** The project of the provider configuration that a manifest names, if it is known. */
  readonly projectOf: (kind: ManagedKind, ref: JsonMap, source: SourceObject) => string | undefined;
}

export interface Migrated {
  readonly manifests: readonly JsonMap[];
  readonly findings: readonly Finding[];
}

export function migrateManaged(source: SourceObject, target: ManagedTarget, options: ManagedOptions): Migrated {
  const findings: Finding[] = [];
  const report = (level: FindingLevel, path: Path, message: string): void => {
    findings.push(source.finding(level, path, message));
  };
  const moved = moveMetadata(source);
  findings.push(...moved.findings);
  const spec = moveSpec(source, target, report);
  const given = mapAt(source.value, 'spec');
  const annotation = moved.metadata.annotations[ANNOTATIONS.externalName];
  const named = nameParameter(source, target, spec, annotation);
  if (named !== undefined) report('changed', ['spec', 'forProvider'], `name is written out: ${named}`);
  const forProvider: JsonMap = { ...(named === undefined ? {} : { name: named }), ...mapAt(spec, 'forProvider') };
  const parameter = (key: string): string | undefined =>
    text(forProvider[key]) ?? text(mapAt(spec, 'initProvider')[key]);
  const external = externalNameOf(target.kind.type, {
    annotation,
    observedId: text(mapAt(source.value, 'status', 'atProvider')['id']),
    name: parameter('name'),
    context: parameter('context'),
    version: parameter('version'),
    cloudType: parameter('cloudType'),
    project: options.projectOf(target.kind, mapAt(spec, 'providerConfigRef'), source),
  });
  const at: Path = ['metadata', 'annotations', ANNOTATIONS.externalName];
  let externalName: string | undefined;
  switch (external.kind) {
    case 'identifier':
      externalName = external.externalName;
      break;
    case 'by-name':
      if (options.create && annotation === undefined && !createIsOpen(source)) {
        report('changed', at, 'there is none: the object in Palette is created');
        break;
      }
      externalName = external.externalName;
      if (externalName !== annotation) {
        report(
          'changed',
          at,
          `the object in Palette is taken over by name, as ${externalName}; if there is none yet, use --create`,
        );
      }
      break;
    case 'unknown':
      if (!options.create) {
        report(
          'action',
          at,
          'it is not known which object in Palette is meant: it was left out; write its identifier there',
        );
        return { manifests: [], findings };
      }
      break;
  }
  if (options.observe) {
    report('changed', ['spec', 'managementPolicies'], 'is ["Observe"]: run again without --observe to manage it');
  }
  const { annotations: kept, ...metadata } = moved.metadata;
  const annotations = {
    ...kept,
    ...(externalName === undefined ? {} : { [ANNOTATIONS.externalName]: externalName }),
  };
  const manifest: JsonMap = {
    apiVersion: target.kind.apiVersion,
    kind: target.kind.kind,
    metadata: { ...metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      ...spec,
      ...(isMap(given['forProvider']) || named !== undefined ? { forProvider } : {}),
      ...(options.observe ? { managementPolicies: ['Observe'] } : {}),
    },
  };
  for (const { path, message } of target.check(manifest)) report('action', path, message);
  return { manifests: [manifest], findings };
}

type Report = (level: FindingLevel, path: Path, message: string) => void;

function moveSpec(source: SourceObject, { kind, spec: schema }: ManagedTarget, report: Report): JsonMap {
  const namespace = text(mapAt(source.value, 'metadata')['namespace']);
  const fields = schema.properties ?? {};
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(mapAt(source.value, 'spec'))) {
    const path = ['spec', key];
    const field = fields[key];
    if (value === null || value === undefined) continue;
    switch (key) {
      case 'forProvider':
      case 'initProvider':
        result[key] = withContext(kind, value, moveValue(value, { path, schema: field ?? {}, namespace, report }));
        break;
      case 'providerConfigRef':
        result[key] = moveConfigRef(value, kind, report);
        break;
      case 'writeConnectionSecretToRef':
        result[key] = moveValue(value, { path, schema: field ?? {}, namespace, report });
        report('changed', path, "the Secret is the old object's until that is deleted; its keys have other names here");
        break;
      case 'publishConnectionDetailsTo':
        report('lost', path, 'connection details go to Secrets alone: use writeConnectionSecretToRef');
        break;
      default:
        if (field === undefined) report('lost', path, 'there is no such field here');
        else result[key] = moveValue(value, { path, schema: field, namespace, report });
    }
  }
  return result;
}

/** Macros before 0.23.7 were those of the project that they named, or else the tenant's. */
function withContext({ type }: ManagedKind, given: unknown, moved: unknown): unknown {
  const isOfProject = type === 'spectrocloud_macros' && isMap(given) && text(given['project']) !== undefined;
  return isOfProject && isMap(moved) && moved['context'] === undefined ? { ...moved, context: 'project' } : moved;
}

function moveConfigRef(value: unknown, kind: ManagedKind, report: Report): JsonMap {
  const reference = isMap(value) ? value : {};
  for (const [key, entry] of Object.entries(reference)) {
    if (key === 'name' || (key === 'kind' && kind.scope === 'Namespaced')) continue;
    if (key === 'policy' && isDefaultPolicy(entry)) continue;
    report('lost', ['spec', 'providerConfigRef', key], 'the configuration is always required, and read at each look');
  }
  const { name, kind: configKind } = reference;
  return {
    ...(kind.scope === 'Namespaced' && configKind !== undefined ? { kind: configKind } : {}),
    ...(name === undefined ? {} : { name }),
  };
}

/**
 * Before 0.23.8 the external name, or else the object's own name, was the name in Palette, and the spec had none.
 * Who only observes needs no name.
 */
function nameParameter(
  source: SourceObject,
  { spec: schema }: ManagedTarget,
  spec: JsonMap,
  annotation: string | undefined,
): string | undefined {
  const forProvider = mapAt(spec, 'forProvider');
  const hasName = schema.properties?.['forProvider']?.properties?.['name'] !== undefined;
  if (!hasName || forProvider['name'] !== undefined || mapAt(spec, 'initProvider')['name'] !== undefined)
    return undefined;
  const { managementPolicies: policies } = spec;
  if (Array.isArray(policies) && policies.every((policy) => policy === 'Observe')) return undefined;
  const observed = text(mapAt(source.value, 'status', 'atProvider')['name']);
  return observed ?? annotation?.split(':')[0] ?? text(mapAt(source.value, 'metadata')['name']);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
