/**
 * Finds macros in text: actions `{{ … }}` that read something below `.spectro`. Any other action
 * belongs to Helm and is none of our business.
 */

/** An action never spans more than this; keeps scanning linear on hostile text. */
const MAX_ACTION = 1024;

export interface Action {
  /** Offsets of `{{` and of what follows `}}`. */
  readonly start: number;
  readonly end: number;
  /** What stands between the braces, trim markers and escaped quotes taken off. */
  readonly expression: string;
}

/** The macros of a text, in order; they never overlap. */
export function scanMacros(text: string): Action[] {
  return text.includes('.spectro') ? scan(text, (action) => readsSpectro(action.expression)) : [];
}

/** Every action that is no macro, and no action around or inside a macro's braces. */
export function scanOtherActions(text: string): Action[] {
  return scan(text, (action) => !readsSpectro(action.expression));
}

function scan(text: string, wanted: (action: Action) => boolean): Action[] {
  const found: Action[] = [];
  let at = text.indexOf('{{');
  while (at !== -1) {
    const action = actionAt(text, at);
    const take = action !== undefined && wanted(action);
    if (take) found.push(action);
    // After an action that is not wanted, its inside is looked at too: a macro may stand in a string there.
    at = text.indexOf('{{', take ? action.end : at + 2);
  }
  return found;
}

/** The action that opens at an offset; undefined when it does not close. */
function actionAt(text: string, start: number): Action | undefined {
  const limit = Math.min(text.length, start + MAX_ACTION);
  let at = start + 2;
  while (at < limit) {
    if (text.startsWith('}}', at)) {
      return { start, end: at + 2, expression: inner(text.slice(start + 2, at)) };
    }
    if (text.startsWith('{{', at)) return undefined;
    at = skipQuoted(text, at, limit) ?? at + 1;
  }
  return undefined;
}

/** The offset after a quoted text that opens here; undefined when none opens or it does not close. */
function skipQuoted(text: string, at: number, limit: number): number | undefined {
  // Inside a double-quoted YAML scalar the quotes of an expression arrive with a backslash.
  const quote = text.startsWith('\\"', at)
    ? '\\"'
    : text.charAt(at) === '"' || text.charAt(at) === '`'
      ? text.charAt(at)
      : undefined;
  if (quote === undefined) return undefined;
  for (let end = at + quote.length; end < limit; end++) {
    if (text.startsWith(quote, end)) return end + quote.length;
    if (quote === '`') continue;
    if (text.charAt(end) === '\n') return undefined;
    if (quote === '"' && text.charAt(end) === '\\') end += 1;
  }
  return undefined;
}

function inner(body: string): string {
  return body
    .replaceAll('\\"', '"')
    .replace(/^-(?=\s)/, '')
    .replace(/(?<=\s)-$/, '')
    .trim();
}

function readsSpectro(expression: string): boolean {
  if (!expression.includes('.spectro')) return false;
  const code = expression.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
  return /(?:^|[\s(|])\.spectro(?![A-Za-z0-9_])/.test(code);
}

/** Macros that open and never close: offsets of their `{{`. */
export function scanUnclosedMacros(text: string): number[] {
  const closed = new Set(scanMacros(text).map(({ start }) => start));
  return [...text.matchAll(/\{\{-?\s*\.spectro\b/g)].map(({ index }) => index).filter((index) => !closed.has(index));
}
