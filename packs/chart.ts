import { z } from 'zod';

import { readArchive } from './archive/read-archive.ts';
import { baseName, filesBelow, textOf, type Files } from './files.ts';
import type { PackLimits } from './limits.ts';
import { PackError, type Problem } from './problem.ts';
import { parseYaml } from './yaml.ts';

/** Chart.yaml, as far as a pack needs it. */
const ChartYaml = z.object({
  apiVersion: z.string().optional(),
  name: z.string().min(1),
  version: z.union([z.string(), z.number()]).transform(String),
});

/** A Helm chart of a pack. */
export interface PackChart {
  /** As pack.json lists it: `charts/x-1.0.0.tgz`, or the directory of an unpacked chart. */
  readonly path: string;
  /** Name and version of Chart.yaml. */
  readonly name: string;
  readonly version: string;
  /** The last segment of the path, without `.tgz`. */
  readonly baseName: string;
  /** Files of the chart: paths begin below the chart's own directory, so there is a `Chart.yaml`. */
  readonly files: Files;
}

export type ChartOpened =
  | { readonly kind: 'chart'; readonly chart: PackChart }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] };

/** Opens the chart a pack lists. Never throws for what a pack can hold. */
export async function openChart(files: Files, path: string, limits: PackLimits): Promise<ChartOpened> {
  try {
    const chartFiles = await chartFilesAt(files, path, limits);
    if (!chartFiles)
      return broken(path, 'missing-chart', 'the chart is listed in pack.json and there is no such file', 'pack.json');
    const yaml = chartFiles.get('Chart.yaml');
    if (!yaml) return broken(path, 'chart-yaml-missing', 'the chart has no Chart.yaml');
    const parsed = parseYaml(textOf(yaml));
    const [problem] = parsed.problems;
    if (problem) return broken(path, 'chart-yaml', `Chart.yaml line ${problem.line}: ${problem.message}`);
    const checked = ChartYaml.safeParse(parsed.value);
    if (!checked.success)
      return broken(
        path,
        'chart-yaml',
        `Chart.yaml: ${checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
      );
    return {
      kind: 'chart',
      chart: {
        path,
        name: checked.data.name,
        version: checked.data.version,
        baseName: baseName(path).replace(/\.(tgz|tar\.gz)$/, ''),
        files: chartFiles,
      },
    };
  } catch (error) {
    if (error instanceof PackError) {
      return {
        kind: 'broken',
        problems: error.problems.map((problem) => ({
          ...problem,
          file: problem.file === '(archive)' ? path : `${path}!${problem.file}`,
        })),
      };
    }
    throw error;
  }
}

async function chartFilesAt(files: Files, path: string, limits: PackLimits): Promise<Files | undefined> {
  const archive = files.get(path);
  if (archive) return withoutTopDirectory(await readChartArchive(archive, limits));
  const unpacked = filesBelow(files, path);
  return unpacked.size > 0 ? unpacked : undefined;
}

/** Reads a chart archive, and the subchart archives in it, under one budget. */
async function readChartArchive(archive: Uint8Array, limits: PackLimits): Promise<Files> {
  const files = await readArchive(archive, limits);
  let left = limits.totalBytes;
  for (const content of files.values()) left -= content.byteLength;
  for (const [path, content] of files) {
    if (!/(^|\/)charts\/[^/]+\.tgz$/.test(path)) continue;
    if (limits.nestedArchives <= 1)
      throw PackError.at('LimitExceeded', path, 'archive-limit', 'archives are nested deeper than is allowed');
    const nested = await readChartArchive(content, {
      ...limits,
      totalBytes: Math.max(left, 0),
      nestedArchives: limits.nestedArchives - 1,
    });
    for (const inner of nested.values()) left -= inner.byteLength;
  }
  return files;
}

/** Chart archives hold one directory, named after the chart; what is beside it is not the chart's. */
function withoutTopDirectory(files: Files): Files {
  const chartYaml = [...files.keys()].filter((path) => /^[^/]+\/Chart\.yaml$/.test(path));
  const [only] = chartYaml;
  return only !== undefined && chartYaml.length === 1 ? filesBelow(files, only.slice(0, only.indexOf('/'))) : files;
}

/**
 * An unpacked chart that stands for a `.tgz` which is listed and not there: the source a pack's
 * author works on. Found by its directory name: `charts/x` or `charts/x-1.0.0` for `charts/x-1.0.0.tgz`.
 */
export function unpackedChartFor(files: Files, path: string): string | undefined {
  if (!path.endsWith('.tgz') || files.has(path)) return undefined;
  const stem = path.slice(0, -'.tgz'.length);
  return [stem, stem.replace(/-v?\d[\w.+-]*$/, '')].find((directory) => files.has(`${directory}/Chart.yaml`));
}

function broken(path: string, rule: string, message: string, file = path): ChartOpened {
  return {
    kind: 'broken',
    problems: [{ severity: 'error', file, rule, message: file === path ? message : `${path}: ${message}` }],
  };
}
