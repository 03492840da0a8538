/** A reconciler with everything around it in memory. */
import { silentLogger } from '#core/log';
import { kindsOf, type ManagedKind } from '../../../schema/kinds.ts';
import type { AnyResource } from '#resources/index';
import { isMap, refOf, type JsonMap, type ObjectRef } from '#kubernetes/object';

import type {
  ConnectOutcome,
  EventReason,
  ManagedObject,
  ReconcileResult,
  Reconciler,
  ReconcilerDependencies,
} from '../../contracts.ts';
import { conditionOf, type StoredCondition } from '../conditions.ts';
import { createReconciler } from '../reconciler.ts';
import { createFakeKube, type FakeKube, type Step } from './fake-kube.ts';
import { createFakePalette, type FakePalette } from './fake-palette.ts';

export interface World {
  readonly kube: FakeKube;
  readonly palette: FakePalette;
  readonly events: { readonly type: string; readonly reason: EventReason; readonly message: string }[];
  readonly released: string[];
  now: number;
  connect: ConnectOutcome | undefined;
  rival: ObjectRef | undefined;
  /** A new process: what the old one remembered is gone. */
  restart(): void;
  make(kind: ManagedKind, object: MakeObject): ObjectRef;
  /** One look. */
  reconcile(ref: ObjectRef): Promise<ReconcileResult>;
  /** Looks until there is nothing more to be done soon. */
  settle(ref: ObjectRef): Promise<ReconcileResult>;
  object(ref: ObjectRef): ManagedObject;
  condition(ref: ObjectRef, type: 'Synced' | 'Ready'): StoredCondition | undefined;
}

export interface MakeObject {
  readonly name?: string;
  readonly spec: JsonMap;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const [project] = kindsOf('spectrocloud_project');
export const [account, clusterAccount] = kindsOf('spectrocloud_cloudaccount_aws');

export interface WorldOptions {
  /** See `Step`. */
  readonly step?: Step;
  /** Whether the API knows idempotency keys. */
  readonly isIdempotent?: boolean;
  /** A definition of the test's own, behind every kind. */
  readonly definition?: AnyResource;
}

export function createWorld({ step, isIdempotent = true, definition }: WorldOptions = {}): World {
  const kube = createFakeKube(step === undefined ? {} : { step });
  const palette = createFakePalette({ isIdempotent, ...(step === undefined ? {} : { step }) });
  const kinds = new Map<string, ManagedKind>();
  const deps: ReconcilerDependencies = {
    kube: kube.client,
    providerConfigs: {
      connect: async () =>
        world.connect ?? {
          kind: 'connected',
          connection: {
            client: palette.client,
            projectUid: 'p1',
            projectName: 'Default',
            realm: 'r',
            watched: () => false,
          },
        },
      release: async (_kind, object) => {
        world.released.push(object.metadata.name);
      },
    },
    claims: { rival: () => world.rival },
    lookup: {
      get: async (ref) => kube.get(ref),
      list: async (kind, { labels }) =>
        [...kube.objects.values()].filter(
          (object): object is ManagedObject =>
            object.kind === kind.kind &&
            isMap(object['spec']) &&
            Object.entries(labels).every(([key, value]) => object.metadata.labels?.[key] === value),
        ),
    },
    events: {
      record: ({ type, reason, message }) => {
        world.events.push({ type, reason, message });
      },
    },
    log: silentLogger,
    now: () => world.now,
  };
  const begin = (): Reconciler =>
    createReconciler(deps, definition === undefined ? {} : { load: async () => definition });
  let reconciler = begin();
  const world: World = {
    kube,
    palette,
    events: [],
    released: [],
    now: Date.parse('2026-01-01T00:00:00Z'),
    connect: undefined,
    rival: undefined,
    restart: () => {
      reconciler = begin();
    },
    make: (kind, { name = 'web', spec, annotations }) => {
      kinds.set(kind.kind, kind);
      return refOf(
        kube.put({
          apiVersion: kind.apiVersion,
          kind: kind.kind,
          metadata: {
            name,
            ...(kind.scope === 'Namespaced' ? { namespace: 'team' } : {}),
            ...(annotations === undefined ? {} : { annotations }),
          },
          spec,
        }),
      );
    },
    reconcile: async (ref) => {
      const kind = kinds.get(ref.kind);
      if (kind === undefined) throw new Error(`make ${ref.kind} first`);
      world.now += 1000;
      return reconciler.reconcile(kind, world.object(ref), { signal: new AbortController().signal });
    },
    settle: async (ref) => {
      for (let looks = 0; looks < 20; looks++) {
        const result = await world.reconcile(ref);
        const isDone = result.requeue.kind === 'poll' || result.requeue.kind === 'rest';
        if (isDone || kube.get(ref) === undefined) return result;
      }
      throw new Error('it does not settle');
    },
    object: (ref) => {
      const object = kube.get(ref);
      if (object === undefined) throw new Error(`${ref.name} is gone`);
      // as: every object that is made here has a spec
      return object as ManagedObject;
    },
    condition: (ref, type) => conditionOf(world.object(ref), type),
  };
  return world;
}
