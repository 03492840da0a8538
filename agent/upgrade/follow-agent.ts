/** Follows one agent for its launcher: what it says, what it wants tried beside it, and how its time ends. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';

import { joinSignals } from '../signals.ts';
import { startAgentChild, type AgentChild, type StartOptions } from './agent-child.ts';
import { messageOf } from './message-of.ts';
import type { FromAgent, Holding, Version } from './messages.ts';

export type AgentEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'ended'; readonly how: string }
  /** Another version passed its trial, and waits for the word to go. */
  | { readonly kind: 'switch'; readonly child: AgentChild }
  /** It did not come to work in time. */
  | { readonly kind: 'late' };

export interface FollowOptions {
  /** How versions on trial are started. */
  readonly start: StartOptions;
  readonly trialMs: number;
  readonly graceMs: number;
  /** By when it must work; undefined where it has shown that already. */
  readonly deadlineMs: number | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly onHealthy: () => Promise<void>;
  /** A version passed its trial; from then on it is the one to run. @throws Error when that cannot be remembered: then it is not */
  readonly onPassed: (to: Version, attempt: string | undefined) => Promise<void>;
}

type Wish = Extract<FromAgent, { readonly kind: 'switch' }>;

/** Returns when its time is over; a version that is still on trial then has ended as well. */
export async function followAgent(child: AgentChild, options: FollowOptions): Promise<AgentEnd> {
  const { deadlineMs, graceMs, log, signal, onHealthy, onPassed } = options;
  const over = new AbortController();
  let isWaitedFor = deadlineMs !== undefined;
  let trial: { readonly calledOff: AbortController; readonly passed: Promise<AgentChild | undefined> } | undefined;

  const tryOne = async ({ to, holding, attempt }: Wish, calledOff: AbortSignal): Promise<AgentChild | undefined> => {
    log.info({ from: child.version.version, to: to.version }, 'a new version is tried beside the running one');
    const tried = await tryVersion(to, holding, {
      ...options,
      signal: joinSignals(signal, over.signal, calledOff),
    }).catch((error: unknown): Tried => ({ kind: 'failed', reason: `it cannot be started: ${messageOf(error)}` }));
    if (tried.kind === 'passed') {
      // Whether this one works is of no importance any more.
      isWaitedFor = false;
      try {
        await onPassed(to, attempt);
        return tried.child;
      } catch (error) {
        await tried.child.stop(graceMs);
        return notSwitched(to, `which version is to run cannot be written: ${messageOf(error)}`);
      }
    }
    return notSwitched(to, calledOff.aborted ? 'it was called off' : tried.reason);
  };
  const notSwitched = (to: Version, reason: string): undefined => {
    trial = undefined;
    log.warn({ version: to.version, reason }, 'the new version does not take over');
    child.tell({ kind: 'not switched', reason });
  };

  const end = await new Promise<AgentEnd>((resolve, reject) => {
    const begin = (wish: Wish): void => {
      const calledOff = new AbortController();
      const passed = tryOne(wish, calledOff.signal);
      trial = { calledOff, passed };
      passed.then((next) => {
        if (next) resolve({ kind: 'switch', child: next });
      }, reject);
    };
    const listen = async (): Promise<void> => {
      for await (const message of child.messages) {
        switch (message.kind) {
          case 'healthy':
            isWaitedFor = false;
            await onHealthy();
            break;
          case 'switch':
            if (trial) child.tell({ kind: 'not switched', reason: 'another version is being tried' });
            else begin(message);
            break;
          case 'stay':
            trial?.calledOff.abort(new Error('called off'));
            break;
          case 'tried':
          case 'trial failed':
            break;
        }
      }
      resolve({ kind: 'ended', how: await child.exited });
    };
    listen().catch(reject);
    if (signal.aborted) resolve({ kind: 'stopped' });
    signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { once: true, signal: over.signal });
    if (deadlineMs !== undefined) {
      const timer = setTimeout(() => {
        if (isWaitedFor) resolve({ kind: 'late' });
      }, deadlineMs);
      over.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }
  }).finally(() => over.abort(new Error('the agent is being stopped')));
  const left = await trial?.passed;
  if (left && end.kind !== 'switch') await left.stop(graceMs);
  return end;
}

type Tried =
  | { readonly kind: 'passed'; readonly child: AgentChild }
  | { readonly kind: 'failed'; readonly reason: string };

/** Starts a version beside the one that works. One that fails is ended. */
async function tryVersion(
  to: Version,
  holding: Holding,
  { start, trialMs, graceMs, signal }: Pick<FollowOptions, 'start' | 'trialMs' | 'graceMs' | 'signal'>,
): Promise<Tried> {
  const child = startAgentChild(to, 'trial', start);
  const over = new AbortController();
  const late = delay(trialMs, { signal: joinSignals(signal, over.signal) }).then(
    () => `its trial took longer than ${Math.round(trialMs / 1000)} s`,
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
  if (reason === undefined && child.running() && !signal.aborted) return { kind: 'passed', child };
  await child.stop(graceMs);
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
