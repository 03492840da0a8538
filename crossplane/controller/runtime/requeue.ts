/** When a managed resource is looked at again. */
import { assertNever } from '#core/assert-never';
import { backoffDelay, type Backoff } from '#core/retry';
import { parseDuration } from '#resources/engine/duration';

import type { ManagedObject, Requeue } from '../contracts.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';

export interface LookContext {
  /** Looks in a row that ended the same way before this one. */
  readonly repeats: number;
  /** How long this look took, in milliseconds. */
  readonly tookMs: number;
  /** Whether the API tells when the external object changes. */
  readonly isWatched: boolean;
  /** What the object's own annotation asks for. */
  readonly ownIntervalMs: number | undefined;
  readonly pollIntervalMs: number;
  readonly resyncIntervalMs: number;
  readonly random: () => number;
}

export type NextLook =
  | { readonly kind: 'after'; readonly ms: number }
  /** Soon, from what the API server has rather than what was last heard. */
  | { readonly kind: 'afresh'; readonly ms: number }
  /** Not before something happens. */
  | { readonly kind: 'none' };

const FAILED: Backoff = { baseMs: 1_000, maxMs: 60_000 };
const CONFLICT: Backoff = { baseMs: 20, maxMs: 1_000 };
const PROGRESSING: Backoff = { baseMs: 1_000, maxMs: 30_000 };
/** Beside a stream that tells of progress, looking only makes up for an event that got lost. */
const PROGRESSING_WATCHED: Backoff = { baseMs: 5_000, maxMs: 60_000 };
/** Those that were looked at together need not be looked at together ten hours later. */
const RESYNC_SPREAD = 0.1;

/** The poll interval counts from the beginning of a look to the beginning of the next one, so that it is kept exactly. */
export function nextLook(requeue: Requeue, context: LookContext): NextLook {
  const { repeats, tookMs, isWatched, ownIntervalMs, random } = context;
  switch (requeue.kind) {
    case 'poll': {
      if (ownIntervalMs !== undefined) return { kind: 'after', ms: Math.max(0, ownIntervalMs - tookMs) };
      if (!isWatched) return { kind: 'after', ms: Math.max(0, context.pollIntervalMs - tookMs) };
      return { kind: 'after', ms: context.resyncIntervalMs * (1 - random() * RESYNC_SPREAD) };
    }
    case 'progressing':
      return {
        kind: 'after',
        ms: backoffDelay(repeats, isWatched ? PROGRESSING_WATCHED : PROGRESSING, random),
      };
    case 'failed':
      return { kind: 'after', ms: backoffDelay(repeats, FAILED, random) };
    case 'conflict':
      return { kind: 'afresh', ms: repeats === 0 ? 0 : backoffDelay(repeats, CONFLICT, random) };
    case 'rest':
      return { kind: 'none' };
    default:
      return assertNever(requeue);
  }
}

/** Shorter ones would only load the API. */
const SHORTEST_INTERVAL_MS = 1_000;

/** The interval that the object's annotation asks for, in milliseconds; `invalid` when it cannot be read. */
export function ownInterval(object: ManagedObject): number | undefined | 'invalid' {
  const text = object.metadata.annotations?.[ANNOTATIONS.pollInterval];
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  return ms === undefined ? 'invalid' : Math.max(ms, SHORTEST_INTERVAL_MS);
}
