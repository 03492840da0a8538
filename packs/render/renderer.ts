import { stat } from 'node:fs/promises';

import { assertNever } from '#core/assert-never';
import { sha256 } from '#core/digest';
import type { Logger } from '#core/log';
import type { DesiredLayer, MacroContext } from '#protocol/desired-state';

import { tarOf } from '../archive/write-archive.ts';
import type { PackChart } from '../chart.ts';
import type { Files } from '../files.ts';
import { resolveMacros } from '../macros/resolve.ts';
import type { Pack } from '../pack.ts';
import { chartValues, manifestValuesKey } from '../values-key.ts';
import { packOutputs } from '../pack-outputs.ts';
import { healthRules, runsTests, type HealthRule } from '../health.ts';
import { readinessChecks } from '../readiness.ts';
import { packSettings, section, type PackSettings } from '../values.ts';
import type { JsonObject } from '../yaml.ts';
import { createCache } from './cache.ts';
import { createDiskCache } from './disk-cache.ts';
import { RenderError } from './errors.ts';
import { withoutValues } from './without-values.ts';
import { finishLayer, type RenderedLayer, type SourcedObject } from './finish.ts';
import { helmTemplate, removeStale, type HelmRun } from './helm.ts';
import { parseHelmMessage } from './helm-message.ts';
import { layerValues, macroProblem } from './layer-values.ts';
import { chartAround, isTemplate } from './manifests.ts';
import { deepFreeze, readObjects } from './read-objects.ts';
import { createSemaphore } from './semaphore.ts';

export interface RendererOptions {
  /** Path of the helm executable (version 3). */
  readonly helm: string;
  /** Directory for short-lived private directories; made when absent. */
  readonly workDir: string;
  /** Time one run of Helm may take, in milliseconds. Default: 60 000. */
  readonly timeoutMs?: number;
  /** Most bytes one run of Helm may write. Default: 32 MiB. */
  readonly maxOutputBytes?: number;
  /** Runs of Helm at a time. Default: 2. */
  readonly concurrency?: number;
  /** Most bytes of memory one run of Helm may take, where that can be seen (Linux). Default: 1 GiB. */
  readonly maxMemoryBytes?: number;
  /** Bytes of rendered YAML that are remembered, so that only what changed is rendered again. Default: 16 MiB. */
  readonly cacheBytes?: number;
  /**
   * Folder for what Helm rendered, kept by the digest of everything that goes in, for processes to come.
   * What is in there opens only for one who has the same input. Default: nothing is kept on disk.
   */
  readonly cacheDir?: string;
  /** Bytes in that folder. Default: 256 MiB. */
  readonly cacheDirBytes?: number;
  readonly log: Logger;
}

export interface RenderOptions {
  /** Version of the cluster's API server, such as `v1.34.1`. */
  readonly kubeVersion: string;
  /** Groups and versions the cluster serves beyond Kubernetes' own, for `.Capabilities.APIVersions`. */
  readonly apiVersions?: readonly string[];
  readonly signal: AbortSignal;
}

export interface Renderer {
  /**
   * Renders one layer to plain objects. The same input gives the same output.
   *
   * @param pack the opened pack; undefined for a layer of inline manifests alone.
   * @throws RenderError, or the signal's reason when it is aborted.
   */
  render(
    layer: DesiredLayer,
    pack: Pack | undefined,
    context: MacroContext,
    options: RenderOptions,
  ): Promise<RenderedLayer>;
}

const MIB = 1024 * 1024;
/** Grows when the same input comes to be read otherwise, so that nothing old is taken from disk. */
const CACHE_FORMAT = 2;

