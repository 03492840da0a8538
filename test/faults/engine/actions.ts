/** An action whose effects can be counted: it makes an object under a name that the API server chooses, so a second one would show. */
import type { ActionHandlers } from '#agent/day2/action';

/** Objects that runs made carry the run's id under it. */
export const RUN_LABEL = 'faults.example.com/run';

export interface CountedActions {
  readonly handlers: ActionHandlers;
  /** Runs that were carried out twice at the same time. */
  readonly overlapping: ReadonlySet<string>;
}

/** What the plane asks for as a snapshot of etcd; begun at most once by what the run notes before it does anything. */
export function countedActions(): CountedActions {
  const overlapping = new Set<string>();
  const active = new Map<AbortSignal, string>();
  return {
    overlapping,
    handlers: {
      'etcd-snapshot': async (_spec, { runId, client, namespace, notes, note, progress, signal }) => {
        // A life that was killed may not have noticed yet.
        if ([...active].some(([other, id]) => id === runId && !other.aborted)) overlapping.add(runId);
        active.set(signal, runId);
        try {
          if (notes['begun'] !== undefined) return { message: 'it was begun before' };
          await note('begun', 'yes');
          progress('making', 50);
          await client.create(
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { generateName: 'run-', namespace, labels: { [RUN_LABEL]: runId } },
            },
            { signal },
          );
          return { message: 'made' };
        } finally {
          active.delete(signal);
        }
      },
    },
  };
}
