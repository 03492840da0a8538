/** Whether the packs of a profile's layers exist, and its variables are right. */
import type { Scope } from '#openapi/client/index';
import { validateVariableDefinition } from '#packs/variables';
import { listed } from '#resources/definitions/shared/projects';

import { assertNever } from '#core/assert-never';

import type { AnyProfileSpec } from './composites.ts';
import type { Lookups } from './lookups.ts';
import { every, resolved, wrong, type Outcome, type Problem } from './outcome.ts';
import { fieldPath } from './parse.ts';

export type Layer = AnyProfileSpec['layers'][number];

/** Kind of pack that a layer is. */
export function layerType({ type, version, manifests }: Layer): NonNullable<Layer['type']> {
  return type ?? (version === undefined && manifests !== undefined ? 'manifest' : 'spectro');
}

/** What can be said without asking anybody. */
export function checkProfile({ layers, variables = [] }: AnyProfileSpec): Outcome<undefined> {
  const problems: Problem[] = [];
  const say = (path: string, message: string): number => problems.push({ reason: 'InvalidSpec', path, message });
  for (const [index, layer] of layers.entries()) {
    const path = fieldPath('spec.layers', [index]);
    const { name, version, values, valuesObject, manifests = [] } = layer;
    if (layers.findIndex((other) => other.name === name) < index) {
      say(`${path}.name`, `two layers are named "${name}"; name the second one "copy--${name}"`);
    }
    if (values !== undefined && valuesObject !== undefined) say(path, 'give either values or valuesObject');
    const type = layerType(layer);
    if (type === 'spectro' && version === undefined) {
      say(`${path}.version`, `pack "${name}" needs a version; a layer of manifests alone needs manifests`);
    }
    if (type === 'manifest' && manifests.length === 0) say(`${path}.manifests`, `layer "${name}" has no manifests`);
    for (const [at, manifest] of manifests.entries()) {
      if (manifests.findIndex((other) => other.name === manifest.name) < at) {
        say(fieldPath(path, ['manifests', at, 'name']), `two manifests are named "${manifest.name}"`);
      }
    }
  }
  for (const [index, variable] of variables.entries()) {
    const path = fieldPath('spec.variables', [index]);
    if (variables.findIndex((other) => other.name === variable.name) < index) {
      say(`${path}.name`, `two variables are named "${variable.name}"`);
    }
    for (const { message } of validateVariableDefinition(variable)) {
      problems.push({ reason: 'InvalidVariables', path, message });
    }
    if (variable.hidden === true && variable.required === true && (variable.defaultValue ?? '') === '') {
      say(`${path}.defaultValue`, `variable "${variable.name}" is hidden and required: it needs a default value`);
    }
  }
  return problems.length > 0 ? { kind: 'wrong', problems } : resolved(undefined);
}

/** Looks every pack up. */
export async function resolveLayers(
  layers: readonly Layer[],
  { lookups, scope }: { readonly lookups: Lookups; readonly scope: Scope },
): Promise<Outcome<readonly undefined[]>> {
  return every(
    await Promise.all(
      layers.map(async (layer, index) => resolveLayer(layer, fieldPath('spec.layers', [index]), lookups, scope)),
    ),
  );
}

async function resolveLayer(layer: Layer, path: string, lookups: Lookups, scope: Scope): Promise<Outcome<undefined>> {
  const type = layerType(layer);
  if (type === 'manifest' || layer.version === undefined) return resolved(undefined);
  const { name, version, registry } = layer;
  const found = await lookups.pack(scope, {
    name,
    tag: version,
    registryName: registry ?? null,
    registryUid: null,
  });
  switch (found.kind) {
    case 'found':
    case 'tag missing':
      return resolved(undefined);
    case 'registry unknown':
      return wrong(
        'NotFound',
        `${path}.registry`,
        `there is no registry "${found.name}"; registries in reach: ${listed(found.known)}`,
      );
    case 'pack unknown':
      // Charts and images of a registry that the API does not list: it is the API that finds them, or refuses.
      return type === 'spectro'
        ? wrong(
            'NotFound',
            `${path}.name`,
            `there is no pack "${found.name}" in ${listed(found.searched)}; push it first`,
          )
        : resolved(undefined);
    case 'tag unknown':
      return type === 'spectro'
        ? wrong(
            'NotFound',
            `${path}.version`,
            `pack "${name}" has no version "${found.tag}" in ${listed(found.searched)}; it has ${listed(found.tags)}`,
          )
        : resolved(undefined);
    case 'ambiguous':
      return wrong(
        'InvalidSpec',
        `${path}.registry`,
        `pack "${name}" is in more than one registry; name the one that is meant`,
      );
    default:
      return assertNever(found);
  }
}
