/** Conditions as Crossplane has them, with reasons of our own besides. */
import { conditionsOf, isMap, type KubeObject } from '#kubernetes/object';

/** Reasons that Crossplane itself uses, and ours: a closed list, so that people and alerts can rely on them. */
export type SyncedReason =
  | 'ReconcileSuccess'
  | 'ReconcileError'
  | 'ReconcilePaused'
  | 'InvalidSpec'
  | 'ReferenceNotReady'
  | 'SecretNotReady'
  | 'CannotConnect'
  | 'CannotObserve'
  | 'CannotCreate'
  | 'CannotUpdate'
  | 'CannotDelete'
  | 'CannotPublishConnectionDetails'
  | 'ExternalResourceNotFound'
  | 'ExternalResourceExists'
  | 'ExternalNameTaken'
  | 'ReplacementRequired'
  | 'UpdateWithoutEffect'
  | 'CreateIncomplete';

export type ReadyReason = 'Available' | 'Creating' | 'Deleting' | 'Unavailable';

export interface Condition {
  readonly type: 'Synced' | 'Ready';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: SyncedReason | ReadyReason;
  readonly message?: string;
}

export interface StoredCondition extends Omit<Condition, 'type' | 'reason'> {
  readonly type: string;
  readonly reason: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export const synced = (): Condition => ({ type: 'Synced', status: 'True', reason: 'ReconcileSuccess' });
export const notSynced = (reason: SyncedReason, message: string): Condition => ({
  type: 'Synced',
  status: 'False',
  reason,
  message,
});
export const ready = (): Condition => ({ type: 'Ready', status: 'True', reason: 'Available' });
export const notReady = (reason: Exclude<ReadyReason, 'Available'>, message?: string): Condition => ({
  type: 'Ready',
  status: 'False',
  reason,
  ...(message === undefined ? {} : { message }),
});

/** The API server takes no longer ones, and nobody reads them. */
const MAX_MESSAGE = 8000;

/**
 * The conditions with some of them set anew. `lastTransitionTime` says since when a condition is as it is: it moves with
 * status or reason, never with the message alone.
 */
export function withConditions(
  stored: readonly StoredCondition[],
  conditions: readonly Condition[],
  { now, generation }: { readonly now: number; readonly generation: number | undefined },
): StoredCondition[] {
  const next = conditions.map((condition): StoredCondition => {
    const before = stored.find(({ type }) => type === condition.type);
    const same = before?.status === condition.status && before.reason === condition.reason;
    return {
      ...condition,
      ...(condition.message === undefined ? {} : { message: condition.message.slice(0, MAX_MESSAGE) }),
      lastTransitionTime: same ? before.lastTransitionTime : `${new Date(now).toISOString().slice(0, 19)}Z`,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
  });
  const others = stored.filter(({ type }) => !next.some((condition) => condition.type === type));
  return [...others, ...next].toSorted((a, b) => (a.type < b.type ? 1 : -1));
}

export function storedConditions(object: KubeObject): StoredCondition[] {
  const found: readonly unknown[] = conditionsOf(object);
  return found.filter(isStored);
}

export function conditionOf(object: KubeObject, type: 'Synced' | 'Ready'): StoredCondition | undefined {
  return storedConditions(object).find((condition) => condition.type === type);
}

function isStored(value: unknown): value is StoredCondition {
  return (
    isMap(value) && ['type', 'status', 'reason', 'lastTransitionTime'].every((key) => typeof value[key] === 'string')
  );
}
