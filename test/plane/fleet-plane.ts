/** The fleet's part of the plane for tests: in process, over a database of its own, with a real bus when given. */
import { randomBytes } from 'node:crypto';

import { createLogger, silentLogger, type Logger } from '#core/log';
import type { Renderer } from '#packs/index';
import { createApp } from '#plane/api/app';
import { bindHandlers } from '#plane/api/bind';
import { loadContract } from '#plane/api/contract';
import { createFailureLimit } from '#plane/api/failure-limit';
import type { Handlers, SomeHandlers } from '#plane/api/handler';
import { createMetrics } from '#plane/api/metrics';
import { PlaneError } from '#plane/api/error';
import { actionHandlers } from '#plane/domain/actions/handlers';
import { agentReleaseHandlers } from '#plane/domain/agent-releases/handlers';
import { agentHandlers } from '#plane/domain/agents/handlers';
import { alertHandlers } from '#plane/domain/alerts/handlers';
import { appProfileHandlers } from '#plane/domain/app-profiles/handlers';
import { clusterGroupHandlers } from '#plane/domain/cluster-groups/handlers';
import { clusterHandlers } from '#plane/domain/clusters/handlers';
import { createSessions } from '#plane/domain/auth/sessions';
import { componentEventHandlers } from '#plane/domain/events/component-handlers';
import { eventHandlers } from '#plane/domain/events/handlers';
import { locationHandlers } from '#plane/domain/backups/location-handlers';
import { backupHandlers } from '#plane/domain/features/backup';
import { certificateHandlers } from '#plane/domain/features/certificates';
import { osPatchHandlers } from '#plane/domain/features/os-patch';
import { scanHandlers } from '#plane/domain/features/scan';
import { timezoneHandlers } from '#plane/domain/features/timezone';
import { featureHandlers } from '#plane/domain/features/handlers';
import { startFleet, type Fleet } from '#plane/domain/fleet';
import { impactHandlers } from '#plane/domain/impact/handlers';
import { macroHandlers } from '#plane/domain/macros/handlers';
import { packHandlers } from '#plane/domain/packs/handlers';
import { policyHandlers } from '#plane/domain/policies/handlers';
import { profileHandlers } from '#plane/domain/profiles/handlers';
import { projectHandlers } from '#plane/domain/projects/handlers';
import { registryHandlers } from '#plane/domain/registries/handlers';
import { templateHandlers } from '#plane/domain/templates/handlers';
import type { AlertOverrides } from '#plane/domain/alerts/open-alerts';
import { PlaneConfig, type PlaneConfigInput } from '#plane/config';
import { createSecrets } from '#plane/domain/secrets/secrets';
import type { SourceOptions } from '#plane/registry/open-source';
import type { Database } from '#plane/store/database';
import { openDatabase, type DatabaseLocation } from '#plane/store/open-database';
import { newUid } from '#plane/store/uid';
import { ProjectUid, TenantUid } from '#protocol/identifiers';
import { openSharedDatabase } from '#test/support/postgres';

import type { TestNats } from './fleet-support.ts';

const EMAIL = 'admin@example.test';

/** `PALETTE_TEST_DEBUG=1` shows what the plane logs. */
export const logger: Logger = process.env['PALETTE_TEST_DEBUG'] ? createLogger({ level: 'debug' }) : silentLogger;

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  /** Bytes in place of JSON. */
  readonly bytes?: Uint8Array;
  /** A form in place of JSON. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or text; tests look into it as they like. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of a hundred operations, checked against the contract by the plane itself
  readonly body: any;
  readonly bytes: Uint8Array;
}

export interface TestPlane {
  readonly database: Database;
  readonly masterKey: Uint8Array;
  readonly fleet: Fleet;
  readonly tenantUid: TenantUid;
  readonly projectUid: ProjectUid;
  /** Calls an operation as a user of the tenant, in its project unless `headers` say otherwise. */
  call(path: string, call?: Call): Promise<Answer>;
  /** Calls an operation without a user's credentials. */
  bare(path: string, call?: Call): Promise<Answer>;
  /** Reads an agent's answer part by part. */
  stream(path: string, accessToken: string): Promise<ReadableStreamDefaultReader<Uint8Array>>;
  /** Follows the event stream until the signal is aborted. */
  events(
    path: string,
    signal: AbortSignal,
    headers?: Readonly<Record<string, string>>,
  ): AsyncIterable<{ id: number; event: string; data: Record<string, unknown> }>;
  stop(): Promise<void>;
}

