import type { MacroContext } from '#protocol/desired-state';

import { resolveMacrosMarking, type Mark } from '../macros/resolve.ts';
import type { Pack } from '../pack.ts';
import { enabledPresets, withoutPresetPaths } from '../presets.ts';
import { mergeValues } from '../values.ts';
import { isJsonObject, parseYaml, type JsonObject } from '../yaml.ts';
import { RenderError, type RenderProblem } from './errors.ts';

/**
 * The values a layer is rendered with: the pack's own under the layer's, macros resolved. What a
 * preset named in the layer's header removes from the pack's values stays removed. A macro without
 * a value matters only if its place survives the merge.
 *
 * @throws RenderError `InvalidContent` or `UnresolvedMacros`.
 */
export function layerValues(
  layer: { readonly name: string; readonly values: string },
  pack: Pack | undefined,
  context: MacroContext,
): JsonObject {
  const own = read(layer.name, 'values.yaml', pack?.values ?? '', context);
  const given = read(layer.name, 'values', layer.values, context);
  const chosen = new Set(enabledPresets(layer.values).map(({ group, name }) => `${group}:${name}`));
  const base = (pack?.presets ?? [])
    .filter(({ group, name }) => chosen.has(`${group}:${name}`))
    .reduce(withoutPresetPaths, own.values);
  const values = mergeValues(base, given.values);

  const left = JSON.stringify(values);
  const unresolved = [own, given].flatMap(({ file, marks }) =>
    marks.filter(({ token }) => left.includes(token)).map(({ problem }) => macroProblem(layer.name, file, problem)),
  );
  if (unresolved.length > 0) throw new RenderError('UnresolvedMacros', unresolved);
  return values;
}

export function macroProblem(
  pack: string,
  file: string,
  { line, column, macro, message }: Mark['problem'],
): RenderProblem {
  return { pack, file, line, column, message: `${macro}: ${message}` };
}

function read(
  pack: string,
  file: string,
  source: string,
  context: MacroContext,
): { file: string; values: JsonObject; marks: readonly Mark[] } {
  const { text, marks } = resolveMacrosMarking(source, context);
  const { value, problems } = parseYaml(text);
  if (problems.length > 0)
    throw new RenderError(
      'InvalidContent',
      problems.map((problem) => ({ pack, file, ...problem })),
    );
  if (value != null && !isJsonObject(value))
    throw new RenderError('InvalidContent', [{ pack, file, line: 1, message: 'expected a map of values' }]);
  return { file, values: value ?? {}, marks };
}
