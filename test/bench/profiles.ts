/** Terraform over many cluster profiles: wall time of each phase, and requests made per resource. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type CountingProxy, startPlaneProxy } from './counting-proxy.ts';
import type { Environment } from './environment.ts';
import { execute } from './processes.ts';
import { type Row, duration } from './statistics.ts';

const SIZES = [1, 100, 500];

export async function benchProfiles(environment: Environment): Promise<Row[]> {
  const rows: Row[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'palette-bench-tf-'));
  try {
    const own = await startPlaneProxy(environment, join(folder, 'own'), { plainPalette: false });
    for (const size of SIZES)
      rows.push(...(await benchSize(environment, own, join(folder, `own-${size}`), size, 'own plane')));
    await own.stop();
    const plain = await startPlaneProxy(environment, join(folder, 'plain'), { plainPalette: true });
    rows.push(...(await benchSize(environment, plain, join(folder, 'plain-100'), 100, 'plain Palette API')));
    await plain.stop();
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function configuration(size: number, prefix: string): unknown {
  return {
    terraform: { required_providers: { spectrocloud: { source: 'spectrocloud/spectrocloud' } } },
    provider: { spectrocloud: {} },
    resource: {
      spectrocloud_cluster_profile: Object.fromEntries(
        Array.from({ length: size }, (_, index) => [
          `profile_${index}`,
          {
            name: `${prefix}-${index}`,
            version: '1.0.0',
            type: 'add-on',
            cloud: 'all',
            pack: [
              {
                name: 'manifests',
                type: 'manifest',
                manifest: [
                  {
                    name: 'config',
                    content: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c-${index}\ndata: {}\n`,
                  },
                ],
              },
            ],
          },
        ]),
      ),
    },
  };
}

async function benchSize(
  environment: Environment,
  proxy: CountingProxy,
  folder: string,
  size: number,
  against: string,
): Promise<Row[]> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'main.tf.json'),
    JSON.stringify(configuration(size, folder.split('/').at(-1) ?? 'profile')),
  );
  const env = { ...environment.env, SPECTROCLOUD_HOST: proxy.host, SPECTROCLOUD_CA_FILE: proxy.caFile };
  const terraform = async (
    [verb = '', ...args]: readonly string[],
    accept = [0],
  ): Promise<{ ms: number; requests: number }> => {
    proxy.take();
    const { ms } = await execute('terraform', [verb, '-no-color', '-input=false', ...args], {
      cwd: folder,
      env,
      accept,
    });
    return { ms, requests: proxy.take().length };
  };
  await terraform(['init']);
  const plan = await terraform(['plan', '-out=plan']);
  const apply = await terraform(['apply', 'plan']);
  const refresh = await terraform(['plan', '-detailed-exitcode']);
  const destroy = await terraform(['destroy', '-auto-approve']);
  const row = (phase: string, { ms, requests }: { ms: number; requests: number }, limit?: number): Row => ({
    bench: `${size} profiles`,
    measure: `${phase}, ${against}`,
    figure: `${duration(ms)}, ${requests} requests, ${(requests / size).toFixed(2)} per resource`,
    ...(limit === undefined ? {} : { target: `<= ${limit} requests`, met: requests <= limit }),
  });
  const limit = size === 100 ? (against === 'own plane' ? 20 : 301) : undefined;
  return [
    row('plan (create)', plan),
    row('apply', apply),
    row('plan (refresh)', refresh, limit),
    row('destroy', destroy),
  ];
}