const handlers = {
  ...actionHandlers,
  ...agentHandlers,
  ...agentReleaseHandlers,
  ...alertHandlers,
  ...appProfileHandlers,
  ...clusterGroupHandlers,
  ...clusterHandlers,
  ...componentEventHandlers,
  ...eventHandlers,
  ...locationHandlers,
  ...backupHandlers,
  ...certificateHandlers,
  ...osPatchHandlers,
  ...scanHandlers,
  ...timezoneHandlers,
  ...featureHandlers,
  ...impactHandlers,
  ...macroHandlers,
  ...packHandlers,
  ...policyHandlers,
  ...profileHandlers,
  ...projectHandlers,
  ...registryHandlers,
  ...templateHandlers,
} satisfies SomeHandlers;

export interface TestPlaneOptions {
  /** How registries are spoken to. Default: as a plane does that may speak to this machine. */
  readonly registries?: Partial<SourceOptions>;
  /** How alerts go out. Default: after no time, to this machine too, without a mail server. */
  readonly alerts?: AlertOverrides & { readonly config?: PlaneConfigInput['alerts'] };
  readonly nats?: TestNats;
  /** How long agents' access lasts without renewal, in seconds. Default: the plane's own. */
  readonly accessSeconds?: number;
  readonly now?: () => Date;
  /** What the plane takes its version to be. */
  readonly version?: string;
  /** Default: an empty one on the test run's PostgreSQL server. */
  readonly location?: DatabaseLocation;
  /** Another plane's, to be a replica of it for a tenant of its own. */
  readonly replicaOf?: TestPlane;
  /** With which profiles are rendered to check policies; absent: policies cannot be checked. */
  readonly renderer?: Renderer;
}

