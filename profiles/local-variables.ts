/**
 * Variables that are left to people at the cluster: those of profiles whose tags say so, or of all where the cluster's do.
 * What they set there goes before the value that comes with the document.
 */
import type { LocalVariable } from '#protocol/desired-state';

import type { Variable } from './document.ts';

/** `palette-iac.dev/local-variables:allow` leaves them; `deny` on the cluster leaves none, whatever profiles say. */
const LOCAL_VARIABLES_TAG = 'palette-iac.dev/local-variables';

type Labels = Readonly<Record<string, string>>;

/** By name, each once. Hidden ones are nobody's to see; of two profiles with one name the first one's definition counts. */
export function localVariables(
  cluster: Labels | undefined,
  profiles: readonly { readonly labels?: Labels | undefined; readonly definitions: readonly Variable[] }[],
): readonly LocalVariable[] {
  const ofCluster = wordOf(cluster);
  if (ofCluster === 'deny') return [];
  const found = new Map<string, LocalVariable>();
  for (const { labels, definitions } of profiles) {
    const word = wordOf(labels) ?? ofCluster;
    if (word !== 'allow') continue;
    for (const definition of definitions) {
      if (definition.hidden === true || found.has(definition.name)) continue;
      found.set(definition.name, asLocal(definition));
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function wordOf(labels: Labels = {}): string | undefined {
  return Object.hasOwn(labels, LOCAL_VARIABLES_TAG) ? labels[LOCAL_VARIABLES_TAG]?.trim() : undefined;
}

function asLocal(definition: Variable): LocalVariable {
  const { name, displayName, description, format, inputType, options, regex, required, immutable, isSensitive } =
    definition;
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
    ...(inputType === undefined ? {} : { inputType }),
    ...(options === undefined
      ? {}
      : {
          options: options.map((option) => ({
            value: option.value,
            ...(option.label === undefined ? {} : { label: option.label }),
            ...(option.description === undefined ? {} : { description: option.description }),
          })),
        }),
    ...(regex === undefined || regex === '' ? {} : { regex }),
    ...(required === undefined ? {} : { required }),
    ...(immutable === undefined ? {} : { immutable }),
    ...(isSensitive === undefined ? {} : { isSensitive }),
  };
}
