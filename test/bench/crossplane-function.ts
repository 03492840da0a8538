/** The composition function as a process: how fast it answers Crossplane, and what 300 composites cost it and the API. */
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { z } from 'zod';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { delay } from '#core/retry';
import type { Handler } from '#crossplane/function/handler';
import {
  callUntilStable,
  clusterProviderConfig,
  composed,
  credentials,
  encoded,
  type Call,
} from '#crossplane/function/testing/rounds';
import type { KubeObject } from '#kubernetes/object';
import type { Scope } from '#openapi/client/index';
import { createCaller, type Caller, type CallerTls } from '#test/crossplane/function/support/caller';
import { startFunction, type TestFunction } from '#test/support/crossplane';

import { type CountingProxy, startPlaneProxy } from './counting-proxy.ts';
import type { Environment } from './environment.ts';
import { coresDuring, residentMiB } from './processes.ts';
import { type Row, duration, median, percentile } from './statistics.ts';

const COMPOSITES = 300;
const PROFILES = 20;
const PROFILES_EACH = 2;
/** Times that each composite is reconciled, one at a time, when everything is known. */
const WARM_PASSES = 3;
/** Reconciles that Crossplane runs at one time unless told otherwise (`--max-concurrent-reconciles`). */
const CONCURRENCY = 100;
/**
 * Crossplane comes back to a composite once in 60 s where it polls. (With realtime compositions, its default since
 * version 2, it comes back when something changed, or when the answer is as old as the function said.)
 */
const POLL_MS = 60_000;
/** Reconciles in that time beyond one for each composite: changes of composites and of what is composed. */
const EXTRA = 60;
const IDLE_MS = 10_000;
const START_MS = 10_000;
const P50_GOAL_MS = 5;
const CORES_GOAL = 0.1;

/** Calls by how much is known: Crossplane's first call of a reconcile only asks for objects of the cluster. */
interface Samples {
  readonly asking: number[];
  readonly composing: number[];
  /** All calls of one reconcile. */
  readonly reconciles: number[];
}

export async function benchFunction(environment: Environment, folder: string): Promise<Row[]> {
  const proxy = await startPlaneProxy(environment, join(folder, 'function-api'), { plainPalette: false });
  const { tlsDir, tls } = await makeCertificates(join(folder, 'function-tls'));
  const cluster = await connection(environment, proxy);
  await makeProfiles(environment);
  const calls = composites().map((composite): Call => ({ composite, cluster }));
  try {
    return [
      ...(await withFunction({ tlsDir, tls }, async (started, caller) =>
        oneAtATime({ started, caller, proxy, calls }),
      )),
      ...(await withFunction({ tlsDir, tls }, async (_, caller) => manyAtOnce({ caller, proxy, calls }))),
    ];
  } finally {
    await proxy.stop();
  }
}

interface Bench {
  readonly caller: Caller;
  readonly proxy: CountingProxy;
  readonly calls: readonly Call[];
}

async function oneAtATime({
  started,
  caller,
  proxy,
  calls,
}: Bench & { readonly started: TestFunction }): Promise<Row[]> {
  const pid = pidOf(started);
  const idleMiB = await residentMiB(pid);
  const cold = noSamples();
  proxy.take();
  const known: Call[] = [];
  for (const call of calls) known.push(withObserved(call, await reconcile(caller, call, cold)));
  const coldRequests = proxy.take().length;
  const warm = noSamples();
  for (let pass = 0; pass < WARM_PASSES; pass++) {
    for (const call of known) await reconcile(caller, call, warm);
  }
  proxy.take();
  const steady = noSamples();
  const [cores] = await coresDuring([pid], async () => steadily(caller, known, steady));
  const steadyRequests = proxy.take().length;
  const busyMiB = await residentMiB(pid);
  const [idleCores] = await coresDuring([pid], async () => delay(IDLE_MS));
  const idleRequests = proxy.take().length;
  const row = (measure: string, figure: string): Row => ({ bench: 'function', measure, figure });
  const perSecond = ((calls.length + EXTRA) / POLL_MS) * 1000;
  const callsPerSecond = ((steady.asking.length + steady.composing.length) / POLL_MS) * 1000;
  const p50 = median(warm.composing);
  return [
    row(
      `RunFunction, cold: first call with everything at hand for each of ${calls.length} composites, p50 / p99`,
      both(cold.composing),
    ),
    {
      ...row(`RunFunction, warm: the same, ${WARM_PASSES} times each, p50 / p99`, both(warm.composing)),
      target: `p50 <= ${P50_GOAL_MS} ms`,
      met: p50 <= P50_GOAL_MS,
    },
    row('RunFunction, warm: the call before it, which asks for Secret and provider configuration', both(warm.asking)),
    row('whole reconcile, warm: both calls, p50 / p99', both(warm.reconciles)),
    row(
      `API calls of the first pass over ${calls.length} composites (${PROFILES} profiles, ${PROFILES_EACH} each)`,
      `${coldRequests}, ${(coldRequests / calls.length).toFixed(2)} per composite`,
    ),
    {
      ...row(
        `processor, ${calls.length} composites once in ${POLL_MS / 1000} s and ${EXTRA} more: ${perSecond.toFixed(0)} reconciles, ${callsPerSecond.toFixed(0)} calls a second`,
        `${cores.toFixed(3)} cores`,
      ),
      target: `<= ${CORES_GOAL} cores`,
      met: cores <= CORES_GOAL,
    },
    row('RunFunction in that time, p50 / p99', both(steady.composing)),
    row(
      `API calls in that time (${POLL_MS / 1000} s)`,
      `${steadyRequests}, ${(steadyRequests / calls.length).toFixed(2)} per composite`,
    ),
    row(
      `processor and API calls when nobody calls, ${IDLE_MS / 1000} s`,
      `${idleCores.toFixed(3)} cores, ${idleRequests} calls`,
    ),
    row(`memory, idle / after ${calls.length} composites`, `${idleMiB.toFixed(0)} / ${busyMiB.toFixed(0)} MiB`),
  ];
}

