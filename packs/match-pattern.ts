import { inTime } from '#core/in-time';

/** Milliseconds one match may take. Profiles are written by tenants: an expression may be slow by design. */
const PATTERN_TIMEOUT_MS = 100;
/** Where a machine is busy with other things the time may be over before the match had a turn: it is tried again so often. */
const TRIES = 10;
/** Characters of an expression. */
export const MAX_PATTERN = 1024;

/** Whether a value matches an expression that somebody else wrote, in bounded time. Never throws. */
export function matchPattern(
  pattern: string,
  value: string,
): 'matches' | 'differs' | 'unreadable' | 'too-long' | 'too-slow' {
  if (pattern.length > MAX_PATTERN) return 'too-long';
  let matches = false;
  const match = (): void => {
    matches = new RegExp(pattern, 's').test(value);
  };
  try {
    for (let left = TRIES; left > 0; left--) {
      const before = process.cpuUsage();
      if (inTime(match, PATTERN_TIMEOUT_MS)) return matches ? 'matches' : 'differs';
      const { user, system } = process.cpuUsage(before);
      if (user + system > (PATTERN_TIMEOUT_MS * 1000) / 2) break;
    }
    return 'too-slow';
  } catch {
    return 'unreadable';
  }
}
