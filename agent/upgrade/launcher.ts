/**
 * Runs the agent as a child and keeps it running; changes its version without a gap and without a way into a corner. A
 * new version is started beside the old one and shows that it can do the work; then the old one ends and the new one
 * takes over, on probation: if it does not come to work, or keeps ending, the old one comes back. Small on purpose: the
 * launcher is the one part that an upgrade does not replace.
 */
import { access } from 'node:fs/promises';

import { gt } from 'semver';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import { startAgentChild, type AgentChild, type StartOptions } from './agent-child.ts';
import { followAgent } from './follow-agent.ts';
import { readLauncherState, writeLauncherState, type LauncherState } from './launcher-state.ts';
import type { Version } from './messages.ts';

export interface LauncherOptions extends StartOptions {
  /** Where versions are installed and the launcher keeps what it remembers. */
  readonly dir: string;
  /** The version that the launcher came with. */
  readonly builtIn: Version;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** How long a trial may take. Default 3 min. */
  readonly trialMs?: number;
  /** How long a version on probation has after each start until it works. Default 5 min. */
  readonly probationMs?: number;
  /** Between SIGTERM and SIGKILL. Default 30 s. */
  readonly graceMs?: number;
  /** Of the wait before an agent that ended is started again. Default 0.5 s to 30 s. */
  readonly restart?: { readonly baseMs: number; readonly maxMs: number };
}

/** Starts of a version on probation before the one before it comes back. */
const MOST_STARTS = 3;
/** A version that worked once and then ends so often in this time is gone back from as well. */
const CRASHES = 5;
const CRASH_WINDOW_MS = 10 * 60_000;
/** Having run so long, an agent counts as well. */
const STABLE_MS = 60_000;

/** Runs until the signal is aborted; the agent is ended then. What cannot be written to the disk ends no agent. */
export async function runLauncher(options: LauncherOptions): Promise<void> {
  const {
    dir,
    builtIn,
    log,
    signal,
    trialMs = 180_000,
    probationMs = 300_000,
    graceMs = 30_000,
    restart = { baseMs: 500, maxMs: 30_000 },
  } = options;
  let state = await stateAtStart(dir, builtIn, log);
  /** As far as the disk takes it; this process knows it in any case. */
  const save = async (next: LauncherState): Promise<void> => {
    state = { ...next, builtIn: builtIn.version };
    await writeLauncherState(dir, state).catch((error: unknown) => {
      log.error(
        { err: error, dir },
        'which version of the agent is to run cannot be written: a restart would forget it',
      );
    });
  };
  /** A child that passed its trial and waits for the word to go. */
  let ready: AgentChild | undefined;
  let crashes: number[] = [];

  const rollBack = async (reason: string): Promise<boolean> => {
    const { current, previous, attempt } = state;
    if (!previous) return false;
    log.error({ version: current.version, back: previous.version, reason }, 'the new version is gone back from');
    const at = new Date().toISOString();
    await save({ current: previous, failure: { version: current, ...(attempt ? { attempt } : {}), reason, at } });
    crashes = [];
    return true;
  };

  for (let failures = 0; !signal.aborted;) {
    const { probation } = state;
    if (probation && probation.starts >= MOST_STARTS) {
      if (!(await rollBack(`it ended ${MOST_STARTS} times before it worked`))) await save({ current: state.current });
      continue;
    }
    if (probation) await save({ ...state, probation: { starts: probation.starts + 1 } });
    const child = ready ?? startAgentChild(state.current, 'active', options);
    ready?.tell({ kind: 'go' });
    ready = undefined;
    const startedAt = performance.now();
    const end = await followAgent(child, {
      start: { nodeArgs: options.nodeArgs, args: options.args, ...(options.output ? { output: options.output } : {}) },
      trialMs,
      graceMs,
      deadlineMs: state.probation === undefined ? undefined : probationMs,
      signal,
      log,
      onHealthy: async () => {
        failures = 0;
        if (state.probation === undefined) return;
        const { current, previous, attempt } = state;
        await save({ current, ...(previous ? { previous } : {}), ...(attempt ? { attempt } : {}) });
        log.info({ version: child.version.version }, 'the new version works');
      },
      onPassed: async (to, attempt) => {
        // Gone back to is what worked.
        const previous = state.probation === undefined ? state.current : state.previous;
        const next = {
          current: to,
          ...(previous ? { previous } : {}),
          probation: { starts: 0 },
          ...(attempt ? { attempt } : {}),
          builtIn: builtIn.version,
        };
        await writeLauncherState(dir, next);
        state = next;
      },
    });
    switch (end.kind) {
      case 'stopped':
        await child.stop(graceMs);
        return;
      case 'switch':
        ready = end.child;
        crashes = [];
        await child.stop(graceMs);
        continue;
      case 'late':
        await child.stop(graceMs);
        await rollBack(`it did not come to work within ${Math.round(probationMs / 1000)} s`);
        continue;
      case 'ended':
        break;
    }
    if (performance.now() - startedAt > STABLE_MS) failures = 0;
    log.warn({ version: child.version.version, how: end.how }, 'the agent ended by itself');
    crashes = [...crashes.filter((at) => performance.now() - at < CRASH_WINDOW_MS), performance.now()];
    if (
      state.probation === undefined &&
      crashes.length >= CRASHES &&
      (await rollBack(`it ended ${CRASHES} times within minutes: ${end.how}`))
    )
      continue;
    await delay(backoffDelay(failures++, restart), { signal }).catch(() => undefined);
  }
  await ready?.stop(graceMs);
}

/** What is to run now, by what was remembered, by what is there, and by what the launcher came with. */
async function stateAtStart(dir: string, builtIn: Version, log: Logger): Promise<LauncherState> {
  const known = await readLauncherState(dir);
  if (!known) return { current: builtIn, builtIn: builtIn.version };
  const [current, previous] = [
    await present(known.current, builtIn),
    known.previous && (await present(known.previous, builtIn)),
  ];
  if (!current) {
    const instead = previous ?? builtIn;
    log.error(
      { gone: known.current.entry, instead: instead.version },
      'the version that is to run is not there any more',
    );
    return { current: instead, builtIn: builtIn.version };
  }
  // Whoever installed a newer one wants it; one that was chosen since, over it, stays.
  const isNews = known.builtIn !== undefined && known.builtIn !== builtIn.version;
  if (isNews && gt(builtIn.version, current.version)) {
    log.info({ from: current.version, to: builtIn.version }, 'a newer version was installed and is to run');
    return { current: builtIn, previous: current, probation: { starts: 0 }, builtIn: builtIn.version };
  }
  const next: LauncherState = { ...known, current, builtIn: builtIn.version };
  if (previous) next.previous = previous;
  else delete next.previous;
  return next;
}

/** A version that stands where this launcher's own did came with it, and went with it: the launcher may have been replaced. */
async function present(version: Version, builtIn: Version): Promise<Version | undefined> {
  if (version.content === undefined) return builtIn;
  return access(version.entry).then(
    () => version,
    () => undefined,
  );
}
