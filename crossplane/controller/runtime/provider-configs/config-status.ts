/** What a provider configuration's status says. */
import { conditionsOf, valueAt, type JsonMap, type KubeObject } from '#kubernetes/object';

import type { ConnectOutcome } from '../../contracts.ts';

/** As many users as help to find them all. */
const NAMED_USERS = 5;

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message?: string;
}

/** The status patch, or undefined when the status is as it should be. */
export function statusPatch(
  config: KubeObject,
  facts: { readonly outcome: ConnectOutcome | undefined; readonly users: readonly string[]; readonly now: string },
): JsonMap | undefined {
  const isDeleted = config.metadata.deletionTimestamp !== undefined;
  const wanted: Condition[] = [];
  if (facts.outcome) wanted.push(readyCondition(facts.outcome));
  if (isDeleted && facts.users.length > 0) wanted.push(terminatingCondition(facts.users));
  const before = conditionsOf(config);
  const replaced = new Set(wanted.map(({ type }) => type));
  const generation = config.metadata.generation;
  const conditions = [
    ...before.filter((condition) => !replaced.has(String(condition['type']))),
    ...wanted.map((condition) => withTimes(condition, before, generation, facts.now)),
  ];
  const isSame =
    valueAt(config, 'status', 'users') === facts.users.length &&
    wanted.every((condition) => {
      const found = before.find(({ type }) => type === condition.type);
      return (
        found?.['status'] === condition.status &&
        found['reason'] === condition.reason &&
        (found['message'] ?? '') === (condition.message ?? '') &&
        found['observedGeneration'] === generation
      );
    });
  return isSame ? undefined : { status: { users: facts.users.length, conditions } };
}

function readyCondition(outcome: ConnectOutcome): Condition {
  return outcome.kind === 'connected'
    ? { type: 'Ready', status: 'True', reason: 'Available' }
    : { type: 'Ready', status: 'False', reason: outcome.reason, message: outcome.message };
}

function terminatingCondition(users: readonly string[]): Condition {
  const more = users.length > NAMED_USERS ? `, and ${users.length - NAMED_USERS} more` : '';
  const noun = users.length === 1 ? 'managed resource uses' : 'managed resources use';
  return {
    type: 'Terminating',
    status: 'True',
    reason: 'InUse',
    message: `${users.length} ${noun} it: ${users.slice(0, NAMED_USERS).join(', ')}${more}. It goes when the last of them is gone.`,
  };
}

function withTimes(
  condition: Condition,
  before: readonly JsonMap[],
  observedGeneration: number | undefined,
  now: string,
): JsonMap {
  const found = before.find(({ type }) => type === condition.type);
  const since = found?.['status'] === condition.status ? found['lastTransitionTime'] : undefined;
  return {
    ...condition,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: typeof since === 'string' ? since : now,
  };
}
