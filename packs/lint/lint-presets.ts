import { textOf } from '../files.ts';
import { enabledPresets, PresetsFile } from '../presets.ts';
import type { Pack } from '../pack.ts';
import type { Problem } from '../problem.ts';
import { parseValues } from '../values.ts';
import { isJsonObject, parseYaml } from '../yaml.ts';

const FILE = 'presets.yaml';

/** presets.yaml: its syntax and shape, the values each preset adds, and names that occur twice. */
export function lintPresets(pack: Pack): Problem[] {
  const content = pack.files.get(FILE);
  const unknown = enabledPresets(pack.values)
    .filter(({ group, name }) => !pack.presets.some((preset) => preset.group === group && preset.name === name))
    .map(({ group, name }): Problem => ({
      severity: 'warning',
      file: 'values.yaml',
      line: 1,
      column: 1,
      rule: 'preset-unknown',
      message: `the header enables the preset ${group}:${name}, which presets.yaml does not have`,
    }));
  if (!content) return unknown;
  const parsed = parseYaml(textOf(content));
  if (parsed.problems.length > 0)
    return parsed.problems.map((problem) => ({ severity: 'error', file: FILE, rule: 'yaml-syntax', ...problem }));
  const checked = PresetsFile.safeParse(parsed.value ?? null);
  if (!checked.success) {
    return checked.error.issues.map((issue) => {
      const path = issue.path.filter((step) => typeof step !== 'symbol');
      return {
        severity: 'error',
        file: FILE,
        ...parsed.locate(path),
        rule: 'presets-shape',
        message: `${path.join('.')}: ${issue.message}`,
      };
    });
  }
  const { presets } = checked.data;
  return [
    ...unknown,
    ...presets.flatMap((preset, index): Problem[] => {
      const place = { file: FILE, ...parsed.locate(['presets', index, 'name']) };
      const problems: Problem[] = [];
      if (presets.findIndex(({ name, group }) => name === preset.name && group === preset.group) !== index) {
        problems.push({
          severity: 'error',
          ...place,
          rule: 'duplicate-name',
          message: `two presets of the group "${preset.group}" are named "${preset.name}"`,
        });
      }
      const added = parseValues(preset.add);
      const [broken] = added.problems;
      if (broken) {
        problems.push({
          severity: 'error',
          file: FILE,
          ...parsed.locate(['presets', index, 'add']),
          rule: 'yaml-syntax',
          message: `the values that the preset "${preset.name}" adds, line ${broken.line}: ${broken.message}`,
        });
      } else if (added.value != null && !isJsonObject(added.value)) {
        problems.push({
          severity: 'error',
          file: FILE,
          ...parsed.locate(['presets', index, 'add']),
          rule: 'presets-shape',
          message: `the preset "${preset.name}" adds no map`,
        });
      }
      return problems;
    }),
  ];
}
