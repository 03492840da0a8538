/** A Kubernetes API server, a management plane, and controllers between them whose reconciler the test gives. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll } from '@jest/globals';

import type { ControlPlane } from '#cli/local/control-plane';
import { silentLogger, type Logger } from '#core/log';
import type { ControllerConfigInput } from '#crossplane/controller/config';
import type { Reconciler, ReconcilerDependencies, ReconcileResult } from '#crossplane/controller/contracts';
import { runController } from '#crossplane/controller/main';
import { createReconciler } from '#crossplane/controller/reconcile/reconciler';
import { allCrds } from '#crossplane/schema/crds';
import { NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { conditionsOf, refOf, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { resources } from '#resources/index';
import { startCluster, uniqueName } from '#test/support/cluster';
import { startWholePlane, type TestPlane } from '#test/support/plane';

const LIMIT_MS = 30_000;
const START_MS = 20 * 60_000;

export interface Site {
  readonly cluster: ControlPlane;
  readonly plane: TestPlane;
  readonly kube: KubeClient;
  stop(): Promise<void>;
}

/** `controllerManager`: namespaces are emptied and owners collected. Default: no. */
export async function startSite({
  controllerManager = false,
}: { readonly controllerManager?: boolean } = {}): Promise<Site> {
  const [cluster, plane] = await Promise.all([
    startCluster({ controllerManager, scheduler: false, kwok: false }),
    startWholePlane(),
  ]);
  const kube = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'test' });
  const signal = AbortSignal.timeout(LIMIT_MS);
  await serve(kube, await definitions(), { signal });
  return {
    cluster,
    plane,
    kube,
    stop: async () => {
      kube.close();
      await Promise.all([cluster.stop(), plane.stop()]);
    },
  };
}

type StartOptions = Parameters<typeof startController> extends [unknown, ...infer Rest] ? Rest : never;

/** A site for all tests of a suite; what a test makes in it is cleared away after the test. */
export function useSite(): {
  /** There once the suite has begun. */
  readonly site: () => Site;
  readonly newPlace: (options?: Parameters<typeof makePlace>[1]) => Promise<Place>;
  readonly start: (...options: StartOptions) => Promise<RunningController>;
} {
  let started: Site | undefined;
  const running: RunningController[] = [];
  const places: Place[] = [];
  const site = (): Site => {
    if (started === undefined) throw new Error('the suite has not begun');
    return started;
  };
  beforeAll(async () => {
    started = await startSite();
  }, START_MS);
  afterAll(async () => site().stop());
  afterEach(async () => {
    for (const controller of running.splice(0)) await controller.stop();
    for (const place of places.splice(0)) await place.clear();
  });
  return {
    site,
    newPlace: async (options) => {
      const place = await makePlace(site(), options);
      places.push(place);
      return place;
    },
    start: async (...options) => {
      const controller = await startController(site(), ...options);
      running.push(controller);
      return controller;
    },
  };
}

/** Every kind that the controller follows. */
export async function definitions(): Promise<KubeObject[]> {
  // One after the other: Jest's loader cannot link modules that are imported at the same time and share others.
  for (const load of Object.values(resources)) await load();
  return (await allCrds()).map((definition) => ({ ...definition }));
}

/** Applies definitions and waits until their kinds are served. */
export async function serve(
  kube: KubeClient,
  definitions: readonly KubeObject[],
  options: { readonly signal: AbortSignal },
): Promise<void> {
  for (const definition of definitions) await kube.apply(definition, options);
  for (const definition of definitions) {
    await eventually(`${definition.metadata.name} is served`, async () => {
      const found = await kube.get(refOf(definition), options);
      return condition(found, 'Established')?.['status'] === 'True' ? true : undefined;
    });
  }
}

export interface Detour {
  /** localhost and port. */
  readonly host: string;
  /** Breaks all connections and refuses new ones, until it is opened again. */
  close(): Promise<void>;
  open(): Promise<void>;
}

