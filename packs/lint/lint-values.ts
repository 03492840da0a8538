import { checkValues } from '../check-values.ts';
import type { Pack } from '../pack.ts';
import type { Problem } from '../problem.ts';
import { packEnforcement } from '../enforcement.ts';
import { healthRules } from '../health.ts';
import { readinessChecks } from '../readiness.ts';
import { chartValues, manifestValuesKey } from '../values-key.ts';
import { INSTALL_PRIORITY, parsePriority, parseValues, section } from '../values.ts';
import { isJsonObject } from '../yaml.ts';
import { lintMacros } from './lint-macros.ts';

const FILE = 'values.yaml';

/** values.yaml: its syntax, what `pack:` says, and keys that belong to nothing. */
export function lintValues(pack: Pack): Problem[] {
  const macros = lintMacros(FILE, pack.values);
  const parsed = parseValues(pack.values);
  if (parsed.problems.length > 0) {
    return [
      ...macros,
      ...parsed.problems.map((problem): Problem => ({
        severity: 'error',
        file: FILE,
        rule: 'yaml-syntax',
        ...problem,
      })),
    ];
  }
  const duplicates = parsed
    .duplicateKeys()
    .map((problem): Problem => ({ severity: 'warning', file: FILE, rule: 'duplicate-key', ...problem }));
  const { value } = parsed;
  if (value == null) return [...macros, ...duplicates];

  const problems: Problem[] = [...macros, ...duplicates];
  const add = (severity: Problem['severity'], path: readonly string[], rule: string, message: string): void => {
    problems.push({ severity, file: FILE, ...parsed.locate(path), rule, message });
  };
  if (!isJsonObject(value)) {
    add('error', [], 'values-shape', 'expected a map with keys such as pack, charts and manifests');
    return problems;
  }
  for (const key of ['pack', 'charts', 'manifests'] as const) {
    const found = value[key];
    if (found != null && !isJsonObject(found)) add('error', [key], 'values-shape', `expected a map under "${key}"`);
  }

  const settings = section(value, 'pack');
  const priority = settings[INSTALL_PRIORITY];
  if (priority != null && parsePriority(priority) === undefined) {
    add(
      'error',
      ['pack', INSTALL_PRIORITY],
      'install-priority',
      `the install priority ${JSON.stringify(priority)} is no whole number; expected one such as "10" (lower goes first)`,
    );
  }
  const namespace = settings['namespace'];
  if (namespace != null && !isNamespaceOrMacro(namespace)) {
    add(
      'error',
      ['pack', 'namespace'],
      'namespace',
      `${JSON.stringify(namespace)} is no name of a namespace; expected lower-case letters, digits and "-", at most 63`,
    );
  }
  const taken = pack.charts.map((chart) => chartValues(chart, pack.charts, value));
  const takesAll = taken.some((one) => one.key === undefined && Object.keys(one.values).length > 0);
  for (const key of takesAll ? [] : Object.keys(section(value, 'charts'))) {
    if (pack.charts.length > 0 && !taken.some((one) => one.key === key)) {
      add(
        'warning',
        ['charts', key],
        'values-key',
        `no chart of the pack takes these values; the charts are ${pack.charts.map(({ name }) => name).join(', ')}`,
      );
    }
  }
  for (const key of Object.keys(section(value, 'manifests'))) {
    if (
      pack.manifests.length > 0 &&
      !pack.manifests.some((manifest) => manifestValuesKey(manifest, pack.manifests, value) === key)
    ) {
      add(
        'warning',
        ['manifests', key],
        'values-key',
        `no manifest of the pack takes these values; the manifests are ${pack.manifests.map(({ name }) => name).join(', ')}`,
      );
    }
  }
  const checks = section(value, 'readinessCheck')['v1beta1'];
  if (value['readinessCheck'] != null && !Array.isArray(checks))
    add(
      'warning',
      ['readinessCheck'],
      'readiness-check',
      'expected a list under readinessCheck.v1beta1; it is not looked at',
    );
  else if (Array.isArray(checks) && readinessChecks(value).length < checks.length)
    add(
      'warning',
      ['readinessCheck', 'v1beta1'],
      'readiness-check',
      'a readiness check needs a name and a kind; those without are not looked at',
    );
  const enforcement = packEnforcement(pack.values);
  if (enforcement.kind === 'invalid') add('error', enforcement.path, 'enforcement', enforcement.message);
  for (const { at, message } of healthRules(value).problems)
    add('error', ['pack', 'health', String(at)], 'health-rule', `pack.health[${at}]: ${message}`);
  // What is required is for the profile to give; what is given already is of the right form or wrong.
  for (const problem of checkValues({ schema: pack.schema, values: pack.values }, pack.values)) {
    if (problem.rule === 'values-format') problems.push({ ...problem, severity: 'warning', file: FILE });
  }
  return problems;
}

/** A name with a macro in it is judged when it is resolved. */
function isNamespaceOrMacro(namespace: unknown): boolean {
  return (
    typeof namespace === 'string' &&
    (namespace === '' || namespace.includes('.spectro.') || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace))
  );
}
