/** Upgrades without anybody's asking: the release that the desired state names, once for each. */
import type { Action, DayTwo } from '#protocol/actions';
import type { ContentDigest } from '#protocol/identifiers';

import { scheduledRunId, type Run } from '../day2/run.ts';

/** What the runs of upgrades by the desired state are known as. */
export const AGENT_RELEASE_SCHEDULE = 'agent-release';

export interface AutomaticUpgrade {
  readonly runId: string;
  readonly action: Extract<Action, { readonly type: 'upgrade-agent' }>;
  readonly scheduleId: string;
}

/**
 * The upgrade to begin now. A release that failed is not tried again by itself: its run is known by the release.
 *
 * @returns undefined where there is nothing to do.
 */
export function automaticUpgrade(
  dayTwo: DayTwo | undefined,
  running: {
    readonly version: string;
    readonly canUpgrade: boolean;
    /** The release that this version came back from, where it did. */
    readonly goneBackFrom: ContentDigest | undefined;
    readonly runs: readonly Pick<Run, 'action' | 'phase'>[];
  },
): AutomaticUpgrade | undefined {
  const release = dayTwo?.agentRelease;
  if (!release || dayTwo.agentUpgrades === 'paused' || !running.canUpgrade) return undefined;
  if (release.version === running.version || release.content === running.goneBackFrom) return undefined;
  // It was there before, and another one since.
  const arrivals = running.runs.filter(
    ({ action, phase }) =>
      phase === 'done' && action.type === 'upgrade-agent' && action.spec.release.content === release.content,
  ).length;
  return {
    runId: scheduledRunId(`${AGENT_RELEASE_SCHEDULE} ${release.version} ${release.content} ${arrivals}`, new Date(0)),
    action: { type: 'upgrade-agent', spec: { release } },
    scheduleId: AGENT_RELEASE_SCHEDULE,
  };
}