/** As when Crossplane is started anew, and the function is, too. */
async function manyAtOnce({ caller, proxy, calls }: Bench): Promise<Row[]> {
  const samples = noSamples();
  proxy.take();
  const waiting = [...calls];
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) await reconcile(caller, call, samples);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const took = performance.now() - started;
  const requests = proxy.take().length;
  return [
    {
      bench: 'function',
      measure: `just started, ${calls.length} composites with ${CONCURRENCY} at one time: all of them, API calls`,
      figure: `${duration(took)}, ${requests} calls, ${(requests / calls.length).toFixed(2)} per composite`,
    },
  ];
}

async function steadily(caller: Caller, calls: readonly Call[], samples: Samples): Promise<void> {
  const total = calls.length + EXTRA;
  const running: Promise<unknown>[] = [];
  const started = performance.now();
  for (let index = 0; index < total; index++) {
    await delay(Math.max(0, started + (index * POLL_MS) / total - performance.now()));
    const call = calls[index % calls.length];
    if (call !== undefined) running.push(reconcile(caller, call, samples));
  }
  await Promise.all(running);
  await delay(Math.max(0, started + POLL_MS - performance.now()));
}

/** Calls as Crossplane does in one reconcile. @returns what is composed. @throws Error when the function complains */
async function reconcile(caller: Caller, call: Call, { asking, composing, reconciles }: Samples): Promise<unknown> {
  let total = 0;
  const overWire: Handler = async (request) => {
    // as: JSON of a message is an object
    const json = RunFunctionRequest.toJSON(request) as object;
    const started = performance.now();
    const response = await caller.call(json);
    const took = performance.now() - started;
    total += took;
    const { cluster } = response.desired?.resources ?? {};
    (Object.keys(request.requiredResources).length === 0 || cluster === undefined ? asking : composing).push(took);
    return response;
  };
  const called = await callUntilStable(overWire, call);
  reconciles.push(total);
  const { cluster } = composed(called);
  const [complaint] = called.response.results;
  if (complaint !== undefined) throw new Error(`the function complained: ${complaint.message}`);
  if (cluster === undefined) throw new Error('the function composed nothing');
  return cluster;
}

const Composed = z.object({ resource: z.looseObject({ metadata: z.looseObject({}).default({}) }) });
const Named = z.object({ metadata: z.object({ name: z.string() }) });

/** The call as it is when what was composed exists and is Ready. */
function withObserved(call: Call, desired: unknown): Call {
  const { metadata, ...rest } = Composed.parse(desired).resource;
  const { name } = Named.parse(call.composite).metadata;
  const condition = (type: string, reason: string): object => ({
    type,
    status: 'True',
    reason,
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
    observedGeneration: 1,
  });
  const object = {
    ...rest,
    metadata: {
      ...metadata,
      name: `${name}-5d41402abc4b`,
      uid: `managed-${name}`,
      generation: 1,
      annotations: {
        'crossplane.io/external-name': 'a'.repeat(24),
        'crossplane.io/composition-resource-name': 'cluster',
      },
      finalizers: ['finalizer.managedresource.crossplane.io'],
    },
    status: {
      atProvider: { id: 'a'.repeat(24), name, state: 'Running', healthStatus: 'Healthy' },
      conditions: [condition('Ready', 'Available'), condition('Synced', 'ReconcileSuccess')],
    },
  };
  return { ...call, observed: { cluster: { object } } };
}

