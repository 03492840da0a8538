/**
 * Whether an object is what its spec asks for, by the rules of kstatus
 * (sigs.k8s.io/cli-utils/pkg/kstatus): per kind where the kind has no conditions that say so,
 * by `Ready`, `Reconciling` and `Stalled` conditions and the observed generation otherwise.
 */
import { conditionsOf, groupOf, isMap, mapAt, valueAt, type JsonMap, type KubeObject } from '#kubernetes/object';

export type Readiness =
  | { readonly kind: 'current' }
  | { readonly kind: 'in progress'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'terminating' };

const CURRENT: Readiness = { kind: 'current' };
const waiting = (message: string): Readiness => ({ kind: 'in progress', message });
const failed = (message: string): Readiness => ({ kind: 'failed', message });

type Rule = (object: KubeObject) => Readiness;

/** An unscheduled pod is called failed after this, in milliseconds, as kstatus does. */
const SCHEDULE_WINDOW_MS = 15_000;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Deployment.apps', deployment],
  ['StatefulSet.apps', statefulSet],
  ['DaemonSet.apps', daemonSet],
  ['ReplicaSet.apps', replicaSet],
  ['ReplicationController.', replicaSet],
  ['Job.batch', job],
  ['Pod.', pod],
  ['PersistentVolumeClaim.', claim],
  ['Service.', service],
  ['Namespace.', namespace],
  ['CustomResourceDefinition.apiextensions.k8s.io', definition],
  ['PodDisruptionBudget.policy', () => CURRENT],
  ['HorizontalPodAutoscaler.autoscaling', () => CURRENT],
]);

/** The readiness of one object as it stands in the API. */
export function readiness(object: KubeObject): Readiness {
  if (object.metadata.deletionTimestamp !== undefined) return { kind: 'terminating' };
  const observed = valueAt(object, 'status', 'observedGeneration');
  if (
    typeof observed === 'number' &&
    object.metadata.generation !== undefined &&
    observed < object.metadata.generation
  ) {
    return waiting(`generation ${object.metadata.generation} is not observed yet, the newest seen is ${observed}`);
  }
  const conditions = byType(object);
  const stalled = conditions.get('Stalled');
  if (stalled?.status === 'True') return failed(stalled.message);
  const reconciling = conditions.get('Reconciling');
  if (reconciling?.status === 'True') return waiting(reconciling.message);
  const rule = RULES.get(`${object.kind}.${groupOf(object.apiVersion)}`);
  return rule ? rule(object) : generic(conditions);
}

interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

function byType(object: KubeObject): ReadonlyMap<string, Condition> {
  const entries = conditionsOf(object).map((condition): [string, Condition] => {
    const reason = textOf(condition['reason']);
    return [
      textOf(condition['type']),
      { status: textOf(condition['status']), reason, message: textOf(condition['message']) || reason },
    ];
  });
  return new Map(entries);
}

function generic(conditions: ReadonlyMap<string, Condition>): Readiness {
  const ready = conditions.get('Ready');
  if (!ready || ready.status === 'True') return CURRENT;
  return waiting(ready.message || 'the condition Ready is not true');
}

