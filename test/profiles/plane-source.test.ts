/** Profiles rendered from the registries of a plane: the packs that its agents get, and the same bytes as from a folder. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { PaletteClient } from '#openapi/client/index';
import { packArchive, type Renderer } from '#packs/index';
import { addon, defineProfile, variable } from '#profiles/index';
import { EMPTY_LOCK } from '#profiles/lock/lock-file';
import { updateLock } from '#profiles/lock/update-lock';
import { archiveCache } from '#profiles/render/archive-cache';
import { directorySource } from '#profiles/render/directory-source';
import { renderedYaml } from '#profiles/render/format-rendered';
import { planeSource } from '#profiles/render/plane-source';
import { renderProfile } from '#profiles/render/render-profile';
import { startWholePlane, type TestPlane } from '#test/support/plane';

import { EXAMPLES, HELM_BUILD_MS, helmPath, rendererFor, temporary } from '../packs/support.ts';

jest.setTimeout(60_000);

const signal = new AbortController().signal;
const scope = { kind: 'tenant' } as const;

let work: Awaited<ReturnType<typeof temporary>>;
let renderer: Renderer;
let plane: TestPlane;
let client: PaletteClient;

beforeAll(async () => {
  work = await temporary();
  renderer = rendererFor(await helmPath(), join(work.path, 'helm'));
  plane = await startWholePlane();
  client = plane.client();
  const { items } = await client.get('/v1/registries/metadata', { scope });
  const uid = items.find(({ kind }) => kind === 'pack')?.uid ?? '';
  for (const name of ['guardrails-1.0.0', 'hello-chart-1.0.0']) {
    const body = new Uint8Array(await packArchive(join(EXAMPLES, name)));
    await client.put('/v1/registries/pack/{uid}/packs', { path: { uid }, body, scope });
  }
}, HELM_BUILD_MS);

afterAll(async () => {
  client?.close();
  await plane?.stop();
  await work.remove();
});

const replicas = variable('replicas', { format: 'number', default: 3 });
const greeting = variable('greeting', { default: 'Hello' });
const profile = defineProfile({
  name: 'hello',
  variables: [replicas, greeting],
  layers: [
    addon({ pack: 'hello-chart', version: '1.x', values: { charts: { hello: { greeting } } } }),
    addon({ pack: 'guardrails', version: '^1.0.0', registry: 'Palette Registry', presets: { Isolation: 'closed' } }),
  ],
});

describe('the registries of a plane', () => {
  it('give the packs that a folder gives: the same lock, the same bytes', async () => {
    const folder = directorySource([EXAMPLES]);
    const registries = planeSource({ client, scope, host: plane.host });
    const { lock } = await updateLock([profile], EMPTY_LOCK, { source: folder, signal });
    expect((await updateLock([profile], lock, { source: registries, update: 'all', signal })).changes).toEqual([]);
    const [here, there] = await Promise.all(
      [folder, registries].map(async (source) => renderProfile(profile, { source, renderer, signal })),
    );
    expect(here && renderedYaml(here)).toBe(there && renderedYaml(there));
    expect(here?.digest).toBe(there?.digest);
    expect(here?.layers.map(({ layer }) => layer.name)).toEqual(['guardrails', 'hello-chart']);
  });

  it('are asked once for a pack: what is locked and cached needs no plane', async () => {
    const cache = archiveCache(join(work.path, 'cache'));
    const source = planeSource({ client, scope, host: plane.host, cache });
    const opened = await source.open({ type: 'spectro', name: 'guardrails', version: '1.0.0' }, { signal });
    expect(await readdir(join(work.path, 'cache'))).toEqual([`${opened?.digest.slice('sha256:'.length)}.tgz`]);
    const away = planeSource({
      client: plane.client({ host: '127.0.0.1:1', retryAttempts: 0 }),
      scope,
      host: 'nowhere',
      cache,
    });
    const request = { type: 'spectro', name: 'guardrails', version: '1.0.0', digest: opened?.digest } as const;
    expect((await away.open(request, { signal }))?.digest).toBe(opened?.digest);
    // What was changed on disk is not there.
    await writeFile(join(work.path, 'cache', `${opened?.digest.slice('sha256:'.length)}.tgz`), 'x');
    await expect(away.open(request, { signal })).rejects.toMatchObject({ code: 'Unreachable' });
  });

  it('say what they do not have', async () => {
    const source = planeSource({ client, scope, host: 'the plane' });
    const wanted = defineProfile({
      name: 'x',
      layers: [
        addon({ pack: 'guardrails', version: '2.x' }),
        addon({ pack: 'nope' }),
        addon({ pack: 'hello-chart', registry: 'Elsewhere' }),
      ],
    });
    await expect(renderProfile(wanted, { source, renderer, signal })).rejects.toMatchObject({
      problems: [
        { layer: 'guardrails', message: 'no version of the pack guardrails is "2.x"; there are 1.0.0' },
        { layer: 'nope', message: 'the pack nope is not in the registries of the plane' },
        {
          layer: 'hello-chart',
          message: 'the pack hello-chart of the registry "Elsewhere" is not in the registries of the plane',
        },
      ],
    });
  });
});
