import { valid } from 'semver';

import { DEFAULT_LIMITS, type PackLimits } from '../limits.ts';
import { openPackArchive, openPackDirectory, type Pack } from '../pack.ts';
import { CLOUD_TYPES, PACK_JSON } from '../pack-json.ts';
import { compareProblems, PackError, type Problem } from '../problem.ts';
import { lintCharts } from './lint-charts.ts';
import { lintConstraints } from './lint-constraints.ts';
import { lintManifests } from './lint-manifests.ts';
import { lintPresets } from './lint-presets.ts';
import { lintSchema } from './lint-schema.ts';
import { lintValues } from './lint-values.ts';

/**
 * Everything that is wrong with an opened pack, sorted by place. Errors are what would fail or be
 * ambiguous when the pack is rendered; warnings are what a reader of the pack would want to know.
 */
export function lintPack(pack: Pack): Problem[] {
  return [
    ...pack.openProblems,
    ...lintPackJson(pack),
    ...lintValues(pack),
    ...lintManifests(pack),
    ...lintCharts(pack),
    ...lintConstraints(pack),
    ...lintPresets(pack),
    ...lintSchema(pack),
    ...lintLogo(pack),
  ].sort(compareProblems);
}

/** As `lintPack`, for a directory that may not open at all. Never throws for what a directory can hold. */
export async function lintPackDirectory(directory: string, limits: PackLimits = DEFAULT_LIMITS): Promise<Problem[]> {
  return lintOpened(() => openPackDirectory(directory, limits));
}

/** As `lintPack`, for an archive that may not open at all. Never throws for what bytes can hold. */
export async function lintPackArchive(bytes: Uint8Array, limits: PackLimits = DEFAULT_LIMITS): Promise<Problem[]> {
  return lintOpened(() => openPackArchive(bytes, limits));
}

async function lintOpened(open: () => Promise<Pack>): Promise<Problem[]> {
  try {
    return lintPack(await open());
  } catch (error) {
    if (error instanceof PackError) return [...error.problems];
    throw error;
  }
}

function lintPackJson(pack: Pack): Problem[] {
  const { source } = pack;
  const problems: Problem[] = [];
  const add = (
    severity: Problem['severity'],
    path: readonly (string | number)[],
    rule: string,
    message: string,
  ): void => {
    problems.push({ severity, file: PACK_JSON, ...source.locate(path), rule, message });
  };

  if (pack.version.startsWith('v'))
    add(
      'warning',
      ['version'],
      'version-prefix',
      `the version "${pack.version}" starts with "v"; expected ${pack.version.slice(1)}`,
    );
  else if (valid(pack.version) === null)
    add(
      'warning',
      ['version'],
      'version-semver',
      `the version "${pack.version}" is no semantic version such as 1.4.2; it sorts as text`,
    );
  for (const [index, cloud] of pack.cloudTypes.entries()) {
    if (!CLOUD_TYPES.has(cloud)) add('warning', ['cloudTypes', index], 'cloud-type', `unknown cloud type "${cloud}"`);
  }
  const { charts, kubeManifests } = source.json;
  for (const [field, list] of [
    ['charts', charts],
    ['kubeManifests', kubeManifests],
  ] as const) {
    for (const [index, path] of list.entries()) {
      if (list.indexOf(path) !== index) add('error', [field, index], 'duplicate-name', `${path} is listed twice`);
    }
  }
  for (const [index, chart] of pack.charts.entries()) {
    const first = pack.charts.findIndex(({ name }) => name === chart.name);
    if (first !== index && pack.charts[first]?.path !== chart.path) {
      add(
        'error',
        ['charts', charts.indexOf(chart.path)],
        'duplicate-name',
        `two charts are named "${chart.name}": ${pack.charts[first]?.path ?? ''} and ${chart.path}; their releases would replace each other`,
      );
    }
  }
  for (const [index, manifest] of pack.manifests.entries()) {
    const first = pack.manifests.findIndex(({ name }) => name === manifest.name);
    if (first !== index && pack.manifests[first]?.path !== manifest.path) {
      add(
        'warning',
        ['kubeManifests', kubeManifests.indexOf(manifest.path)],
        'duplicate-name',
        `two manifests are named "${manifest.name}": ${pack.manifests[first]?.path ?? ''} and ${manifest.path}; they share one set of values`,
      );
    }
  }
  if (
    charts.length === 0 &&
    kubeManifests.length === 0 &&
    pack.layer !== 'os' &&
    pack.layer !== 'kernel' &&
    pack.layer !== 'k8s'
  ) {
    add('warning', [], 'empty-pack', 'the pack lists no charts and no kubeManifests, so it installs nothing');
  }
  const listed = new Set([...charts, ...kubeManifests].map((path) => path.replace(/^\.\//, '')));
  for (const path of pack.files.keys()) {
    if ((/^charts\/[^/]+\.tgz$/.test(path) || /^manifests\/.+\.ya?ml$/.test(path)) && !listed.has(path)) {
      problems.push({
        severity: 'warning',
        file: path,
        rule: 'not-listed',
        message: 'the file is not listed in pack.json, so it is not installed',
      });
    }
  }
  if (!pack.files.has('values.yaml'))
    problems.push({
      severity: 'warning',
      file: 'values.yaml',
      rule: 'values-missing',
      message: 'there is no values.yaml; the pack takes the defaults of its charts',
    });
  if (!pack.files.has('README.md'))
    problems.push({
      severity: 'warning',
      file: 'README.md',
      rule: 'readme-missing',
      message: 'there is no README.md; say what the pack does and how it is configured',
    });
  return problems;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function lintLogo(pack: Pack): Problem[] {
  if (!pack.logo)
    return [{ severity: 'warning', file: 'logo.png', rule: 'logo-missing', message: 'there is no logo.png' }];
  const isPng = PNG.every((byte, index) => pack.logo?.[index] === byte);
  return isPng
    ? []
    : [{ severity: 'warning', file: 'logo.png', rule: 'logo-format', message: 'the file is no PNG image' }];
}