export function createRenderer(options: RendererOptions): Renderer {
  const {
    helm,
    workDir,
    log,
    timeoutMs = 60_000,
    maxOutputBytes = 32 * MIB,
    maxMemoryBytes = 1024 * MIB,
    concurrency = 2,
    cacheBytes = 16 * MIB,
    cacheDir,
    cacheDirBytes = 256 * MIB,
  } = options;
  const disk = cacheDir === undefined ? undefined : createDiskCache({ dir: cacheDir, maxBytes: cacheDirBytes, log });
  let identity: Promise<string> | undefined;
  const cache = createCache<readonly SourcedObject[]>({ maxEntries: 512, maxWeight: cacheBytes });
  const chartDigests = new WeakMap<Files, string>();
  const inTurn = createSemaphore(concurrency);
  let swept: Promise<void> | undefined;

  const digestOf = (files: Files): string => {
    const digest = chartDigests.get(files) ?? sha256(tarOf(files));
    chartDigests.set(files, digest);
    return digest;
  };

  /** Runs Helm unless the same run is remembered. `fileOf` names a file of the chart as the pack's author knows it. */
  const runHelm = async (
    pack: string,
    run: HelmRun,
    fileOf: (file: string | undefined) => string,
    signal: AbortSignal,
  ): Promise<readonly SourcedObject[]> => {
    const { chart, ...rest } = run;
    const input = JSON.stringify([pack, fileOf(undefined), digestOf(chart), rest]);
    const key = sha256(input);
    const known = cache.get(key);
    if (known) return known;
    const diskInput = disk && JSON.stringify([CACHE_FORMAT, await (identity ??= helmIdentity(helm)), input]);
    const kept = diskInput === undefined ? undefined : await disk?.get(diskInput);
    if (kept !== undefined) {
      // Sealed by ourselves from objects of this type.
      const objects: readonly SourcedObject[] = deepFreeze(JSON.parse(kept) as readonly SourcedObject[]);
      cache.set(key, objects, kept.length);
      return objects;
    }
    swept ??= removeStale(workDir);
    await swept;
    const started = performance.now();
    const outcome = await inTurn(
      () => helmTemplate(run, { helm, workDir, timeoutMs, maxOutputBytes, maxMemoryBytes, signal }),
      signal,
    );
    log.debug(
      { pack, release: run.releaseName, outcome: outcome.kind, ms: Math.round(performance.now() - started) },
      'helm ran',
    );
    switch (outcome.kind) {
      case 'rendered': {
        const objects = readObjects(
          pack,
          outcome.yaml,
          (comment) => fileOf(/^ *Source: [^/\s]+\/(\S+)/m.exec(comment)?.[1]),
          false,
        );
        cache.set(key, objects, outcome.yaml.length);
        if (diskInput !== undefined) await disk?.set(diskInput, JSON.stringify(objects));
        return objects;
      }
      case 'refused': {
        const { file, ...complaint } = parseHelmMessage(outcome.message);
        throw new RenderError('HelmFailed', [{ pack, file: fileOf(file), ...complaint }]);
      }
      case 'timeout':
        throw new RenderError('HelmTimeout', [
          {
            pack,
            file: fileOf(undefined),
            message: `helm was still rendering after ${timeoutMs / 1000} s and was stopped`,
          },
        ]);
      case 'too-large':
        throw new RenderError('OutputTooLarge', [
          { pack, file: fileOf(undefined), message: `helm wrote more than ${maxOutputBytes} bytes and was stopped` },
        ]);
      case 'too-much-memory':
        throw new RenderError('OutputTooLarge', [
          {
            pack,
            file: fileOf(undefined),
            message: `helm took more than ${maxMemoryBytes} bytes of memory and was stopped`,
          },
        ]);
      case 'unavailable':
        throw new RenderError('HelmUnavailable', [
          {
            pack,
            file: fileOf(undefined),
            message: `helm cannot be started (${outcome.message}); expected helm 3 at ${helm}`,
          },
        ]);
      default:
        return assertNever(outcome);
    }
  };

  const parsePlain = (pack: string, file: string, text: string): readonly SourcedObject[] => {
    const key = sha256(JSON.stringify([pack, file, text]));
    const known = cache.get(key);
    if (known) return known;
    const objects = readObjects(pack, text, () => file, true);
    cache.set(key, objects, text.length);
    return objects;
  };

  const renderLayer: Renderer['render'] = async (layer, pack, given, { kubeVersion, apiVersions = [], signal }) => {
    signal.throwIfAborted();
    const context = withOwnOutputs(layer, pack, given);
    const values = layerValues(layer, pack, context);
    const settings = packSettings(values);
    const namespace = settings.namespace ?? 'default';
    requireNames(layer.name, settings);
    const health = requireHealth(layer.name, values);
    const cluster = { namespace, kubeVersion, apiVersions: [...apiVersions].sort() };

    const charts = (pack?.charts ?? []).map(async (chart): Promise<readonly SourcedObject[]> => {
      const { key, values: given } = chartValues(chart, pack?.charts ?? [], values);
      const run = {
        ...cluster,
        chart: chart.files,
        releaseName: releaseName(layer.name, chart, key, settings),
        values: JSON.stringify(given),
      };
      return runHelm(layer.name, run, (file) => (file === undefined ? chart.path : `${chart.path}/${file}`), signal);
    });
    const manifests = (pack?.manifests ?? []).map(async (manifest): Promise<readonly SourcedObject[]> => {
      const key = manifestValuesKey(manifest, pack?.manifests ?? [], values);
      const as = isTemplate(manifest.content, key !== undefined) ? 'template' : 'yaml';
      const content = resolveOrThrow(layer.name, manifest.path, manifest.content, context, as);
      if (as === 'yaml') return parsePlain(layer.name, manifest.path, content);
      const manifestValues = key === undefined ? {} : section(section(values, 'manifests'), key);
      const run = {
        ...cluster,
        chart: chartAround(helmName(manifest.name), content, manifestValues, context),
        releaseName: helmName(layer.name),
        values: '{}',
      };
      return runHelm(layer.name, run, () => manifest.path, signal);
    });
    const inline = layer.manifests.map(async ({ name, content }): Promise<readonly SourcedObject[]> =>
      parsePlain(layer.name, name, resolveOrThrow(layer.name, name, content, context, 'yaml')),
    );

    // All settle before the first failure is told, so that no run of Helm is left behind.
    const settled = await Promise.allSettled([...charts, ...manifests, ...inline]);
    signal.throwIfAborted();
    if (settled.some((result) => result.status === 'rejected')) throw combined(settled);
    return {
      ...finishLayer(
        layer.name,
        settled.flatMap((result) => (result.status === 'fulfilled' ? [...result.value] : [])),
        settings,
      ),
      readinessChecks: readinessChecks(values),
      health,
      runTests: runsTests(values),
    };
  };

  return {
    render: async (layer, pack, context, how) => {
      try {
        return await renderLayer(layer, pack, context, how);
      } catch (error) {
        throw error instanceof RenderError ? withoutValues(error, context) : error;
      }
    },
  };
}

