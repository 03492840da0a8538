import { createContext, Script } from 'node:vm';

/** Milliseconds one match may take. Profiles are written by tenants: an expression may be slow by design. */
const PATTERN_TIMEOUT_MS = 100;
/** Characters of an expression. */
export const MAX_PATTERN = 1024;
const TEST = new Script("new RegExp(pattern, 's').test(value)");
/** One for all: a context takes a millisecond and much memory to make, and only patterns are run in it, no programs. */
const GIVEN = { pattern: '', value: '' };
const CONTEXT = createContext(GIVEN);

/** Whether a value matches an expression that somebody else wrote, in bounded time. Never throws. */
export function matchPattern(
  pattern: string,
  value: string,
): 'matches' | 'differs' | 'unreadable' | 'too-long' | 'too-slow' {
  if (pattern.length > MAX_PATTERN) return 'too-long';
  try {
    // A script of its own is the one way to stop an expression that backtracks for ever.
    Object.assign(GIVEN, { pattern, value });
    return TEST.runInContext(CONTEXT, { timeout: PATTERN_TIMEOUT_MS }) === true ? 'matches' : 'differs';
  } catch (error) {
    const timedOut =
      typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    return timedOut ? 'too-slow' : 'unreadable';
  }
}
