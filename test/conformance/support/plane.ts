/** The real plane, in this process, over the test run's PostgreSQL: HTTPS, its own certificate, the contract's validation. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '#cli/local/ports';
import type { Logger } from '#core/log';
import { createClient, type PaletteClient, type Scope } from '#openapi/client/index';
import { packArchive } from '#packs/index';
import { PlaneConfig } from '#plane/config';
import { startPlane } from '#plane/main';
import { createSelfSigned } from '#provider/terraform/transport/certificate';
import { openSharedDatabase } from '#test/support/postgres';

/** A request that the plane answered, as its log tells. */
export interface AnsweredRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface ConformancePlane {
  readonly host: string;
  readonly apiKey: string;
  readonly caFile: string;
  readonly ca: string;
  readonly client: PaletteClient;
  /** The first project, `Default`. */
  readonly project: Scope & { readonly kind: 'project' };
  /** Identifier of the pack registry of the plane. */
  readonly registryUid: string;
  /** Every request answered so far. */
  readonly requests: AnsweredRequest[];
  /** Variables that point the provider at this plane. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts a plane with the example packs in its registry. */
export async function startConformancePlane(): Promise<ConformancePlane> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-conformance-'));
  const { certificate, privateKey } = createSelfSigned();
  const file = (name: string): string => join(dir, name);
  await writeFile(file('tls.crt'), certificate);
  await writeFile(file('tls.key'), privateKey, { mode: 0o600 });
  const requests: AnsweredRequest[] = [];
  const database = await openSharedDatabase();
  const [port = 0] = await freePorts(1);
  const host = `localhost:${port}`;
  const plane = await startPlane(
    PlaneConfig.parse({
      listen: { host: '127.0.0.1', port },
      publicUrl: `https://${host}`,
      tls: { certFile: file('tls.crt'), keyFile: file('tls.key'), caFile: file('tls.crt') },
      dataDir: file('data'),
      database: database.location,
      bootstrap: { tenantName: 'acme', adminEmail: 'admin@example.com', apiKeyFile: file('api-key') },
      registries: { allowLoopback: true },
      alerts: { allowLoopback: true },
      agentImage: 'example.test/palette-agent:1',
    }),
    { log: requestLog(requests), signal: new AbortController().signal },
  );
  const apiKey = (await readFile(file('api-key'), 'utf8')).trim();
  // A test looks at what others change: for its client every answer is out of date at once.
  let looks = 0;
  const client = createClient({ host, apiKey, ca: certificate, now: () => (looks += 60_000) });
  const { items: projects } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = projects.find(({ metadata }) => metadata?.name === 'Default')?.metadata?.uid ?? '';
  const project = { kind: 'project', projectUid } as const;
  const { items: registries } = await client.get('/v1/registries/metadata', { scope: project });
  const registryUid = registries[0]?.uid ?? '';
  for (const pack of ['guardrails-1.0.0', 'hello-chart-1.0.0']) {
    const body = await packArchive(join(import.meta.dirname, '../../../examples/packs', pack));
    await client.put('/v1/registries/pack/{uid}/packs', {
      path: { uid: registryUid },
      body,
      scope: { kind: 'tenant' },
    });
  }
  return {
    host,
    apiKey,
    caFile: file('tls.crt'),
    ca: certificate,
    client,
    project,
    registryUid,
    requests,
    env: { SPECTROCLOUD_HOST: host, SPECTROCLOUD_APIKEY: apiKey, SPECTROCLOUD_CA_FILE: file('tls.crt') },
    async stop() {
      client.close();
      await plane.stop();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Keeps what the plane says about requests, and drops the rest. */
function requestLog(requests: AnsweredRequest[]): Logger {
  const keep = (fields: object): void => {
    if ('method' in fields && 'path' in fields && 'status' in fields) {
      requests.push({ method: String(fields.method), path: String(fields.path), status: Number(fields.status) });
    }
  };
  const log: Logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
  return log;
}
