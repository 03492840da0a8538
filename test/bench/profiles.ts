/** Terraform over many cluster profiles: wall time of each phase, and requests made per resource. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';

import type { Environment } from './environment.ts';
import { execute } from './processes.ts';
import { type Row, duration } from './statistics.ts';

const SIZES = [1, 100, 500];

export async function benchProfiles(environment: Environment): Promise<Row[]> {
  const rows: Row[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'palette-bench-tf-'));
  try {
    const own = await startProxy(environment, join(folder, 'own'), { plainPalette: false });
    for (const size of SIZES)
      rows.push(...(await benchSize(environment, own, join(folder, `own-${size}`), size, 'own plane')));
    await own.stop();
    const plain = await startProxy(environment, join(folder, 'plain'), { plainPalette: true });
    rows.push(...(await benchSize(environment, plain, join(folder, 'plain-100'), 100, 'plain Palette API')));
    await plain.stop();
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Counts requests on their way to the plane; for a plain Palette API it hides what the plane offers beyond that. */
interface CountingProxy {
  readonly host: string;
  readonly caFile: string;
  /** Requests since the last call. */
  take(): number;
  stop(): Promise<void>;
}

async function startProxy(
  environment: Environment,
  folder: string,
  { plainPalette }: { readonly plainPalette: boolean },
): Promise<CountingProxy> {
  const authority = await ensureAuthority({ dir: folder, name: 'bench' });
  const server = await ensureCertificate({
    dir: folder,
    name: 'proxy',
    authority,
    commonName: 'bench proxy',
    names: ['localhost', '127.0.0.1'],
    usages: ['server'],
  });
  const [host = '', port = '443'] = environment.host.split(':');
  const ca = await readFile(environment.caFile, 'utf8');
  let count = 0;
  const proxy = createServer(
    { key: await readFile(server.keyFile), cert: await readFile(server.certFile) },
    (incoming, outgoing) => {
      count++;
      const beyond = plainPalette && /^\/v1\/(bulk|events)/.test(incoming.url ?? '');
      if (beyond) {
        outgoing
          .writeHead(404, { 'content-type': 'application/json' })
          .end(JSON.stringify({ code: 'NotFound', message: 'no such path', details: '', ref: '' }));
        return;
      }
      const forward = httpsRequest(
        {
          host,
          port,
          ca,
          method: incoming.method,
          path: incoming.url,
          headers: { ...incoming.headers, host: environment.host },
        },
        (answer) => {
          const headers = { ...answer.headers };
          if (plainPalette) delete headers['palette-capabilities'];
          outgoing.writeHead(answer.statusCode ?? 502, headers);
          answer.pipe(outgoing);
        },
      );
      forward.on('error', () => outgoing.destroy());
      incoming.pipe(forward);
    },
  );
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port: listening } = proxy.address() as AddressInfo; // as: a TCP server has no other kind of address
  return {
    host: `localhost:${listening}`,
    caFile: authority.certFile,
    take: () => {
      const taken = count;
      count = 0;
      return taken;
    },
    stop: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
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
    return { ms, requests: proxy.take() };
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
