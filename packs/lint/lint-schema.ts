import { textOf } from '../files.ts';
import type { Pack } from '../pack.ts';
import type { Problem } from '../problem.ts';
import { parseSchemaExpression } from '../schema.ts';
import { isJsonObject, parseYaml } from '../yaml.ts';

const FILE = 'schema.yaml';

/** schema.yaml: its syntax and each expression in it. */
export function lintSchema(pack: Pack): Problem[] {
  const content = pack.files.get(FILE);
  if (!content) return [];
  const parsed = parseYaml(textOf(content));
  if (parsed.problems.length > 0)
    return parsed.problems.map((problem) => ({ severity: 'error', file: FILE, rule: 'yaml-syntax', ...problem }));
  if (parsed.value == null) return [];
  if (!isJsonObject(parsed.value))
    return [
      {
        severity: 'error',
        file: FILE,
        line: 1,
        column: 1,
        rule: 'schema-shape',
        message: 'expected a map from paths into the values to schemas',
      },
    ];
  return Object.entries(parsed.value).flatMap(([name, field]): Problem[] => {
    const at = (path: readonly string[]): { file: string; line: number; column: number } => ({
      file: FILE,
      ...parsed.locate(path),
    });
    const expression = isJsonObject(field) ? field['schema'] : undefined;
    if (typeof expression !== 'string')
      return [
        { severity: 'error', ...at([name]), rule: 'schema-shape', message: `${name}: expected a text under "schema"` },
      ];
    const result = parseSchemaExpression(expression);
    if (result.kind === 'invalid')
      return [
        {
          severity: 'error',
          ...at([name, 'schema']),
          rule: 'schema-expression',
          message: `${name}: ${result.message}`,
        },
      ];
    return result.unknownTypes.map((type) => ({
      severity: 'warning',
      ...at([name, 'schema']),
      rule: 'schema-type',
      message: `${name}: unknown type "${type}"; it is read as string`,
    }));
  });
}
