/**
 * Runs the agent as a child and keeps it running; changes its version without a gap and without a way into a corner. A
 * new version is started beside the old one and shows that it can do the work; then the old one ends and the new one
 * takes over, on probation: if it does not come to work, or keeps ending, the old one comes back. Small on purpose: the
 * launcher is the one part that an upgrade does not replace.
 */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import { joinSignals } from '../signals.ts';
import { startAgentChild, type AgentChild, type StartOptions } from './agent-child.ts';
import { readLauncherState, writeLauncherState, type LauncherState } from './launcher-state.ts';
import type { Holding, Version } from './messages.ts';

export interface LauncherOptions extends StartOptions {
  /** Where versions are installed and the launcher keeps what it remembers. */
  readonly dir: string;
  /** The version that the launcher came with. */
  readonly builtIn: Version;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** How long a trial may take. Default 3 min. */
  readonly trialMs?: number;
  /** How long a version on probation has until it works, in all its starts. Default 5 min. */
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

/** Runs until the signal is aborted; the agent is ended then. @throws Error when what it remembers cannot be written */
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
  let state: LauncherState = usable(await readLauncherState(dir), builtIn) ?? { current: builtIn };
  const save = async (next: LauncherState): Promise<void> => {
    await writeLauncherState(dir, next);
    state = next;
  };
  /** A child that passed its trial and waits for the word to go. */
  let ready: AgentChild | undefined;
  let crashes: number[] = [];

  const rollBack = async (reason: string): Promise<boolean> => {
    const { current, previous } = state;
    if (!previous) return false;
    log.error({ version: current.version, back: previous.version, reason }, 'the new version is gone back from');
    await save({ current: previous, failure: { version: current, reason, at: new Date().toISOString() } });
    crashes = [];
    return true;
  };

