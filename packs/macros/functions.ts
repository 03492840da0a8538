import { LIST_FUNCTIONS } from './functions-lists.ts';
import { LOGIC_FUNCTIONS } from './functions-logic.ts';
import { TEXT_FUNCTIONS } from './functions-text.ts';
import type { Plain } from './value.ts';

export interface MacroFunction {
  /** Number of arguments, the piped one (always last) included; a pair: at least and at most. */
  readonly arity: number | readonly [number, number];
  readonly apply: (args: readonly Plain[]) => Plain;
  /** Names nobody defined count as empty texts, in place of being passed on; `some`: unless there is nothing else. */
  readonly takesMissing?: 'all' | 'some';
}

/**
 * The part of Sprig, and of Go's own functions, that works on texts, numbers and lists of them, with
 * their names and order of arguments. What gives something else each time (random texts, times) or
 * reads the machine (env) is left out on purpose: equal profiles render equal objects.
 * https://masterminds.github.io/sprig/
 */
export const FUNCTIONS: ReadonlyMap<string, MacroFunction> = new Map<string, MacroFunction>([
  ...TEXT_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...LOGIC_FUNCTIONS,
]);

/** Functions that are known and refused, and why. */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ...[
    'randAlpha',
    'randAlphaNum',
    'randNumeric',
    'randAscii',
    'randBytes',
    'randInt',
    'uuidv4',
    'shuffle',
    'genCA',
    'genSelfSignedCert',
    'genSignedCert',
    'genPrivateKey',
    'htpasswd',
    'bcrypt',
    'encryptAES',
    'now',
    'date',
    'ago',
    'htmlDate',
    'dateInZone',
  ].map((name) => [name, 'it gives something else each time, and equal profiles render equal objects'] as const),
  ...['env', 'expandenv', 'getHostByName'].map(
    (name) => [name, 'it reads the machine it runs on; use a profile variable'] as const,
  ),
  ...['lookup', 'include', 'tpl', 'required', 'fail'].map(
    (name) => [name, 'it belongs to Helm; a macro has a value before Helm runs'] as const,
  ),
]);
