import type { MacroContext } from '#protocol/desired-state';

import { resolveMacrosMarking, standingMarks, type Mark } from '../macros/resolve.ts';
import type { Pack } from '../pack.ts';
import { enabledPresets, findPresets, withoutPresetPaths, type PackPreset } from '../presets.ts';
import { mergeValues } from '../values.ts';
import { isJsonObject, parseYaml, type JsonObject } from '../yaml.ts';
import { RenderError, type RenderProblem } from './errors.ts';

/**
 * The values a layer is rendered with: the pack's own, over them the presets that the layer's header
 * names, over these the layer's, macros resolved. A macro without a value matters only if its place
 * survives the merge.
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
  const presets = findPresets(pack?.presets ?? [], enabledPresets(layer.values)).found;
  const added = presets.map((preset) => read(layer.name, presetFile(preset), preset.add, context));
  const base = presets.reduce(
    (below, preset, index) => mergeValues(withoutPresetPaths(below, preset), added[index]?.values ?? {}),
    own.values,
  );
  const values = mergeValues(base, given.values);

  const left = JSON.stringify(values);
  const unresolved = [own, ...added, given].flatMap(({ file, marks }) =>
    standingMarks(left, marks).map(({ problem }) => macroProblem(layer.name, file, problem)),
  );
  if (unresolved.length > 0) throw new RenderError('UnresolvedMacros', unresolved);
  return values;
}

function presetFile({ group, name }: PackPreset): string {
  return `presets.yaml (${group}:${name})`;
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