function deployment(object: KubeObject): Readiness {
  const progressing = byType(object).get('Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(progressing.message);
  const { spec, status } = parts(object);
  const want = numberOf(spec['replicas'], 1);
  const updated = numberOf(status['updatedReplicas']);
  if (!isMap(object['status'])) return waiting('no controller has seen it yet');
  if (numberOf(status['replicas']) < want) return waiting(`replicas: ${numberOf(status['replicas'])} of ${want}`);
  if (updated < want) return waiting(`updated: ${updated} of ${want}`);
  if (numberOf(status['replicas']) > updated)
    return waiting(`${numberOf(status['replicas']) - updated} of the former version still there`);
  if (numberOf(status['availableReplicas']) < updated)
    return waiting(`available: ${numberOf(status['availableReplicas'])} of ${updated}`);
  if (numberOf(status['readyReplicas']) < want)
    return waiting(`ready: ${numberOf(status['readyReplicas'])} of ${want}`);
  return CURRENT;
}

function statefulSet(object: KubeObject): Readiness {
  const { spec, status } = parts(object);
  if (textOf(valueAt(spec, 'updateStrategy', 'type')) === 'OnDelete') return CURRENT;
  const want = numberOf(spec['replicas'], 1);
  if (!isMap(object['status'])) return waiting('no controller has seen it yet');
  if (numberOf(status['replicas']) < want) return waiting(`replicas: ${numberOf(status['replicas'])} of ${want}`);
  if (numberOf(status['readyReplicas']) < want)
    return waiting(`ready: ${numberOf(status['readyReplicas'])} of ${want}`);
  if (numberOf(status['replicas']) > want)
    return waiting(`${numberOf(status['replicas']) - want} too many still there`);
  const partition = numberOf(valueAt(spec, 'updateStrategy', 'rollingUpdate', 'partition'));
  if (partition > 0) {
    const updated = numberOf(status['updatedReplicas']);
    return updated < want - partition ? waiting(`updated: ${updated} of ${want - partition}`) : CURRENT;
  }
  if (numberOf(status['currentReplicas']) < want)
    return waiting(`current: ${numberOf(status['currentReplicas'])} of ${want}`);
  if (status['currentRevision'] !== status['updateRevision']) return waiting('the rolling update goes on');
  return CURRENT;
}

function daemonSet(object: KubeObject): Readiness {
  const { status } = parts(object);
  const want = status['desiredNumberScheduled'];
  if (typeof want !== 'number' || typeof status['observedGeneration'] !== 'number')
    return waiting('no controller has seen it yet');
  for (const [what, field] of [
    ['scheduled', 'currentNumberScheduled'],
    ['updated', 'updatedNumberScheduled'],
    ['available', 'numberAvailable'],
    ['ready', 'numberReady'],
  ] as const) {
    const have = numberOf(status[field]);
    if (have < want) return waiting(`${what}: ${have} of ${want}`);
  }
  return CURRENT;
}

function replicaSet(object: KubeObject): Readiness {
  const failure = byType(object).get('ReplicaFailure');
  if (failure?.status === 'True') return waiting(failure.message);
  const { spec, status } = parts(object);
  const want = numberOf(spec['replicas'], 1);
  if (!isMap(object['status'])) return waiting('no controller has seen it yet');
  for (const [what, field] of [
    ['labelled', 'fullyLabeledReplicas'],
    ['available', 'availableReplicas'],
    ['ready', 'readyReplicas'],
  ] as const) {
    const have = numberOf(status[field]);
    if (have < want) return waiting(`${what}: ${have} of ${want}`);
  }
  return numberOf(status['replicas']) > want ? waiting('too many replicas still there') : CURRENT;
}

function job(object: KubeObject): Readiness {
  const conditions = byType(object);
  const failure = conditions.get('Failed');
  if (failure?.status === 'True') return failed(failure.message);
  if (conditions.get('Complete')?.status === 'True' || conditions.get('Suspended')?.status === 'True') return CURRENT;
  return valueAt(object, 'status', 'startTime') === undefined ? waiting('not started yet') : CURRENT;
}

function pod(object: KubeObject): Readiness {
  const { status } = parts(object);
  const conditions = byType(object);
  switch (status['phase']) {
    case 'Succeeded':
      return CURRENT;
    case 'Failed':
      return failed(textOf(status['message']) || 'the pod failed');
    case 'Running':
      if (conditions.get('Ready')?.status === 'True') return CURRENT;
      return crashing(status) ? failed('a container keeps crashing') : waiting('running but not ready');
    default: {
      const scheduled = conditions.get('PodScheduled');
      const age = Date.now() - Date.parse(object.metadata.creationTimestamp ?? '');
      if (scheduled?.reason === 'Unschedulable' && age > SCHEDULE_WINDOW_MS) return failed(scheduled.message);
      return waiting('pending');
    }
  }
}

function crashing(status: JsonMap): boolean {
  const containers = status['containerStatuses'];
  return (Array.isArray(containers) ? containers : []).some(
    (container) => valueAt(container, 'state', 'waiting', 'reason') === 'CrashLoopBackOff',
  );
}

function claim(object: KubeObject): Readiness {
  const phase = textOf(valueAt(object, 'status', 'phase'));
  return phase === 'Bound' ? CURRENT : waiting(`the claim is ${phase || 'not seen yet'}, not Bound`);
}

function service(object: KubeObject): Readiness {
  if (valueAt(object, 'spec', 'type') !== 'LoadBalancer') return CURRENT;
  const addresses = valueAt(object, 'status', 'loadBalancer', 'ingress');
  return Array.isArray(addresses) && addresses.length > 0 ? CURRENT : waiting('the load balancer has no address yet');
}

function namespace(object: KubeObject): Readiness {
  return valueAt(object, 'status', 'phase') === 'Terminating' ? { kind: 'terminating' } : CURRENT;
}

function definition(object: KubeObject): Readiness {
  const conditions = byType(object);
  const names = conditions.get('NamesAccepted');
  if (names?.status === 'False') return failed(names.message);
  const established = conditions.get('Established');
  if (established?.status === 'True') return CURRENT;
  if (established?.status === 'False' && established.reason !== 'Installing') return failed(established.message);
  return waiting('not established yet');
}

function parts(object: KubeObject): { readonly spec: JsonMap; readonly status: JsonMap } {
  return { spec: mapAt(object, 'spec'), status: mapAt(object, 'status') };
}

function numberOf(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
