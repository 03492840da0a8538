import { assertNever } from '#core/assert-never';
import { sha256 } from '#core/digest';
import type { Logger } from '#core/log';
import type { DesiredLayer, MacroContext } from '#protocol/desired-state';

import { tarOf } from '../archive/write-archive.ts';
import type { PackChart } from '../chart.ts';
import type { Files } from '../files.ts';
import { resolveMacros } from '../macros/resolve.ts';
import { scanOtherActions } from '../macros/scan.ts';
import type { Pack } from '../pack.ts';
import { chartValuesKey, manifestValuesKey } from '../values-key.ts';
import { packSettings, section, type PackSettings } from '../values.ts';
import { isJsonObject, parseYamlStream, type Json, type JsonObject } from '../yaml.ts';
import { createCache } from './cache.ts';
import { RenderError } from './errors.ts';
import { finishLayer, type RenderedLayer, type SourcedObject } from './finish.ts';
import { helmTemplate, removeStale, type HelmRun } from './helm.ts';
import { parseHelmMessage } from './helm-message.ts';
import { parseObject } from './kubernetes-object.ts';
import { layerValues, macroProblem } from './layer-values.ts';
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
  /** Bytes of rendered YAML that are remembered, so that only what changed is rendered again. Default: 16 MiB. */
  readonly cacheBytes?: number;
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

export function createRenderer(options: RendererOptions): Renderer {
  const {
    helm,
    workDir,
    log,
    timeoutMs = 60_000,
    maxOutputBytes = 32 * 1024 * 1024,
    concurrency = 2,
    cacheBytes = 16 * 1024 * 1024,
  } = options;
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
    const key = sha256(JSON.stringify([pack, fileOf(undefined), digestOf(chart), rest]));
    const known = cache.get(key);
    if (known) return known;
    swept ??= removeStale(workDir);
    await swept;
    const started = performance.now();
    const outcome = await inTurn(() => helmTemplate(run, { helm, workDir, timeoutMs, maxOutputBytes, signal }));
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

  return {
    render: async (layer, pack, context, { kubeVersion, apiVersions = [], signal }) => {
      signal.throwIfAborted();
      const values = layerValues(layer, pack, context);
      const settings = packSettings(values);
      const namespace = settings.namespace ?? 'default';
      requireNames(layer.name, settings);
      const cluster = { namespace, kubeVersion, apiVersions: [...apiVersions].sort() };

      const charts = (pack?.charts ?? []).map(async (chart): Promise<readonly SourcedObject[]> => {
        const key = chartValuesKey(chart, pack?.charts ?? [], values);
        const chartValues = key === undefined ? {} : section(section(values, 'charts'), key);
        const run = {
          ...cluster,
          chart: chart.files,
          releaseName: releaseName(layer.name, chart, key, settings),
          values: JSON.stringify(chartValues),
        };
        return runHelm(layer.name, run, (file) => (file === undefined ? chart.path : `${chart.path}/${file}`), signal);
      });
      const manifests = (pack?.manifests ?? []).map(async (manifest): Promise<readonly SourcedObject[]> => {
        const isTemplate = scanOtherActions(manifest.content).length > 0;
        const content = resolveOrThrow(
          layer.name,
          manifest.path,
          manifest.content,
          context,
          isTemplate ? 'template' : 'yaml',
        );
        if (!isTemplate) return parsePlain(layer.name, manifest.path, content);
        const key = manifestValuesKey(manifest, pack?.manifests ?? [], values);
        const manifestValues = key === undefined ? {} : section(section(values, 'manifests'), key);
        const run = {
          ...cluster,
          chart: chartAround(manifest.name, content, manifestValues),
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
      if (settled.some((result) => result.status === 'rejected')) throw withoutValues(combined(settled), context);
      return finishLayer(
        layer.name,
        settled.flatMap((result) => (result.status === 'fulfilled' ? [...result.value] : [])),
        settings,
      );
    },
  };
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

/** Helm quotes values in its complaints, and any of them may be a secret: what came from a macro is named, not shown. */
function withoutValues(error: unknown, context: MacroContext): unknown {
  if (!(error instanceof RenderError)) return error;
  const values = [
    ...Object.entries(context.variables).map(([name, value]) => ({ value, name: `{{.spectro.var.${name}}}` })),
    ...Object.entries(context.macros).map(([name, value]) => ({ value, name: `{{.spectro.macro.${name}}}` })),
  ].filter(({ value }) => value.length >= SHORTEST_SECRET);
  values.sort((a, b) => b.value.length - a.value.length);
  const clean = (message: string): string =>
    values.reduce(
      (text, { value, name }) =>
        text.replaceAll(value, () => name).replaceAll(JSON.stringify(value).slice(1, -1), () => name),
      message,
    );
  const problems = error.problems.map((problem) => ({ ...problem, message: clean(problem.message) }));
  return new RenderError(error.code, problems);
}

/** Shorter values are words such as `true` and numbers; hiding them would hide what is wrong. */
const SHORTEST_SECRET = 6;

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

/** A chart of one template, so that Helm renders a manifest with the pack's values for it. */
function chartAround(name: string, template: string, values: JsonObject): Files {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return new Map([
    ['Chart.yaml', encode(JSON.stringify({ apiVersion: 'v2', name: helmName(name), version: '0.0.0' }))],
    ['values.yaml', encode(JSON.stringify(values))],
    ['templates/manifest.yaml', encode(template)],
  ]);
}

/** The release of a chart: as the pack overrides it, else pack and chart. Names say which pack a release is of. */
function releaseName(pack: string, chart: PackChart, key: string | undefined, settings: PackSettings): string {
  const names = [chart.name, key, chart.baseName].filter((name) => name !== undefined);
  const override = names.map((name) => settings.releaseNameOverride[name]).find((name) => name !== undefined);
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

/** Reads a stream of objects; `List` objects give their items. @throws RenderError `InvalidContent`. */
function readObjects(
  pack: string,
  text: string,
  fileOf: (comment: string) => string,
  withLines: boolean,
): readonly SourcedObject[] {
  const { documents, problems } = parseYamlStream(text);
  if (problems.length > 0) {
    throw new RenderError(
      'InvalidContent',
      problems.map(({ message, line, column }) => ({
        pack,
        file: fileOf(''),
        message,
        ...(withLines ? { line, column } : {}),
      })),
    );
  }
  const sourced: SourcedObject[] = [];
  for (const { value, line, comment } of documents) {
    const file = fileOf(comment);
    for (const item of itemsOf(value)) {
      const parsed = parseObject(item);
      if (parsed.kind === 'invalid')
        throw new RenderError('InvalidContent', [
          { pack, file, ...(withLines ? { line } : {}), message: parsed.message },
        ]);
      sourced.push({ object: deepFreeze(parsed.object), file });
    }
  }
  return sourced;
}

function itemsOf(value: Json): readonly Json[] {
  if (!isJsonObject(value)) return [value];
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? items.flatMap((item: Json) => itemsOf(item))
    : [value];
}

/** Rendered objects are remembered and handed out again, so nobody may change them. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
