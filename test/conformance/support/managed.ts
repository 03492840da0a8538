/** Managed resources over the real controller, a real API server and the real plane. */

import { delay } from '#core/retry';
import { ANNOTATIONS } from '#crossplane/schema/groups';
import { kindsOf, type KindScope } from '#crossplane/schema/kinds';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { conditionsOf, mapAt, valueAt, type KubeObject, type ObjectRef } from '#kubernetes/object';
import type { ResourceType } from '#resources/index';
import { kubectl, startCluster } from '#test/support/cluster';
import {
  applyObjects,
  documents,
  installManagedResources,
  providerConfigs,
  startController,
  type RunningController,
} from '#test/support/controller';

import { startConformancePlane, type ConformancePlane } from './plane.ts';
import type { Place } from './to-managed.ts';

export interface ManagedBench {
  readonly plane: ConformancePlane;
  readonly kube: KubeClient;
  readonly kubeconfig: string;
  readonly controller: () => RunningController;
  /** Runs kubectl. @throws Error with its words */
  kubectl(args: readonly string[], input?: readonly KubeObject[]): Promise<string>;
  apply(objects: readonly KubeObject[]): Promise<string>;
  /** Applies manifests as they stand in a file. */
  applyText(text: string): Promise<string>;
  /** What kubectl says when it must fail. @throws Error when it does not */
  refused(args: readonly string[], input: readonly KubeObject[]): Promise<string>;
  stop(): Promise<void>;
}

export interface BenchOptions {
  /** Options of the controller; with `false` there is none. */
  readonly controller?: readonly string[] | false;
  /** How the controller gets to the plane, if not straight. */
  readonly through?: (plane: ConformancePlane) => Promise<Pick<ConformancePlane, 'host' | 'ca'>>;
}

export async function startManagedBench({
  controller: args = ['--no-leader-election'],
  through = async (plane) => plane,
}: BenchOptions = {}): Promise<ManagedBench> {
  const [cluster, plane] = await Promise.all([
    startCluster({ scheduler: false, kwok: false }),
    startConformancePlane(),
  ]);
  await installManagedResources(cluster);
  const { host, ca } = await through(plane);
  const access = { host, ca, apiKey: plane.apiKey };
  await applyObjects(cluster, providerConfigs(access, { namespace: 'default' }));
  const controller = args === false ? undefined : await startController(cluster, { args });
  const kube = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'test' });
  const run = async (args: readonly string[], input?: readonly KubeObject[]): Promise<string> =>
    kubectl(cluster, args, input === undefined ? {} : { input: documents(input) });
  return {
    plane,
    kube,
    kubeconfig: cluster.kubeconfig,
    controller: () => {
      if (controller === undefined) throw new Error('this bench was started without a controller');
      return controller;
    },
    kubectl: run,
    applyText: async (text) => kubectl(cluster, ['apply', '-f', '-'], { input: text }),
    apply: async (objects) => run(['apply', '-f', '-'], objects),
    refused: async (args, input) => {
      let output: string;
      try {
        output = await run(args, input);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      throw new Error(`kubectl ${args.join(' ')} was expected to fail:\n${output}`);
    },
    stop: async () => {
      kube.close();
      await controller?.stop();
      await Promise.all([cluster.stop(), plane.stop()]);
    },
  };
}

/** A kind of either scope, with a namespace for what needs one. */
export function placeOf(type: ResourceType, scope: KindScope): Place {
  const [namespaced, cluster] = kindsOf(type);
  return { kind: scope === 'Namespaced' ? namespaced : cluster, namespace: 'default' };
}

export function refTo({ kind, namespace }: Place, name: string): ObjectRef {
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    name,
    ...(kind.scope === 'Namespaced' ? { namespace } : {}),
  };
}

/** Arguments that name an object to kubectl: `clusterprofiles.m.palette-iac.dev hello -n default`. */
export function argsFor(place: Place, name: string): string[] {
  const { plural, group, scope } = place.kind;
  return [`${plural}.${group}/${name}`, ...(scope === 'Namespaced' ? ['-n', place.namespace] : [])];
}

export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A condition, if it speaks of the object as it is now. */
export function conditionOf(object: KubeObject, type: 'Ready' | 'Synced'): Condition | undefined {
  const found = conditionsOf(object).find((each) => each['type'] === type);
  if (found === undefined || valueAt(found, 'observedGeneration') !== object.metadata.generation) return undefined;
  const text = (key: string): string => textOf(valueAt(found, key));
  return { status: text('status'), reason: text('reason'), message: text('message') };
}

/** Ready, in sync, and known to stand for something. */
export function isReady(object: KubeObject): boolean {
  return (
    conditionOf(object, 'Ready')?.status === 'True' &&
    conditionOf(object, 'Synced')?.status === 'True' &&
    externalNameOf(object) !== ''
  );
}

export function externalNameOf(object: KubeObject): string {
  return textOf(mapAt(object, 'metadata', 'annotations')[ANNOTATIONS.externalName]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Milliseconds that anything may take to become true. */
const PATIENCE_MS = 60_000;

/**
 * Looks until there is an answer.
 *
 * @throws Error naming what was waited for, with what was seen last.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<{ readonly found: T } | { readonly seen: unknown }>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if ('found' in seen) return seen.found;
    if (performance.now() > deadline)
      throw new Error(`waited ${patienceMs / 1000} s in vain: ${what}; now ${JSON.stringify(seen.seen, readable, 1)}`);
    await delay(50);
  }
}

/** Leaves out who wrote which field, which is most of an object. */
function readable(key: string, value: unknown): unknown {
  return key === 'managedFields' ? undefined : value;
}

/** The object as soon as it is as wanted. */
export async function objectWhen(
  kube: KubeClient,
  ref: ObjectRef,
  what: string,
  wanted: (object: KubeObject) => boolean,
  patienceMs?: number,
): Promise<KubeObject> {
  return eventually(
    `${ref.kind} ${ref.name}: ${what}`,
    async () => {
      const object = await kube.get(ref, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return object !== undefined && wanted(object) ? { found: object } : { seen: object };
    },
    patienceMs,
  );
}
