/** The controller of managed resources as a process: how fast 500 become Ready, and what they cost when nothing happens. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLogger } from '#core/log';
import { delay } from '#core/retry';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { watchKind } from '#kubernetes/watch';
import {
  applyObjects,
  installManagedResources,
  providerConfigs,
  startController,
  type RunningController,
} from '#test/support/controller';

import { type CountedRequest, type CountingProxy, startCountingProxy, startPlaneProxy } from './counting-proxy.ts';
import { API_VERSION, isReady, KINDS, managedResources, NAMESPACE, SIZES } from './crossplane-managed.ts';
import type { Environment } from './environment.ts';
import { coresDuring, findDescendant, peakMiB, residentMiB } from './processes.ts';
import { type Row, duration } from './statistics.ts';

/** Creates that are on their way at one time. */
const CREATING = 20;
const IDLE_MS = 60_000;
/** Silent for so long, it has nothing more to do. */
const QUIET_MS = 5_000;
const WAIT_MS = 180_000;
/** So high that the machine is measured, and not the limit. */
const RATE_LIMIT = { requestsPerSecond: 1_000, burst: 1_000 };
/** What the API server's schema gives a provider configuration that says nothing about it. */
const DEFAULT_LIMIT = { requestsPerSecond: 20, burst: 40 };
/** The controller's defaults; of the longer one up to a tenth is taken away at random. */
const POLL_SECONDS = 60;
const RESYNC_SECONDS = 10 * 3_600;
const RESYNC_SPREAD = 0.1;
const HOUR = 3_600;
const GOAL_PER_HOUR = 1;

interface Bench {
  readonly environment: Environment;
  /** As somebody else than the controller, and not through its proxy. */
  readonly kube: KubeClient;
  readonly api: CountingProxy;
  readonly kubernetes: CountingProxy;
  /** Leads through the proxy. */
  readonly kubeconfig: string;
}

export async function benchController(environment: Environment, folder: string): Promise<Row[]> {
  await installManagedResources(environment);
  const access = await accessFromKubeconfig(environment.kubeconfig);
  const kube = createKubeClient(access, { fieldManager: 'bench' });
  const api = await startPlaneProxy(environment, join(folder, 'controller-api'), { plainPalette: false });
  const plain = await startPlaneProxy(environment, join(folder, 'controller-plain'), { plainPalette: true });
  const { hostname, port } = access.server;
  const { ca, cert, key } = access.tls;
  const kubernetes = await startCountingProxy(
    { host: hostname, port, ca: text(ca), cert: text(cert), key: text(key) },
    join(folder, 'kubernetes'),
  );
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigFor(kubernetes), { mode: 0o600 });
  try {
    const bench = { environment, kube, api, kubernetes, kubeconfig };
    await applyObjects(environment, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
    const first = await withController(bench, async (controller) => fromNothing(bench, controller));
    const again = await startedAnew(bench);
    const polled = await startedAnew({ ...bench, api: plain });
    return [...first.rows, ...perHour(first.idleRequests, { again, polled })];
  } finally {
    kube.close();
    await Promise.all([api.stop(), plain.stop(), kubernetes.stop()]);
  }
}

const total = KINDS.reduce((sum, kind) => sum + SIZES[kind], 0);

