/**
 * What time it is by the plane: deadlines, windows and the end of credentials are told in its time, and the clock of a
 * node may be wrong by years. Nothing that is enforced depends on it.
 */
import type { Logger } from '#core/log';

export interface PlaneClock {
  /** The plane's time as far as it is known, else the node's. */
  now(): Date;
  /** The plane said that it is this time, in whole seconds. */
  observe(told: Date): void;
  /** It cannot be earlier: the plane signed something at that time. */
  notBefore(time: Date): void;
  /** How far the node's clock is ahead of the plane's, in milliseconds; 0 while both agree. */
  skewMs(): number;
}

/** Clocks this close agree: answers are under way for a while, and the plane says whole seconds. */
const AGREE_MS = 10_000;

export function createPlaneClock({ now, log }: { readonly now: () => Date; readonly log: Logger }): PlaneClock {
  /** Added to the node's time. */
  let offsetMs = 0;
  const set = (next: number, how: string): void => {
    if (Math.abs(next - offsetMs) < AGREE_MS && (next === 0) === (offsetMs === 0)) return;
    offsetMs = next;
    if (next === 0) log.info({}, "the node's clock agrees with the plane's again");
    else log.warn({ aheadMs: -next, how }, "the node's clock is wrong: the plane's time is used");
  };
  return {
    now: () => new Date(now().getTime() + offsetMs),
    observe: (told) => {
      const at = told.getTime();
      if (Number.isNaN(at)) return;
      // The middle of the second that it said.
      const ahead = at + 500 - now().getTime();
      set(Math.abs(ahead) <= AGREE_MS ? 0 : ahead, 'the plane said what time it is');
    },
    notBefore: (time) => {
      const behind = time.getTime() - (now().getTime() + offsetMs);
      if (behind > AGREE_MS) set(offsetMs + behind, 'the desired state in force was made later');
    },
    skewMs: () => (offsetMs === 0 ? 0 : -offsetMs),
  };
}
