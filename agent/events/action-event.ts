/** What people are told of day-2 actions: that one began, and how it ended. */
import type { ActionReport } from '#protocol/report';

import type { AgentEvent, EventReason } from './reasons.ts';

export type ActionNews = Pick<ActionReport, 'runId' | 'type' | 'phase' | 'message'>;

const REASONS = {
  running: 'ActionStarted',
  done: 'ActionDone',
  failed: 'ActionFailed',
  cancelled: 'ActionCancelled',
} as const satisfies Readonly<Record<string, EventReason>>;
const WORDS = { running: 'began', done: 'is done', failed: 'failed', cancelled: 'was cancelled' } as const;
/** Runs whose phase is remembered: far more than are under way at once. */
const MAX_KNOWN = 256;

/**
 * Makes an event of news in which a run enters another phase; of news of its progress none. The first news of a run are that
 * it waits, or come from a former life, which has told them.
 */
export function createActionTeller(): (news: ActionNews) => AgentEvent | undefined {
  const known = new Map<string, ActionNews['phase']>();
  return ({ runId, type, phase, message }) => {
    const before = known.get(runId);
    if (before === phase) return undefined;
    known.delete(runId);
    known.set(runId, phase);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(oldest);
    }
    if (before === undefined || phase === 'waiting') return undefined;
    return {
      reason: REASONS[phase],
      message: `${type} ${runId} ${WORDS[phase]}${message === '' ? '' : `: ${message}`}`,
    };
  };
}
