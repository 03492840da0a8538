/** Looking into chart repositories: a thousand charts, then ten versions of each, and the plane's answers meanwhile. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { delay } from '#core/retry';
import { indexCharts, packageCharts, serveFolder } from '#test/support/chart-repository';
import { temporaryFolder } from '#test/support/palette';

import type { Environment } from './environment.ts';
import { type Row, duration, percentile } from './statistics.ts';

const CHARTS = 1000;
const VERSIONS = 10;
const scope = { kind: 'tenant' } as const;

export async function benchRegistry({ client }: Environment): Promise<Row[]> {
  const folder = await temporaryFolder('bench-charts');
  const server = await serveFolder(folder.dir);
  try {
    await packageCharts(
      folder.dir,
      Array.from({ length: CHARTS }, (_, index) => ({ name: `chart-${index}`, version: '1.0.0' })),
    );
    await indexCharts(folder.dir);
    const { uid } = await client.post('/v1/registries/helm', {
      body: {
        metadata: { name: 'bench' },
        spec: { endpoint: server.url, auth: { type: 'noAuth' }, createOption: { skipSync: true } },
      },
      scope,
    });
    const first = await look(client, uid);
    const again = await look(client, uid);
    await writeFile(
      join(folder.dir, 'index.yaml'),
      manyVersions(await readFile(join(folder.dir, 'index.yaml'), 'utf8')),
    );
    const large = await look(client, uid);
    await client.delete('/v1/registries/helm/{uid}', { path: { uid }, scope });
    const row = (measure: string, ms: number, target?: number): Row => ({
      bench: 'registry',
      measure,
      figure: duration(ms),
      ...(target === undefined ? {} : { target: `< ${duration(target)}`, met: ms < target }),
    });
    return [
      row(`${CHARTS} charts, first look`, first.ms, 30_000),
      row(`${CHARTS} charts, nothing changed`, again.ms, 3000),
      row(`${CHARTS} charts with ${VERSIONS} versions each`, large.ms),
      row('requests to the plane meanwhile, p95', percentile(large.answers, 0.95)),
      row('requests to the plane meanwhile, slowest', Math.max(...large.answers)),
    ];
  } finally {
    await server.stop();
    await folder.remove();
  }
}

/** Has the plane look into the registry, and asks it for other things meanwhile. */
async function look(
  client: Environment['client'],
  uid: string,
): Promise<{ readonly ms: number; readonly answers: readonly number[] }> {
  const path = { uid };
  const signal = AbortSignal.timeout(600_000);
  const before = (await client.get('/v1/registries/helm/{uid}/sync/status', { path, scope })).lastSyncedTime;
  const started = performance.now();
  const answers: number[] = [];
  await client.post('/v1/registries/helm/{uid}/sync', { path, repeatable: true, scope });
  for (;;) {
    const asked = performance.now();
    const { status, lastSyncedTime, message } = await client.get('/v1/registries/helm/{uid}/sync/status', {
      path,
      scope,
    });
    answers.push(performance.now() - asked);
    if (status === 'Failed') throw new Error(`the registry could not be looked into: ${message}`);
    if (status === 'Success' && lastSyncedTime !== before) return { ms: performance.now() - started, answers };
    await delay(20, { signal });
  }
}

/** The same index with more versions of every chart. */
function manyVersions(index: string): string {
  return index.replaceAll(/^ {2}- apiVersion: [^]*?(?=^ {2}\S|^\S)/gm, (entry) =>
    Array.from({ length: VERSIONS }, (_, patch) => entry.replace('version: 1.0.0', `version: 1.0.${patch}`)).join(''),
  );
}
