import { stringify } from 'yaml';

import { sha256, type Digest } from '#core/digest';
import { canonicalJson } from '#protocol/canonical';

import { readArchive } from './archive/read-archive.ts';
import { writeStoredArchive } from './archive/write-stored-archive.ts';
import { textOf, type Files } from './files.ts';
import { DEFAULT_LIMITS, type PackLimits } from './limits.ts';
import { openPackFiles, type Pack } from './pack.ts';
import { hasErrors, PackError } from './problem.ts';
import { section } from './values.ts';
import { isJsonObject, parseYaml, type Json } from './yaml.ts';

/** A chart of a Helm or OCI registry, as a pack that agents fetch and render like any other. */
export interface ChartPack {
  readonly pack: Pack;
  /** The pack's archive. */
  readonly archive: Uint8Array;
  /** Of the archive: the address under which agents ask for it. */
  readonly digest: Digest;
  readonly chart: ChartInfo;
}

/** What Chart.yaml says, for catalogues; texts are empty when it says nothing. */
export interface ChartInfo {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly description: string;
  /** A URL, as written. */
  readonly icon: string;
  readonly deprecated: boolean;
  /** The chart's own values.yaml, comments and all. */
  readonly values: string;
}

/**
 * Wraps a chart (`helm package`'s archive) as a pack of the layer `addon`: pack.json, the archive as
 * it came, values.yaml with the chart's values below `charts.<name>` for people to read and edit, and
 * its README. Equal archives give equal bytes on every machine.
 *
 * @throws PackError when it is no chart, is unsafe, is over a limit, or is a library chart, which installs nothing.
 */
export async function packOfChart(
  chartArchive: Uint8Array,
  { limits = DEFAULT_LIMITS }: { readonly limits?: PackLimits } = {},
): Promise<ChartPack> {
  const files = chartFiles(await readArchive(chartArchive, limits));
  const { chart, kubeVersion } = readChartYaml(textOf(files.get('Chart.yaml') ?? new Uint8Array()));
  const values = textOf(files.get('values.yaml') ?? new Uint8Array());

  const path = `charts/${chart.name}-${chart.version}.tgz`;
  const json = {
    name: chart.name,
    version: chart.version,
    displayName: chart.name,
    layer: 'addon',
    cloudTypes: ['all'],
    annotations: { source: 'chart', ...(chart.description === '' ? {} : { description: chart.description }) },
    charts: [path],
    ...(kubeVersion === '' ? {} : { kubeVersion }),
  };
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const readme = files.get('README.md');
  const packFiles: Files = new Map([
    ['pack.json', encode(`${JSON.stringify(json, undefined, 2)}\n`)],
    ['values.yaml', encode(valuesBelow(chart.name, values))],
    [path, chartArchive],
    ...(readme ? [['README.md', readme] as const] : []),
  ]);
  const pack = await openPackFiles(packFiles, limits);
  if (hasErrors(pack.openProblems)) throw new PackError('InvalidPack', pack.openProblems);
  const archive = writeStoredArchive(pack.files);
  return { pack, archive, digest: sha256(archive), chart: { ...chart, values } };
}

/** The chart's files without the directory around them. @throws PackError when there is no chart. */
function chartFiles(files: Files): Files {
  const roots = [...files.keys()].filter((path) => /^[^/]+\/Chart\.yaml$/.test(path));
  const [root] = roots;
  if (root === undefined || roots.length > 1)
    throw invalid('there is no Chart.yaml; expected an archive as `helm package` makes it');
  const prefix = root.slice(0, -'Chart.yaml'.length);
  return new Map(
    [...files].flatMap(([path, content]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), content]] : [])),
  );
}

function readChartYaml(text: string): { readonly chart: Omit<ChartInfo, 'values'>; readonly kubeVersion: string } {
  const { value, problems } = parseYaml(text);
  const [fault] = problems;
  if (fault) throw invalid(fault.message, fault);
  const yaml = isJsonObject(value) ? value : {};
  const textAt = (key: string): string => {
    const found = yaml[key];
    return typeof found === 'string' || typeof found === 'number' ? String(found).trim() : '';
  };
  const name = textAt('name');
  const version = textAt('version');
  if (name === '' || version === '') throw invalid('expected a name and a version');
  if (textAt('type') === 'library')
    throw invalid(`${name} is a library chart: other charts use it, by itself it installs nothing`);
  return {
    chart: {
      name,
      version,
      appVersion: textAt('appVersion'),
      description: textAt('description'),
      icon: textAt('icon'),
      deprecated: yaml['deprecated'] === true,
    },
    kubeVersion: textAt('kubeVersion'),
  };
}

/** The chart's values one level of keys deeper, comments kept; without comments where text alone will not do. */
function valuesBelow(chart: string, values: string): string {
  const { value, problems } = parseYaml(values);
  if (problems.length > 0 || !isJsonObject(value) || Object.keys(value).length === 0)
    return `charts:\n  ${JSON.stringify(chart)}: {}\n`;
  const lines = values.replace(/^\uFEFF/, '').split(/\r?\n/);
  const indented = lines.map((line) => (line.trim() === '' ? '' : `    ${line}`));
  const text = `charts:\n  ${chart}:\n${indented.join('\n').trimEnd()}\n`;
  return isSame(parseYaml(text).value, chart, value)
    ? text
    : stringify({ charts: { [chart]: value } }, { version: '1.1' });
}

function isSame(value: Json | undefined, chart: string, expected: Json): boolean {
  const found = isJsonObject(value) ? section(section(value, 'charts'), chart) : {};
  return canonicalJson(found) === canonicalJson(expected);
}

function invalid(message: string, place: { readonly line?: number; readonly column?: number } = {}): PackError {
  const { line, column } = place;
  return new PackError('InvalidPack', [
    {
      severity: 'error',
      file: 'Chart.yaml',
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      rule: 'chart-yaml',
      message,
    },
  ]);
}
