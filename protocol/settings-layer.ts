import { inTime } from '#core/in-time';

/** The layer of a cluster's own settings: its namespaces and role bindings. No pack has this name. */
export const SETTINGS_LAYER = 'palette:cluster';

/** Whether a namespace of that layer is a regular expression between slashes, which stands for all that match as a whole. */
export function isNamespacePattern(name: string): boolean {
  return name.length > 2 && name.startsWith('/') && name.endsWith('/');
}

/** What is wrong with the expression of a pattern; undefined when nothing is. */
export function patternFault(pattern: string): string | undefined {
  try {
    expressionOf(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'it is no regular expression';
  }
}

/** An expression of a user may take longer than there is time, in milliseconds. */
const TIME_MS = 100;

/** An expression that cannot be looked for. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Those of the names that a pattern matches as a whole. @throws PatternError when it is no expression or takes too long */
export function matchingNames(pattern: string, names: readonly string[]): readonly string[] {
  const fault = patternFault(pattern);
  if (fault !== undefined) throw new PatternError(`namespace ${pattern}: ${fault}`);
  const expression = expressionOf(pattern);
  const found: string[] = [];
  const look = (): void => {
    for (const name of names) if (expression.test(name)) found.push(name);
  };
  if (inTime(look, TIME_MS)) return found;
  throw new PatternError(
    `namespace ${pattern}: the expression takes longer than ${TIME_MS} ms; write it without repetitions of what repeats itself, such as (a+)+`,
  );
}

function expressionOf(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.slice(1, -1)})$`);
}
