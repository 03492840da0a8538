/**
 * How often somebody may try a password: a few times freely, then ever slower, then not for a while. By name, whether
 * there is such a user or not; from wherever it is tried, for an attacker has many addresses.
 */
import type { LocalConfig } from './config.ts';

export type Attempt =
  | { readonly kind: 'go'; readonly done: (outcome: 'right' | 'wrong' | 'not tried') => void }
  | { readonly kind: 'wait' | 'locked'; readonly seconds: number };

export interface Attempts {
  /**
   * Asks whether a password may be tried now; `done` must be called when it was. `credential` stands for the password of a
   * user of that name; once it is another one, what was tried before does not count.
   */
  begin(name: string, credential: string | undefined): Attempt;
  /** Whether the name is locked. */
  isLocked(name: string): boolean;
  forget(name: string): void;
}

interface History {
  credential: string | undefined;
  failures: number;
  notBefore: number;
  locked: boolean;
  /** Somebody tries just now: the next one waits, so that many at once are no more tries. */
  busy: boolean;
}

/** Names that are nobody's are remembered up to so many, apart from those of users: they cannot push those out. */
const MAX_UNKNOWN = 2_000;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 5 * 60_000;

export function createAttempts(settings: LocalConfig['login'], now: () => number): Attempts {
  const known = new Map<string, History>();
  const unknown = new Map<string, History>();
  const find = (name: string): History | undefined => known.get(name) ?? unknown.get(name);

  const forget = (name: string): void => {
    known.delete(name);
    unknown.delete(name);
  };
  const historyOf = (name: string, credential: string | undefined): History => {
    const present = find(name);
    if (present && present.credential === credential) return present;
    forget(name);
    const history: History = { credential, failures: 0, notBefore: 0, locked: false, busy: false };
    if (credential !== undefined) known.set(name, history);
    else {
      unknown.set(name, history);
      const oldest = unknown.keys().next();
      if (unknown.size > MAX_UNKNOWN && oldest.value !== undefined) unknown.delete(oldest.value);
    }
    return history;
  };

  const failed = (history: History): void => {
    history.failures++;
    if (settings.disableRateLimiting) return;
    const over = history.failures - settings.attemptsBeforeExponentialDelayStarts;
    if (history.failures >= settings.maxFailedAttemptsBeforeLockout) {
      history.notBefore = now() + settings.lockoutDurationInMinutes * 60_000;
      history.locked = true;
    } else if (over >= 0) {
      history.notBefore = now() + Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** over);
    }
  };

  return {
    begin: (name, credential) => {
      const history = historyOf(name, credential);
      const waitMs = history.notBefore - now();
      if (waitMs > 0) return { kind: history.locked ? 'locked' : 'wait', seconds: Math.ceil(waitMs / 1000) };
      if (history.locked) {
        history.locked = false;
        history.failures = 0;
      }
      if (history.busy) return { kind: 'wait', seconds: 1 };
      history.busy = true;
      return {
        kind: 'go',
        done: (outcome) => {
          history.busy = false;
          if (outcome === 'wrong') failed(history);
          if (outcome === 'right') history.failures = 0;
        },
      };
    },
    isLocked: (name) => {
      const history = find(name);
      return history !== undefined && history.locked && history.notBefore > now();
    },
    forget,
  };
}