function composites(): KubeObject[] {
  return Array.from({ length: COMPOSITES }, (_, index) => {
    const name = `cluster-${String(index).padStart(3, '0')}`;
    return {
      apiVersion: 'fleet.palette-iac.dev/v1alpha1',
      kind: 'PaletteCluster',
      metadata: { name, namespace: `team-${index % 10}`, uid: `composite-${index}`, generation: 1 },
      spec: {
        crossplane: { compositionRef: { name: 'paletteclusters.fleet.palette-iac.dev' } },
        cloud: { type: 'generic' },
        description: `Cluster ${index} of the bench`,
        tags: ['bench:yes', `team:${index % 10}`],
        profiles: Array.from({ length: PROFILES_EACH }, (_, position) => ({
          name: profileName((index + position * 7) % PROFILES),
          version: '1.0.0',
          variables: { greeting: `hello-${index}`, replicas: String(1 + (index % 9)) },
        })),
      },
    };
  });
}

const profileName = (index: number): string => `function-${index}`;

async function makeProfiles({ client, projectName }: Environment): Promise<void> {
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const projectUid = items.find(({ metadata }) => metadata?.name === projectName)?.metadata?.uid;
  if (projectUid === undefined) throw new Error(`the plane has no project ${projectName}`);
  const scope: Scope = { kind: 'project', projectUid };
  for (let index = 0; index < PROFILES; index++) {
    const content = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: f-${index}, namespace: default}\n`;
    await client.post('/v1/clusterprofiles', {
      scope,
      query: { publish: true },
      body: {
        metadata: { name: profileName(index) },
        spec: {
          version: '1.0.0',
          template: {
            type: 'add-on',
            cloudType: 'all',
            packs: [
              { name: 'objects', type: 'manifest', layer: 'addon', values: '', manifests: [{ name: 'it', content }] },
            ],
          },
          variables: [
            { name: 'greeting', displayName: 'Greeting', format: 'string', regex: '^[a-z0-9-]+$', required: true },
            { name: 'replicas', displayName: 'Replicas', format: 'number', defaultValue: '1' },
          ],
        },
      },
    });
  }
}

/** The objects of the cluster that say where the API is. */
async function connection({ apiKey, projectName }: Environment, proxy: CountingProxy): Promise<KubeObject[]> {
  const ca = await readFile(proxy.caFile, 'utf8');
  return [
    { ...clusterProviderConfig, spec: { ...clusterProviderConfig.spec, project: projectName } },
    { ...credentials, data: { apiKey: encoded(apiKey), host: encoded(proxy.host), 'ca.crt': encoded(ca) } },
  ];
}

interface Certificates {
  /** What Crossplane mounts into the function's Pod. */
  readonly tlsDir: string;
  /** What Crossplane has itself. */
  readonly tls: CallerTls;
}

async function makeCertificates(dir: string): Promise<Certificates> {
  const authority = await ensureAuthority({ dir, name: 'ca' });
  const names = ['localhost', '127.0.0.1'];
  const server = await ensureCertificate({
    dir,
    name: 'server',
    authority,
    commonName: 'function',
    names,
    usages: ['server'],
  });
  const client = await ensureCertificate({
    dir,
    name: 'client',
    authority,
    commonName: 'crossplane',
    names: [],
    usages: ['client'],
  });
  const tlsDir = join(dir, 'function');
  await mkdir(tlsDir, { mode: 0o700 });
  await cp(authority.certFile, join(tlsDir, 'ca.crt'));
  await cp(server.certFile, join(tlsDir, 'tls.crt'));
  await cp(server.keyFile, join(tlsDir, 'tls.key'));
  const [ca, cert, key] = await Promise.all(
    [authority.certFile, client.certFile, client.keyFile].map(async (file) => readFile(file)),
  );
  if (ca === undefined) throw new Error('the authority has no certificate');
  return { tlsDir, tls: { ca, ...(cert && key ? { cert, key } : {}) } };
}

async function withFunction(
  { tlsDir, tls }: Certificates,
  work: (started: TestFunction, caller: Caller) => Promise<Row[]>,
): Promise<Row[]> {
  const started = await startFunction({ tlsDir });
  const caller = createCaller(started.port, tls);
  try {
    await untilServed(caller);
    return await work(started, caller);
  } finally {
    caller.close();
    await started.stop();
  }
}

/** Its health may be told before it listens; and the connection, which Crossplane keeps, is not what is measured. */
async function untilServed(caller: Caller): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    try {
      await caller.call({});
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}

function pidOf({ service }: TestFunction): number {
  const pid = service.pid();
  if (pid === undefined) throw new Error('the function does not run');
  return pid;
}

const noSamples = (): Samples => ({ asking: [], composing: [], reconciles: [] });

const both = (samples: readonly number[]): string =>
  `${duration(median(samples))} / ${duration(percentile(samples, 0.99))}`;
