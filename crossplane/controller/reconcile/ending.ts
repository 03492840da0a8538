/** How a look at a managed resource ends. */
import type { Requeue } from '../contracts.ts';
import { conditionOf, notReady, synced, type Condition } from './conditions.ts';
import type { Pass } from './pass.ts';

export interface Ending {
  readonly kind: 'ended';
  readonly synced: Condition;
  readonly requeue: Requeue;
}

/** The managed resource itself has gone: there is no status to write any more. */
export interface Gone {
  readonly kind: 'gone';
}

/** Nothing went wrong. `going` says what the API is still at work on. */
export function goingOn({ draft, object }: Pass, going: string | undefined): Ending {
  if (going !== undefined && draft.ready?.status === 'True' && conditionOf(object, 'Ready')?.status !== 'True')
    draft.ready = notReady('Creating', going);
  const message = going ?? (draft.ready?.status === 'False' ? (draft.ready.message ?? 'not ready') : undefined);
  return {
    kind: 'ended',
    synced: synced(),
    requeue: message === undefined ? { kind: 'poll' } : { kind: 'progressing', message },
  };
}
