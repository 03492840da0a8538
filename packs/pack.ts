import { sha256, type Digest } from '#core/digest';

import { readArchive } from './archive/read-archive.ts';
import { readDirectory } from './archive/read-directory.ts';
import { tarOf, writeArchive } from './archive/write-archive.ts';
import { writeStoredArchive } from './archive/write-stored-archive.ts';
import { openChart, unpackedChartFor, type PackChart } from './chart.ts';
import { baseName, filesBelow, safePath, sortFiles, textOf, type Files } from './files.ts';
import { DEFAULT_LIMITS, type PackLimits } from './limits.ts';
import {
  PACK_JSON,
  parsePackJson,
  type PackConstraints,
  type PackDependency,
  type PackJsonSource,
  type PackLayer,
} from './pack-json.ts';
import { PresetsFile, type PackPreset } from './presets.ts';
import { PackError, type Problem } from './problem.ts';
import { parseSchemaExpression, type SchemaField } from './schema.ts';
import { packSettings, parseValues, type PackSettings } from './values.ts';
import { isJsonObject, parseYaml } from './yaml.ts';

/** A manifest that a pack brings. */
export interface PackManifest {
  readonly path: string;
  /** Its key in the values: the file name without its extension. */
  readonly name: string;
  /** YAML, often a Go template; macros not yet resolved. */
  readonly content: string;
}

/** An opened pack: its files, and what they say. What cannot be read is left out and told by `lintPack`. */
export interface Pack {
  readonly name: string;
  readonly version: string;
  readonly displayName: string;
  readonly layer: PackLayer;
  readonly addonType: string;
  readonly addonSubType: string;
  readonly cloudTypes: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly dependencies: readonly PackDependency[];
  /** Dependencies again, and what the pack needs of nodes and of the agent. */
  readonly constraints: PackConstraints;
  /** Versions of Kubernetes it runs on, as a range; empty when it says nothing. */
  readonly kubeVersion: string;
  /** values.yaml as written; empty when there is none. */
  readonly values: string;
  readonly charts: readonly PackChart[];
  readonly manifests: readonly PackManifest[];
  readonly presets: readonly PackPreset[];
  readonly schema: readonly SchemaField[];
  /** What the pack's own values say under `pack:`, macros as written. */
  readonly settings: PackSettings;
  /** Lower goes first; also in `settings`. */
  readonly installPriority: number;
  readonly readme: string | undefined;
  /** PNG. */
  readonly logo: Uint8Array | undefined;
  /** Every file, `pack.json` at the root, charts packed. */
  readonly files: Files;
  readonly source: PackJsonSource;
  /** What was found wrong while opening, beyond what makes opening fail. */
  readonly openProblems: readonly Problem[];
}

/**
 * Opens a packed pack (tar.gz with `pack.json` at its root, or in its one top directory).
 *
 * @throws PackError when it is unsafe, over a limit, or its pack.json cannot be read. Other faults
 *   are found by `lintPack`.
 */
export async function openPackArchive(bytes: Uint8Array, limits: PackLimits = DEFAULT_LIMITS): Promise<Pack> {
  return openPackFiles(withoutTopDirectory(await readArchive(bytes, limits)), limits);
}

/**
 * Opens a pack directory. A chart that pack.json lists as `.tgz` may be there unpacked instead; it
 * is packed while opening.
 *
 * @throws PackError as `openPackArchive`, and when the directory cannot be read.
 */
export async function openPackDirectory(directory: string, limits: PackLimits = DEFAULT_LIMITS): Promise<Pack> {
  return openPackFiles(await readDirectory(directory, limits), limits);
}

/** Packs a directory: the same content gives the same bytes. @throws PackError as `openPackDirectory`. */
export async function packArchive(directory: string, limits: PackLimits = DEFAULT_LIMITS): Promise<Uint8Array> {
  return archivePack(await openPackDirectory(directory, limits));
}

/** The archive of an opened pack. */
export function archivePack(pack: Pack): Uint8Array {
  return writeArchive(pack.files);
}

/**
 * Digest of what a pack holds, whatever tool and compressor packed it: of its canonical tar,
 * uncompressed. The digest of an archive's bytes says that an archive is the same; this one says
 * that the pack is.
 */
export function contentDigest(pack: Pack): Digest {
  return sha256(tarOf(pack.files));
}

const MAX_PACK_JSON = 1024 * 1024;

