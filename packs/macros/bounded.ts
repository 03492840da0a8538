/** What the macros of one text may cost. */
import type { Evaluated } from './evaluate.ts';

/** Most characters that the macros of one text may write: more than any document that is read. */
const MAX_WRITTEN = 8 * 1024 * 1024;
/** Milliseconds for regular expressions that are slow by design, in one text. Nothing else takes as long as `SLOW_MS`. */
const MAX_SLOW_MS = 1000;
const SLOW_MS = 20;

/** Evaluations within what one text may cost: a text has room for thousands of macros. */
export function bounded(evaluate: (expression: string) => Evaluated): (expression: string) => Evaluated {
  let written = 0;
  let slowMs = 0;
  return (expression) => {
    if (slowMs > MAX_SLOW_MS)
      return { kind: 'invalid', message: 'the expressions of the macros before it took too long; write simpler ones' };
    const started = performance.now();
    const evaluated = evaluate(expression);
    const ms = performance.now() - started;
    if (ms > SLOW_MS) slowMs += ms;
    if (evaluated.kind !== 'value') return evaluated;
    written += evaluated.text.length;
    return written > MAX_WRITTEN
      ? { kind: 'invalid', message: `the macros of this text write more than ${MAX_WRITTEN} characters` }
      : evaluated;
  };
}