async function fromNothing(
  bench: Bench,
  controller: RunningController,
): Promise<{ readonly rows: Row[]; readonly idleRequests: number }> {
  const { api, kubernetes, kube, environment } = bench;
  const pid = pidOf(controller);
  const plane = await findDescendant(environment.pid, ['plane', 'run']);
  const apiServer = await findDescendant(environment.pid, ['kube-apiserver']);
  await settled(controller, api);
  const emptyMiB = await residentMiB(pid);
  api.take();
  kubernetes.take();

  const stop = new AbortController();
  const ready = allReady(kube, stop.signal);
  const started = performance.now();
  let tookMs = 0;
  const answered = await answers(controller);
  const [ownCores, planeCores, serverCores] = await coresDuring([pid, plane, apiServer], async () => {
    await createAll(kube);
    tookMs = (await ready.finally(() => stop.abort())) - started;
  });
  const burstMiB = await residentMiB(pid);
  const { count, seconds: waited } = await answers(controller);
  const meanMs = ((waited - answered.seconds) / (count - answered.count)) * 1000;
  const burst = split(api.take());
  await settled(controller, api);
  const after = split(api.take());
  const writes = kubernetes.take().filter(isWrite);

  const [idleCores] = await coresDuring([pid], async () => delay(IDLE_MS));
  const idle = api.take();
  const inKubernetes = kubernetes.take();
  const leases = inKubernetes.filter(isLease);
  const others = inKubernetes.filter((request) => !isLease(request));
  const fullMiB = await residentMiB(pid);

  const { requestsPerSecond, burst: atOnce } = DEFAULT_LIMIT;
  const limitedMs = ((burst.calls - atOnce) / requestsPerSecond) * 1000;
  const seconds = IDLE_MS / 1000;
  const row = (measure: string, figure: string): Row => ({ bench: 'controller', measure, figure });
  const each = (count: number): string => `${count}, ${(count / total).toFixed(2)} per resource`;
  const mix = KINDS.map((kind) => `${SIZES[kind]} ${kind}`).join(', ');
  return {
    idleRequests: idle.length,
    rows: [
      row(`${total} managed resources (${mix}) from the first create to all Ready`, duration(tookMs)),
      row('API calls until then', `${each(burst.calls)}; ${duration(meanMs)} to an answer on average`),
      row('API calls after that, until nothing is left to do', each(after.calls)),
      row('Kubernetes writes of all that', each(writes.length)),
      row(
        'processor in that time: controller / plane / Kubernetes API server',
        [ownCores, planeCores, serverCores].map((cores) => cores.toFixed(2)).join(' / '),
      ),
      row(
        `computed: the calls alone at the default rate limit of ${requestsPerSecond} a second (measured above with ${RATE_LIMIT.requestsPerSecond})`,
        `at least ${duration(limitedMs)}`,
      ),
      row(`measured: API calls in ${seconds} s when nothing happens`, `${idle.length}`),
      row(
        `Kubernetes requests in ${seconds} s when nothing happens: writes / reads and watches / for its Lease`,
        `${others.filter(isWrite).length} / ${others.filter((request) => !isWrite(request)).length} / ${leases.length}`,
      ),
      row(`processor in ${seconds} s when nothing happens`, `${idleCores.toFixed(3)} cores`),
      row('memory, idle without resources', `${emptyMiB.toFixed(0)} MiB`),
      row(
        `memory, right after ${total} became Ready / most so far`,
        `${burstMiB.toFixed(0)} / ${(await peakMiB(pid)).toFixed(0)} MiB`,
      ),
      row(`memory, idle with ${total} resources`, `${fullMiB.toFixed(0)} MiB`),
    ],
  };
}

/** How many answers of the API the controller has had, and how long it waited for them. */
async function answers({ metric }: RunningController): Promise<{ readonly count: number; readonly seconds: number }> {
  const [count, seconds] = await Promise.all([
    metric('palette_controller_api_request_seconds_count'),
    metric('palette_controller_api_request_seconds_sum'),
  ]);
  return { count, seconds };
}

interface Looks {
  readonly requests: number;
  readonly looks: number;
  readonly ms: number;
}

/** Starts the controller on what exists already: it looks at each managed resource. */
async function startedAnew(bench: Bench): Promise<Looks> {
  bench.api.take();
  const started = performance.now();
  return withController(bench, async (controller) => {
    await settled(controller, bench.api, total);
    const looks = await controller.metric('palette_controller_reconcile_seconds_count');
    return { looks, requests: split(bench.api.take()).calls, ms: bench.api.lastAt - started };
  });
}

/**
 * What one managed resource costs in an hour: the calls of a look are measured, how many looks there are is computed. The
 * calls are those on a plain Palette API also where there is a watch: looks that come one at a time read one at a time.
 */
function perHour(idleRequests: number, { again, polled }: { readonly again: Looks; readonly polled: Looks }): Row[] {
  const row = (measure: string, figure: string): Row => ({ bench: 'controller', measure, figure });
  const perLook = polled.requests / polled.looks;
  const measured = (idleRequests / total) * (HOUR / (IDLE_MS / 1000));
  const resyncs = (HOUR / (RESYNC_SECONDS * (1 - RESYNC_SPREAD))) * perLook;
  const watched = measured + resyncs;
  const looked = ({ requests, looks, ms }: Looks): string =>
    `${duration(ms)}, ${requests} API calls, ${looks} looks, ${(requests / looks).toFixed(2)} calls per look`;
  return [
    row(`started anew on ${total} resources: until nothing is left to do`, looked(again)),
    row('the same, on an API without watch and bulk (plain Palette API)', looked(polled)),
    {
      ...row(
        'API calls per idle resource and hour, with watch: measured when nothing happens + computed for a look in 9 h',
        `${watched.toFixed(2)} (${measured.toFixed(2)} + ${resyncs.toFixed(2)})`,
      ),
      target: `<= ${GOAL_PER_HOUR}`,
      met: watched <= GOAL_PER_HOUR,
    },
    row(
      `API calls per idle resource and hour, without watch: computed for a look every ${POLL_SECONDS} s`,
      ((HOUR / POLL_SECONDS) * perLook).toFixed(0),
    ),
  ];
}