/** What Helm it is: another one may render otherwise. */
async function helmIdentity(helm: string): Promise<string> {
  return stat(helm).then(
    ({ size, mtimeMs }) => `${size}:${mtimeMs}`,
    () => helm,
  );
}

/** The context with the layer's own values, where the layer refers to them by its pack's name. */
function withOwnOutputs(layer: DesiredLayer, pack: Pack | undefined, context: MacroContext): MacroContext {
  const texts = [...layer.manifests, ...(pack?.manifests ?? [])].map(({ content }) => content);
  const outputs = packOutputs([{ name: layer.name, values: layer.values, packValues: pack?.values, texts }], context);
  const own = outputs[layer.name];
  return own
    ? { ...context, packs: { ...context.packs, [layer.name]: { ...own, ...context.packs[layer.name] } } }
    : context;
}

/** One error for all that failed: the first's code, everybody's problems. */
function combined(settled: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons: unknown[] = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const foreign = reasons.find((reason) => !(reason instanceof RenderError));
  if (foreign !== undefined) return foreign;
  const errors = reasons.filter((reason) => reason instanceof RenderError);
  const [first] = errors;
  return first && errors.length > 1
    ? new RenderError(
        first.code,
        errors.flatMap(({ problems }) => problems),
      )
    : first;
}

function resolveOrThrow(
  pack: string,
  file: string,
  text: string,
  context: MacroContext,
  as: 'yaml' | 'template',
): string {
  const { text: resolved, problems } = resolveMacros(text, context, { as });
  if (problems.length > 0)
    throw new RenderError(
      'UnresolvedMacros',
      problems.map((problem) => macroProblem(pack, file, problem)),
    );
  return resolved;
}

/** The release of a chart: as the pack overrides it, else pack and chart. Names say which pack a release is of. */
function releaseName(pack: string, chart: PackChart, key: string | undefined, settings: PackSettings): string {
  const names = [chart.name, key, chart.baseName].filter((name) => name !== undefined);
  const { releaseNameOverride } = settings;
  const override = names.flatMap((name) =>
    Object.hasOwn(releaseNameOverride, name) ? (releaseNameOverride[name] ?? []) : [],
  )[0];
  return helmName(override ?? `${pack}-${chart.name}`);
}

/** What Helm takes as a release name: a DNS name of at most 53 characters. */
function helmName(name: string): string {
  const clean = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 53)
    .replace(/^-+|-+$/g, '');
  return clean === '' ? 'pack' : clean;
}

/** @throws RenderError when a rule cannot be read. */
function requireHealth(pack: string, values: JsonObject): readonly HealthRule[] {
  const { rules, problems } = healthRules(values);
  if (problems.length === 0) return rules;
  throw new RenderError(
    'InvalidContent',
    problems.map(({ at, message }) => ({ pack, file: 'values.yaml', message: `pack.health[${at}]: ${message}` })),
  );
}

/** @throws RenderError when a namespace could not exist. */
function requireNames(pack: string, settings: PackSettings): void {
  const names = [
    settings.namespace,
    ...settings.additionalNamespaces,
    ...Object.keys(settings.namespaceLabels),
    ...Object.keys(settings.namespaceAnnotations),
  ];
  const wrong = names.find((name) => name !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name));
  if (wrong !== undefined) {
    throw new RenderError('InvalidContent', [
      {
        pack,
        file: 'values',
        message: `pack: ${JSON.stringify(wrong)} is no name of a namespace; expected lower-case letters, digits and "-", at most 63`,
      },
    ]);
  }
}