export async function startTestPlane({
  registries,
  alerts: { config: alertConfig, ...alerts } = {},
  nats,
  accessSeconds,
  now,
  version,
  location,
  replicaOf,
  renderer,
}: TestPlaneOptions = {}): Promise<TestPlane> {
  const stopping = new AbortController();
  const own = await openOwnDatabase(replicaOf, location);
  const { database } = own;
  const tenantUid = TenantUid.parse(newUid());
  const projectUid = ProjectUid.parse(newUid());
  const userUid = newUid();
  await database.asSystem().transaction(async (tx) => {
    await tx.execute('INSERT INTO tenants (uid, name) VALUES ($1, $2)', [tenantUid, `tenant-${tenantUid}`]);
    await tx.execute('INSERT INTO projects (uid, tenant_uid, name) VALUES ($1, $2, $3)', [
      projectUid,
      tenantUid,
      'Default',
    ]);
    await tx.execute('INSERT INTO users (uid, tenant_uid, email) VALUES ($1, $2, $3)', [userUid, tenantUid, EMAIL]);
  });
  const masterKey = replicaOf?.masterKey ?? randomBytes(32);
  const secrets = createSecrets(masterKey);
  const fleet = await startFleet({
    database,
    secrets,
    config: {
      agentImage: 'example.test/palette-agent:1',
      tls: { certFile: 'none', keyFile: 'none' },
      registries: { allowLoopback: true },
      alerts: PlaneConfig.shape.alerts.parse({ graceSeconds: 0, allowLoopback: true, ...alertConfig }),
      ...(accessSeconds === undefined ? {} : { agents: { urls: [], accessSeconds } }),
      ...(nats ? { bus: { servers: [nats.url], operatorDir: `${nats.dir}/operator` } } : {}),
    },
    log: logger,
    signal: stopping.signal,
    ...(now ? { now } : {}),
    ...(version === undefined ? {} : { version }),
    ...(registries ? { registries } : {}),
    alerts,
  });
  const contract = loadContract();
  const operations = contract.operations.filter(({ id }) => Object.hasOwn(handlers, id));
  const user = { kind: 'user', userUid, email: EMAIL, tenantUid, via: 'apiKey' } as const;
  const app = createApp({
    // Only the fleet's own operations are bound here; the plane's start checks that none is missing.
    bindings: bindHandlers({ ...contract, operations }, handlers as unknown as Handlers),
    authenticator: {
      failures: createFailureLimit(),
      user: async ({ headers }) => {
        if (headers.get('apikey') !== 'test') throw new PlaneError(401, 'InvalidApiKey', 'no');
        const project = headers.get('projectuid');
        return { principal: user, scope: { tenantUid, projectUid: project ? ProjectUid.parse(project) : undefined } };
      },
      agent: async ({ headers, signal }) => {
        const principal = await fleet.authenticateAgent((headers.get('authorization') ?? '').replace('Bearer ', ''), {
          signal,
        });
        if (!principal) throw new PlaneError(401, 'AgentRevoked', 'no');
        return { principal, scope: { tenantUid: principal.tenantUid, projectUid: principal.projectUid } };
      },
      anybody: async ({ headers }) => (headers.get('apikey') === 'test' ? user : { kind: 'anonymous' }),
    },
    database,
    services: {
      secrets,
      sessions: createSessions(masterKey),
      fleet: fleet.services,
      renderer,
      publicUrl: 'https://plane.example.test',
    },
    metrics: createMetrics(),
    log: logger,
    unready: async () => [],
    stopping: stopping.signal,
  });
  const request = async (path: string, { method = 'GET', body, bytes, form, headers = {} }: Call): Promise<Answer> => {
    const response = await app.request(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bytes ? { 'content-type': 'application/octet-stream' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(bytes ? { body: bytes } : {}),
      ...(form ? { body: form } : {}),
    });
    const content = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(content);
    const json = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: json && text !== '' ? JSON.parse(text) : text,
      bytes: content,
    };
  };
  const asUser = { apikey: 'test', projectuid: projectUid };
  return {
    database,
    masterKey,
    fleet,
    tenantUid,
    projectUid,
    call: async (path, call = {}) => request(path, { ...call, headers: { ...asUser, ...call.headers } }),
    bare: async (path, call = {}) => request(path, call),
    stream: async (path, accessToken) => {
      const { status, body } = await app.request(path, { headers: { authorization: `Bearer ${accessToken}` } });
      if (!body) throw new Error(`no stream: ${status}`);
      return body.getReader();
    },
    events: async function* (path, signal, headers = {}) {
      const response = await app.request(path, { headers: { ...asUser, ...headers }, signal });
      if (!response.body) throw new Error(`no stream: ${response.status}`);
      yield* parseEvents(response.body, signal);
    },
    stop: async () => {
      stopping.abort();
      await fleet.stop();
      await own.close();
    },
  };
}

/** The database of a test plane, and how it is done with. */
async function openOwnDatabase(
  replicaOf: TestPlane | undefined,
  location: DatabaseLocation | undefined,
): Promise<{ readonly database: Database; close(): Promise<void> }> {
  if (replicaOf !== undefined) return { database: replicaOf.database, close: async () => undefined };
  if (location !== undefined) {
    const database = await openDatabase(location, { log: logger });
    return { database, close: async () => database.close() };
  }
  const shared = await openSharedDatabase();
  const database = await openDatabase(shared.location, { log: logger });
  return {
    database,
    close: async () => {
      await database.close();
      await shared.drop();
    },
  };
}

async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<{ id: number; event: string; data: Record<string, unknown> }> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const aborted = new Promise<{ done: true; value?: undefined }>((resolve) =>
    signal.addEventListener('abort', () => resolve({ done: true }), { once: true }),
  );
  let text = '';
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), aborted]);
    if (done) break;
    text += value;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('event'))
        yield {
          id: Number(field('id')),
          event: field('event'),
          data: JSON.parse(field('data')) as Record<string, unknown>,
        };
    }
  }
  await reader.cancel().catch(() => undefined);
}