async function withController<T>(
  { environment, api, kubeconfig }: Bench,
  work: (controller: RunningController) => Promise<T>,
): Promise<T> {
  const access = { host: api.host, apiKey: environment.apiKey, ca: await readFile(api.caFile, 'utf8') };
  const spec = { project: environment.projectName, rateLimit: RATE_LIMIT };
  await applyObjects(environment, providerConfigs(access, { namespace: NAMESPACE, spec }));
  const controller = await startController({ kubeconfig }, { args: [`--namespace=${NAMESPACE}`] });
  try {
    return await work(controller);
  } finally {
    await controller.stop();
  }
}

/** Waits until the controller leads, has looked so many times, has nothing more to do and asks the API nothing for a while. */
async function settled(controller: RunningController, api: CountingProxy, looks = 0): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const [leads, length, looked] = await Promise.all([
      controller.metric('palette_controller_leader'),
      controller.metric('palette_controller_queue_length'),
      controller.metric('palette_controller_reconcile_seconds_count'),
    ]);
    if (leads === 1 && length === 0 && looked >= looks && performance.now() - api.lastAt > QUIET_MS) return;
    if (performance.now() > deadline) {
      throw new Error(`the controller has not come to rest within ${WAIT_MS / 1000} s: ${length} resources wait`);
    }
    await delay(200);
  }
}

async function createAll(kube: KubeClient): Promise<void> {
  const waiting = managedResources();
  const worker = async (): Promise<void> => {
    for (let object = waiting.shift(); object !== undefined; object = waiting.shift()) {
      await kube.create(object, { signal: AbortSignal.timeout(WAIT_MS) });
    }
  };
  await Promise.all(Array.from({ length: CREATING }, worker));
}

/** The moment at which every managed resource is Ready. @throws Error that says how many were not in time */
async function allReady(kube: KubeClient, ended: AbortSignal): Promise<number> {
  const limit = AbortSignal.timeout(WAIT_MS);
  const signal = AbortSignal.any([ended, limit]);
  const missing = new Map(managedResources().map((object) => [objectKey(refOf(object)), object]));
  const done = new Promise<number>((resolve, reject) => {
    const note = (object: KubeObject): void => {
      const key = objectKey(refOf(object));
      if (!missing.has(key)) return;
      if (isReady(object)) missing.delete(key);
      else missing.set(key, object);
      if (missing.size === 0) resolve(performance.now());
    };
    const follow = async (kind: string): Promise<void> => {
      const type = await kube.discovery.resourceType({ apiVersion: API_VERSION, kind }, { signal });
      if (!type) throw new Error(`the API server has no ${kind}`);
      for await (const event of watchKind(kube, type, { namespace: NAMESPACE, signal, log: silentLogger })) {
        if (event.kind === 'synced') event.objects.forEach(note);
        else if (event.kind === 'changed') note(event.object);
      }
    };
    limit.addEventListener('abort', () => {
      const [one] = missing.values();
      const words = JSON.stringify(one?.['status']);
      reject(new Error(`${missing.size} resources are not Ready after ${WAIT_MS / 1000} s; one of them: ${words}`));
    });
    Promise.all(KINDS.map(follow)).catch((error: unknown) => {
      if (!signal.aborted) reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
  done.catch(() => undefined); // Whoever waits for it is told; until then creates may fail first.
  return done;
}

/** The event stream is asked for once, and then it is open: no call. */
function split(requests: readonly CountedRequest[]): { readonly calls: number } {
  return { calls: requests.filter(({ path }) => !path.startsWith('/v1/events')).length };
}

const isWrite = ({ method }: CountedRequest): boolean => method !== 'GET';
const isLease = ({ path }: CountedRequest): boolean => path.startsWith('/apis/coordination.k8s.io/');

function pidOf({ service }: RunningController): number {
  const pid = service.pid();
  if (pid === undefined) throw new Error('the controller does not run');
  return pid;
}

const text = (pem: string | Buffer | undefined): string | undefined => pem?.toString();

function kubeconfigFor({ host, caFile }: CountingProxy): string {
  const name = 'bench';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: `https://${host}`, 'certificate-authority': caFile } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [{ name, user: {} }],
  });
}
