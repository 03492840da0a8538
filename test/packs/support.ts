import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import {
  createRenderer,
  installPriority,
  openPackArchive,
  openPackFiles,
  type Pack,
  type RenderedLayer,
  type Renderer,
  type RendererOptions,
} from '#packs/index';
import { writeArchive } from '#packs/archive/write-archive';
import { packJson, textFiles } from '#packs/testing/files';
import type { DesiredLayer, MacroContext } from '#protocol/desired-state';

/** Where the examples are, from the root of the checkout. */
export const EXAMPLES = join(process.cwd(), 'examples/packs');

/** Building Helm, when it is neither on PATH nor in the cache, takes minutes on a small machine. */
export const HELM_BUILD_MS = 10 * 60 * 1000;

export async function helmPath(): Promise<string> {
  return ensureTool('helm', { signal: AbortSignal.timeout(HELM_BUILD_MS) });
}

/** A temporary directory with its end. */
export async function temporary(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'palette-packs-'));
  return { path, remove: async () => rm(path, { recursive: true, force: true }) };
}

export function rendererFor(helm: string, workDir: string, changes: Partial<RendererOptions> = {}): Renderer {
  return createRenderer({ helm, workDir, log: silentLogger, ...changes });
}

/** A pack of texts. A chart `charts/x/…` is packed as `charts/x-1.0.0.tgz`. */
export async function packOf(files: Readonly<Record<string, string>>): Promise<Pack> {
  const charts = [...new Set(Object.keys(files).flatMap((path) => /^charts\/([^/]+)\//.exec(path)?.[1] ?? []))];
  const kubeManifests = Object.keys(files).filter((path) => path.startsWith('manifests/'));
  const chartYamls = Object.fromEntries(
    charts.map((name) => [`charts/${name}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`]),
  );
  const json = packJson({ charts: charts.map((name) => `charts/${name}-1.0.0.tgz`), kubeManifests });
  return openPackArchive(
    writeArchive((await openPackFiles(textFiles({ 'pack.json': json, ...chartYamls, ...files }))).files),
  );
}

export function layerOf(
  pack: Pick<Pack, 'name' | 'version' | 'layer' | 'values'>,
  changes: Partial<DesiredLayer> = {},
): DesiredLayer {
  return {
    name: pack.name,
    version: pack.version,
    layer: pack.layer,
    profile: { uid: 'u', name: 'p', version: '1.0.0' },
    values: '',
    manifests: [],
    installPriority: installPriority(pack.values) ?? 0,
    ...changes,
  };
}

export function contextOf(variables: Readonly<Record<string, string>> = {}): MacroContext {
  return { system: { 'cluster.name': 'edge-7' }, macros: {}, variables: { ...variables }, packs: {} };
}

export interface RenderInput {
  readonly layer?: Partial<DesiredLayer>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly signal?: AbortSignal;
}

export async function renderPack(
  renderer: Renderer,
  pack: Pack,
  {
    layer,
    variables,
    kubeVersion = 'v1.34.1',
    apiVersions = [],
    signal = new AbortController().signal,
  }: RenderInput = {},
): Promise<RenderedLayer> {
  return renderer.render(layerOf(pack, layer), pack, contextOf(variables), { kubeVersion, apiVersions, signal });
}
