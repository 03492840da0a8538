import type { MacroContext } from '#protocol/desired-state';

import { valueAt } from './constraints/resources.ts';
import { findMacroReferences, resolveMacrosMarking, standingMarks, type Mark } from './macros/resolve.ts';
import { mergeValues } from './values.ts';
import { isJsonObject, parseYaml, type JsonObject } from './yaml.ts';

/** A layer whose values others may read, and which may read theirs. */
export interface OutputLayer {
  readonly name: string;
  /** As the profile has them; the pack's own stand below. */
  readonly values: string;
  readonly packValues?: string | undefined;
  /** Further texts that may refer to packs: manifests. */
  readonly texts?: readonly string[] | undefined;
  /** Variables of the layer's own profile, over the context's. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/**
 * What `{{.spectro.pack.PACK.PATH}}` stands for, for each such macro in the layers: the value at that
 * path in that pack's values, with macros of the other kinds resolved. A path that the values do
 * not have gives an empty text, so a `default` takes over; packs that are not there give nothing.
 * Such a value never holds another one: what refers to a pack is no output.
 */
export function packOutputs(
  layers: readonly OutputLayer[],
  context: Omit<MacroContext, 'packs'>,
): Record<string, Record<string, string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { values, packValues = '', texts = [] } of layers) {
    for (const { pack, path } of [values, packValues, ...texts].flatMap((text) => packReferences(text, layers))) {
      wanted.set(pack, (wanted.get(pack) ?? new Set()).add(path));
    }
  }
  return Object.fromEntries(
    layers.flatMap((layer) => {
      const paths = wanted.get(layer.name);
      if (!paths) return [];
      const { values, marks } = resolvedValues(layer, context);
      const outputs = [...paths].sort().map((path) => [path, outputOf(values, path, marks)] as const);
      return [[layer.name, Object.fromEntries(outputs)]];
    }),
  );
}

/** The pack macros of a text, by pack and path; of several names that fit, the longest is meant. */
function packReferences(
  text: string,
  layers: readonly { readonly name: string }[],
): { readonly pack: string; readonly path: string }[] {
  if (!text.includes('.spectro.pack.')) return [];
  return findMacroReferences(text).flatMap(({ paths }) =>
    paths.flatMap((path) => {
      const rest = path.startsWith('pack.') ? path.slice('pack.'.length) : undefined;
      if (rest === undefined) return [];
      const fitting = layers.filter(({ name }) => rest.startsWith(`${name}.`)).map(({ name }) => name);
      const pack = fitting.sort((a, b) => b.length - a.length)[0];
      return pack === undefined ? [] : [{ pack, path: rest.slice(pack.length + 1) }];
    }),
  );
}

function resolvedValues(
  { values, packValues = '', variables }: OutputLayer,
  context: Omit<MacroContext, 'packs'>,
): { readonly values: JsonObject; readonly marks: readonly Mark[] } {
  const own = { ...context, variables: { ...context.variables, ...variables }, packs: {} };
  const read = (text: string): { readonly value: JsonObject; readonly marks: readonly Mark[] } => {
    const { text: resolved, marks } = resolveMacrosMarking(text, own);
    const { value } = parseYaml(resolved);
    return { value: isJsonObject(value) ? value : {}, marks };
  };
  const below = read(packValues);
  const above = read(values);
  return { values: mergeValues(below.value, above.value), marks: [...below.marks, ...above.marks] };
}

function outputOf(values: JsonObject, path: string, marks: readonly Mark[]): string {
  const value = valueAt(values, path);
  const text =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  return standingMarks(text, marks).length > 0 ? '' : text;
}