/** Another way to the plane, which can be closed. */
export async function makeDetour(plane: TestPlane): Promise<Detour> {
  const port = Number(plane.host.slice(plane.host.indexOf(':') + 1));
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    const outer = connect({ port, host: '127.0.0.1' });
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (at: number): Promise<void> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  // as: it listens on a port
  const own = (server.address() as AddressInfo).port;
  return {
    host: `localhost:${own}`,
    open: async () => listen(own),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A namespace of one test, with a Secret that holds the plane's key and a configuration that names it. */
export interface Place {
  readonly namespace: string;
  /** Makes a managed resource of kind Project. */
  make(
    name: string,
    more?: { readonly annotations?: Record<string, string>; readonly spec?: object },
  ): Promise<KubeObject>;
  read(kind: string, name: string): Promise<KubeObject | undefined>;
  patch(kind: string, name: string, patch: object): Promise<KubeObject>;
  remove(kind: string, name: string): Promise<void>;
  /** Writes the Secret of the configuration. */
  writeSecret(data: Readonly<Record<string, string>>): Promise<void>;
  ref(kind: string, name: string): ObjectRef;
  /** Removes what is in it, whatever holds it: to be called when no controller runs. */
  clear(): Promise<void>;
}

export const CONFIG_NAME = 'plane';
export const SECRET_NAME = 'plane-credentials';

export async function makePlace(site: Site, { spec = {} }: { readonly spec?: object } = {}): Promise<Place> {
  const namespace = uniqueName('place');
  const { kube, plane } = site;
  const options = { signal: AbortSignal.timeout(LIMIT_MS) };
  await kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options);
  const apiVersion = `${NAMESPACED_GROUP}/${VERSION}`;
  const place: Place = {
    namespace,
    ref: (kind, name) => ({ apiVersion, kind, namespace, name }),
    make: async (name, { annotations = {}, spec: extra = {} } = {}) =>
      kube.create(
        {
          apiVersion,
          kind: 'Project',
          metadata: { name, namespace, annotations },
          spec: {
            forProvider: { name },
            providerConfigRef: { kind: 'ProviderConfig', name: CONFIG_NAME },
            ...extra,
          },
        },
        { signal: AbortSignal.timeout(LIMIT_MS) },
      ),
    read: async (kind, name) => kube.get(place.ref(kind, name), { signal: AbortSignal.timeout(LIMIT_MS) }),
    patch: async (kind, name, patch) =>
      kube.mergePatch(place.ref(kind, name), { ...patch }, { signal: AbortSignal.timeout(LIMIT_MS) }),
    remove: async (kind, name) => kube.delete(place.ref(kind, name), { signal: AbortSignal.timeout(LIMIT_MS) }),
    clear: async () => {
      const signal = AbortSignal.timeout(LIMIT_MS);
      for (const kind of ['Project', 'Macros', 'ProviderConfigUsage', 'ProviderConfig']) {
        const type = await kube.discovery.resourceType({ apiVersion, kind }, { signal });
        const { items } = type ? await kube.list(type, { namespace, signal }) : { items: [] };
        for (const object of items) {
          const ref = refOf(object);
          if (object.metadata.finalizers !== undefined) {
            await kube.mergePatch(ref, { metadata: { finalizers: null } }, { signal });
          }
          await kube.delete(ref, { signal });
        }
      }
    },
    writeSecret: async (data) => {
      const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const);
      await kube.apply(
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: SECRET_NAME, namespace },
          data: Object.fromEntries(encoded),
        },
        { signal: AbortSignal.timeout(LIMIT_MS) },
      );
    },
  };
  await place.writeSecret({ apiKey: plane.apiKey, 'ca.crt': plane.ca });
  await kube.create(
    {
      apiVersion,
      kind: 'ProviderConfig',
      metadata: { name: CONFIG_NAME, namespace },
      spec: { credentials: { source: 'Secret', secretRef: { name: SECRET_NAME } }, host: plane.host, ...spec },
    },
    options,
  );
  return place;
}

export interface RunningController {
  readonly port: number;
  /** What its reconciler was given. */
  readonly dependencies: () => ReconcilerDependencies;
  /** Stops it, and gives what it ended with. */
  stop(): Promise<unknown>;
  /** Resolves with what it ended with. */
  readonly ended: Promise<unknown>;
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  /** The sum of a metric's values. */
  metric(name: string): Promise<number>;
}

export async function startController(
  site: Site,
  /** Absent: the controller's own. */
  reconcile: ((dependencies: ReconcilerDependencies) => Reconciler['reconcile']) | undefined,
  config: ControllerConfigInput = {},
  log: Logger = silentLogger,
): Promise<RunningController> {
  const stop = new AbortController();
  let dependencies: ReconcilerDependencies | undefined;
  let tellPort: (port: number) => void = () => undefined;
  const listening = new Promise<number>((resolve) => {
    tellPort = resolve;
  });
  const running = runController(
    { kubeconfig: site.cluster.kubeconfig, namespace: 'default', leaderElection: false, drainMs: 5_000, ...config },
    {
      log,
      signal: stop.signal,
      onListening: ({ port }) => tellPort(port),
      createReconciler: (given) => {
        dependencies = given;
        return reconcile === undefined ? createReconciler(given) : { reconcile: reconcile(given) };
      },
    },
  );
  const ended = running.then(
    () => undefined,
    (error: unknown) => error,
  );
  const port = await Promise.race([listening, running.then(() => Promise.reject(new Error('it has ended')))]);
  const get: RunningController['get'] = async (path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(LIMIT_MS) });
    return { status: response.status, text: await response.text() };
  };
  return {
    port,
    dependencies: () => {
      if (!dependencies) throw new Error('it does not lead yet');
      return dependencies;
    },
    stop: async () => {
      stop.abort(new Error('the test is over'));
      return ended;
    },
    ended,
    get,
    metric: async (name) => {
      const { text } = await get('/metrics');
      const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
  };
}

/** Looks until there is something. @throws Error that says what did not come */
export async function eventually<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`${what}: not within ${LIMIT_MS} ms`);
    await pause(25);
  }
}

/** The condition of that type. */
export function condition(object: KubeObject | undefined, type: string): Readonly<Record<string, unknown>> | undefined {
  return conditionsOf(object).find((entry) => entry['type'] === type);
}

export const done: ReconcileResult = { requeue: { kind: 'poll' }, ready: true, synced: true };
