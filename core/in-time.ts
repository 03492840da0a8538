/** Work that its author did not write, such as an expression of a user, within a bound of time. */
import { createContext, Script } from 'node:vm';

const JOB: { run: () => void } = { run: () => undefined };
/** A script is the one way to stop an expression, and a regular expression in it, that goes on for ever. */
const RUN = new Script('job.run()');
const CONTEXT = createContext({ job: JOB });

/** Runs to its end, or for so many milliseconds. Whether it came to its end. @throws what `work` throws. */
export function inTime(work: () => void, timeoutMs: number): boolean {
  JOB.run = work;
  try {
    RUN.runInContext(CONTEXT, { timeout: Math.max(1, Math.ceil(timeoutMs)) });
    return true;
  } catch (error) {
    if (isTimeout(error)) return false;
    throw error;
  } finally {
    JOB.run = () => undefined;
  }
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