/** @throws PackError `InvalidPack` when pack.json is missing or cannot be read. */
export async function openPackFiles(given: Files, limits: PackLimits = DEFAULT_LIMITS): Promise<Pack> {
  const content = given.get(PACK_JSON);
  if (!content)
    throw PackError.at(
      'InvalidPack',
      PACK_JSON,
      'pack-json-missing',
      'there is no pack.json; it belongs at the root of the pack',
    );
  if (content.byteLength > MAX_PACK_JSON)
    throw PackError.at(
      'LimitExceeded',
      PACK_JSON,
      'pack-json-limit',
      `pack.json has ${content.byteLength} bytes; at most ${MAX_PACK_JSON} are read`,
    );
  const source = parsePackJson(textOf(content));
  const { json } = source;
  const problems: Problem[] = [...source.warnings];
  const files = packUnpackedCharts(given, json.charts);

  const charts: PackChart[] = [];
  const seen = new Set<string>();
  let { totalBytes } = limits;
  for (const [index, listed] of json.charts.entries()) {
    const path = listedPath(listed, ['charts', index], source, problems);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const opened = await openChart(files, path, { ...limits, totalBytes });
    if (opened.kind === 'chart') {
      charts.push(opened.chart);
      // What one chart unpacks to the others cannot.
      for (const content of opened.chart.files.values()) totalBytes = Math.max(totalBytes - content.byteLength, 0);
    } else
      problems.push(
        ...opened.problems.map((problem) =>
          problem.file === PACK_JSON ? { ...problem, ...source.locate(['charts', index]) } : problem,
        ),
      );
  }

  const manifests: PackManifest[] = [];
  for (const [index, listed] of json.kubeManifests.entries()) {
    const path = listedPath(listed, ['kubeManifests', index], source, problems);
    if (path === undefined) continue;
    const manifest = files.get(path);
    if (manifest)
      manifests.push({ path, name: baseName(path).replace(/\.(ya?ml|json)$/, ''), content: textOf(manifest) });
    else {
      problems.push({
        severity: 'error',
        file: PACK_JSON,
        ...source.locate(['kubeManifests', index]),
        rule: 'missing-manifest',
        message: `${path}: the manifest is listed in pack.json and there is no such file`,
      });
    }
  }

  const values = textAt(files, 'values.yaml') ?? '';
  const parsedValues = parseValues(values).value;
  const settings = packSettings(isJsonObject(parsedValues) ? parsedValues : {});
  return {
    name: json.name,
    version: json.version,
    displayName: json.displayName,
    layer: json.layer,
    addonType: json.addonType,
    addonSubType: json.addonSubType,
    cloudTypes: json.cloudTypes,
    annotations: json.annotations,
    dependencies: json.constraints.dependencies,
    constraints: json.constraints,
    kubeVersion: json.kubeVersion,
    values,
    charts,
    manifests,
    presets: readPresets(textAt(files, 'presets.yaml')),
    schema: readSchema(textAt(files, 'schema.yaml')),
    settings,
    installPriority: settings.installPriority,
    readme: textAt(files, 'README.md'),
    logo: files.get('logo.png'),
    files,
    source,
    openProblems: problems,
  };
}

/**
 * Replaces each unpacked chart that stands for a listed `.tgz` by that archive: one without compression, since its bytes
 * count in the pack's content digest, which lock files of other machines hold.
 */
function packUnpackedCharts(files: Files, charts: readonly string[]): Files {
  let packed = new Map(files);
  for (const listed of charts) {
    const path = listed.replace(/^\.\//, '');
    const directory = unpackedChartFor(packed, path);
    if (directory === undefined) continue;
    const chart = filesBelow(packed, directory);
    const top = baseName(directory);
    packed = new Map([...packed].filter(([file]) => !file.startsWith(`${directory}/`)));
    packed.set(path, writeStoredArchive(new Map([...chart].map(([file, content]) => [`${top}/${file}`, content]))));
  }
  return sortFiles(packed);
}

/** The listed path in canonical form; a path that leaves the pack is a problem and no path. */
function listedPath(
  listed: string,
  place: readonly (string | number)[],
  source: PackJsonSource,
  problems: Problem[],
): string | undefined {
  try {
    return safePath(listed);
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    problems.push(
      ...error.problems.map((problem) => ({
        ...problem,
        file: PACK_JSON,
        ...source.locate(place),
        message: `${JSON.stringify(listed)}: ${problem.message}`,
      })),
    );
    return undefined;
  }
}

/** Archives made with `tar czf x.tgz directory` have one directory around everything. */
function withoutTopDirectory(files: Files): Files {
  if (files.has(PACK_JSON)) return files;
  const tops = new Set([...files.keys()].map((path) => path.slice(0, path.indexOf('/'))));
  const [top] = tops;
  return top !== undefined && top !== '' && tops.size === 1 && files.has(`${top}/${PACK_JSON}`)
    ? filesBelow(files, top)
    : files;
}

function textAt(files: Files, path: string): string | undefined {
  const content = files.get(path);
  return content && textOf(content);
}

function readPresets(text: string | undefined): PackPreset[] {
  const parsed = PresetsFile.safeParse(text === undefined ? null : parseYaml(text).value);
  return parsed.success ? parsed.data.presets : [];
}

function readSchema(text: string | undefined): SchemaField[] {
  const fields = text === undefined ? undefined : parseYaml(text).value;
  if (!isJsonObject(fields)) return [];
  return Object.entries(fields).flatMap(([name, field]) => {
    const expression = isJsonObject(field) ? field['schema'] : undefined;
    const parsed = typeof expression === 'string' ? parseSchemaExpression(expression) : undefined;
    return parsed?.kind === 'parsed' ? [{ name, ...parsed.field }] : [];
  });
}
