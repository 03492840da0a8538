/** Many runs, some side by side: most of what a run does is wait. */
import type { Logger } from '#core/log';

import type { Lab } from './lab.ts';
import { runSeed, type Outcome } from './run-seed.ts';
import type { Schedule } from './schedule.ts';

export interface RunSeedsOptions {
  readonly atOnce: number;
  readonly log?: Logger;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** @returns the outcomes of those that failed. */
export async function runSeeds(
  schedules: readonly Schedule[],
  lab: Lab,
  { atOnce, log, onOutcome = () => undefined }: RunSeedsOptions,
): Promise<readonly Outcome[]> {
  const waiting = [...schedules];
  const failed: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome = await runSeed(next, lab, log);
      if (outcome.problems.length > 0) failed.push(outcome);
      onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}