  for (let failures = 0; !signal.aborted;) {
    const { probation } = state;
    if (probation && probation.starts >= MOST_STARTS) {
      if (!(await rollBack(`it ended ${MOST_STARTS} times before it worked`))) await save({ current: state.current });
      continue;
    }
    if (probation) await save({ ...state, probation: { ...probation, starts: probation.starts + 1 } });
    const child = ready ?? startAgentChild(state.current, 'active', options);
    ready?.tell({ kind: 'go' });
    ready = undefined;
    const startedAt = performance.now();
    const end = await follow(child, {
      signal,
      deadlineMs:
        state.probation === undefined
          ? undefined
          : Math.max(0, Date.parse(state.probation.since) + probationMs - Date.now()),
      onHealthy: async () => {
        failures = 0;
        if (state.probation === undefined) return;
        const { current, previous } = state;
        await save({ current, ...(previous ? { previous } : {}) });
        log.info({ version: child.version.version }, 'the new version works');
      },
      onSwitch: async (to, holding) => {
        log.info({ from: child.version.version, to: to.version }, 'a new version is tried beside the running one');
        const tried = await tryVersion(to, holding, { ...options, trialMs, graceMs });
        if (tried.kind === 'failed') {
          log.warn({ version: to.version, reason: tried.reason }, 'the new version did not pass its trial');
          child.tell({ kind: 'not switched', reason: tried.reason });
          return 'stay';
        }
        ready = tried.child;
        return 'switch';
      },
    });
    if (end.kind === 'stopped') {
      await child.stop(graceMs);
      break;
    }
    if (end.kind === 'switch') {
      await save({
        current: end.to,
        previous: state.current,
        probation: { since: new Date().toISOString(), starts: 0 },
      });
      await child.stop(graceMs);
      crashes = [];
      continue;
    }
    if (end.kind === 'late') {
      await child.stop(graceMs);
      await rollBack(`it did not come to work within ${Math.round(probationMs / 1000)} s`);
      continue;
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

/** A version that stands where this launcher's own did came with it, and goes with it: the launcher may have been replaced. */
function usable(state: LauncherState | undefined, builtIn: Version): LauncherState | undefined {
  if (!state) return undefined;
  const own = (version: Version): Version => (version.content === undefined ? builtIn : version);
  return { ...state, current: own(state.current), ...(state.previous ? { previous: own(state.previous) } : {}) };
}

type End =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'ended'; readonly how: string }
  | { readonly kind: 'switch'; readonly to: Version }
  /** On probation, and the time is over. */
  | { readonly kind: 'late' };

async function follow(
  child: AgentChild,
  {
    signal,
    deadlineMs,
    onHealthy,
    onSwitch,
  }: {
    readonly signal: AbortSignal;
    readonly deadlineMs: number | undefined;
    readonly onHealthy: () => Promise<void>;
    readonly onSwitch: (to: Version, holding: Holding) => Promise<'stay' | 'switch'>;
  },
): Promise<End> {
  const over = new AbortController();
  let healthy = deadlineMs === undefined;
  const aborted = new Promise<End>((resolve) => {
    const stop = (): void => resolve({ kind: 'stopped' });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true, signal: over.signal });
  });
  const late = new Promise<End>((resolve) => {
    if (deadlineMs === undefined) return;
    const timer = setTimeout(() => {
      if (!healthy) resolve({ kind: 'late' });
    }, deadlineMs);
    over.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
  const listening = async (): Promise<End> => {
    for await (const message of child.messages) {
      switch (message.kind) {
        case 'healthy':
          healthy = true;
          await onHealthy();
          break;
        case 'switch':
          if ((await onSwitch(message.to, message.holding)) === 'switch') return { kind: 'switch', to: message.to };
          break;
        case 'tried':
        case 'trial failed':
          break;
      }
    }
    return { kind: 'ended', how: await child.exited };
  };
  try {
    return await Promise.race([aborted, late, listening()]);
  } finally {
    over.abort();
  }
}

type Tried =
  | { readonly kind: 'passed'; readonly child: AgentChild }
  | { readonly kind: 'failed'; readonly reason: string };

/** Starts a version beside the one that works. One that fails is ended. */
async function tryVersion(
  to: Version,
  holding: Holding,
  options: StartOptions & { readonly trialMs: number; readonly graceMs: number; readonly signal: AbortSignal },
): Promise<Tried> {
  const child = startAgentChild(to, 'trial', options);
  const over = new AbortController();
  const late = delay(options.trialMs, { signal: joinSignals(options.signal, over.signal) }).then(
    () => `its trial took longer than ${Math.round(options.trialMs / 1000)} s`,
    () => 'the agent is being stopped',
  );
  const verdict = async (): Promise<string | undefined> => {
    for await (const message of child.messages) {
      if (message.kind === 'trial failed') return message.reason;
      if (message.kind === 'tried') return misfit(message, to, holding);
    }
    return `in its trial ${await child.exited}`;
  };
  const reason = await Promise.race([verdict(), late]);
  over.abort();
  if (reason === undefined && child.running()) return { kind: 'passed', child };
  await child.stop(options.graceMs);
  return { kind: 'failed', reason: reason ?? 'it ended after its trial' };
}

/** Why what a trial showed is not enough; undefined when it is. */
function misfit(
  tried: { readonly version: string; readonly holding: Holding },
  to: Version,
  before: Holding,
): string | undefined {
  if (tried.version !== to.version) return `it says that it is version ${tried.version}, not ${to.version}`;
  if (tried.holding.revision < before.revision)
    return `it holds revision ${tried.holding.revision} of the policy, and ${before.revision} is in force`;
  if (tried.holding.revision === before.revision && tried.holding.digest !== before.digest)
    return 'it holds another policy than the one in force';
  const worse = tried.holding.failing.filter((layer) => !before.failing.includes(layer));
  return worse.length === 0 ? undefined : `it cannot render ${worse.slice(0, 5).join(', ')}`;
}
