/** Rendering without a cluster: each reference pack where they are at hand, and a profile of twenty layers. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import { createRenderer, openPackDirectory, type Pack, RenderError, type Renderer } from '#packs/index';
import { addon, defineProfile } from '#profiles/index';
import { directorySource } from '#profiles/render/directory-source';
import { renderProfile } from '#profiles/render/render-profile';

import { type Row, duration, median } from './statistics.ts';

const LAYERS = 20;
const RUNS = 5;

/** @param root the checkout: the packs of its examples are rendered, and the reference packs beside it. */
export async function benchPacks(root: string): Promise<Row[]> {
  const helm = await ensureTool('helm', { signal: AbortSignal.timeout(20 * 60_000) });
  const work = await mkdtemp(join(tmpdir(), 'palette-bench-packs-'));
  const renderer = (cacheDir?: string): Renderer =>
    createRenderer({
      helm,
      workDir: join(work, 'work'),
      log: silentLogger,
      ...(cacheDir === undefined ? {} : { cacheDir }),
    });
  try {
    const examples = join(root, 'examples/packs');
    const reference = join(root, '../shared/reference/packs');
    const rows: Row[] = [];
    for (const folder of [examples, ...(existsSync(reference) ? [reference] : [])])
      for (const name of (await readdir(folder)).sort()) rows.push(await benchPack(join(folder, name), name, renderer));
    return [...rows, ...(await benchProfile(examples, join(work, 'cache'), renderer))];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function benchPack(path: string, name: string, renderer: () => Renderer): Promise<Row> {
  const row = (figure: string): Row => ({ bench: 'pack', measure: name, figure });
  const opened = await timed(async () => openPackDirectory(path));
  try {
    const cold: number[] = [];
    let objects = 0;
    for (let run = 0; run < RUNS; run++) {
      const rendered = await timed(async () => render(renderer(), opened.value));
      cold.push(rendered.ms);
      objects = rendered.value.objects.length;
    }
    return row(`open ${duration(opened.ms)}, render ${duration(median(cold))}, ${objects} objects`);
  } catch (error) {
    // Packs that ask for values have none here.
    if (error instanceof RenderError) return row(`open ${duration(opened.ms)}, refused (${error.code})`);
    throw error;
  }
}

async function render(renderer: Renderer, pack: Pack): ReturnType<Renderer['render']> {
  const profile = { uid: '0'.repeat(24), name: 'bench', version: '1.0.0' };
  const { name, version, layer, installPriority } = pack;
  return renderer.render(
    { name, version, layer, profile, values: '', manifests: [], installPriority },
    pack,
    { system: { 'cluster.name': 'bench' }, macros: {}, variables: { replicas: '2', greeting: 'Hi' }, packs: {} },
    { kubeVersion: 'v1.34.1', signal: AbortSignal.timeout(120_000) },
  );
}

async function benchProfile(
  examples: string,
  cacheDir: string,
  renderer: (cacheDir?: string) => Renderer,
): Promise<Row[]> {
  const document = defineProfile({
    name: 'twenty',
    version: '1.0.0',
    layers: Array.from({ length: LAYERS }, (_, index) =>
      addon({
        pack: 'hello-chart',
        as: `l${index}`,
        namespace: `layer-${index}`,
        values: { charts: { hello: { replicas: index + 1, greeting: `layer ${index}` } } },
      }),
    ),
  });
  const source = directorySource([examples]);
  const signal = AbortSignal.timeout(600_000);
  const run = async (using: Renderer): Promise<number> =>
    (await timed(async () => renderProfile(document, { source, renderer: using, signal }))).ms;
  const row = (measure: string, samples: readonly number[]): Row => ({
    bench: `profile of ${LAYERS} layers`,
    measure,
    figure: duration(median(samples)),
  });
  const cold: number[] = [];
  for (let count = 0; count < RUNS; count++) cold.push(await run(renderer()));
  await run(renderer(cacheDir));
  const disk: number[] = [];
  for (let count = 0; count < RUNS; count++) disk.push(await run(renderer(cacheDir)));
  const warm = renderer();
  await run(warm);
  const memory: number[] = [];
  for (let count = 0; count < RUNS; count++) memory.push(await run(warm));
  return [row('cold', cold), row('renderings on disk, another process', disk), row('in memory', memory)];
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const started = performance.now();
  const value = await work();
  return { ms: performance.now() - started, value };
}
