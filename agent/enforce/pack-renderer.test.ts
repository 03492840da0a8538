import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { writeArchive } from '#packs/archive/write-archive';
import type { DesiredLayer } from '#protocol/desired-state';

import { packRenderer } from './pack-renderer.ts';

let stateDir: string;
beforeAll(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), 'pack-renderer-'));
});
afterAll(async () => rm(stateDir, { recursive: true, force: true }));

function packThat(needs: object): Buffer {
  const about = {
    name: 'web',
    version: '1.0.0',
    displayName: 'web',
    layer: 'addon',
    annotations: {},
    charts: [],
    ...needs,
  };
  const files: readonly (readonly [string, string])[] = [
    ['pack.json', JSON.stringify({ ...about, kubeManifests: ['manifests/web.yaml'] })],
    ['values.yaml', 'pack:\n  namespace: default\nmanifests:\n  web: {}\n'],
    ['manifests/web.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n'],
  ];
  return writeArchive(new Map(files.map(([name, text]) => [name, Buffer.from(text)])));
}

const LAYER: DesiredLayer = {
  name: 'web',
  profile: { uid: 'a'.repeat(24), name: 'web', version: '1.0.0' },
  layer: 'addon',
  version: '1.0.0',
  values: '',
  manifests: [],
  installPriority: 0,
};

describe('rendering packs', () => {
  it('refuses a pack that needs a newer agent, and names both versions', async () => {
    const render = packRenderer({ helm: '/none', stateDir }, silentLogger);
    const rendering = render(
      LAYER,
      packThat({ constraints: { agent: { minVersion: '99.1.0' } } }),
      { system: {}, macros: {}, variables: {}, packs: {} },
      { kubeVersion: 'v1.34.0', apiVersions: [], signal: AbortSignal.timeout(10_000) },
    );
    await expect(rendering).rejects.toThrow(
      /pack web 1\.0\.0 needs agent 99\.1\.0 or newer, and this is \d+\.\d+\.\d+/,
    );
  });
});
