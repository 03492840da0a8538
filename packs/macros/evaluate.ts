import type { MacroContext } from '#protocol/desired-state';

import { assertNever } from '#core/assert-never';
import { ExpressionError, parseExpression, type Expression } from './expression.ts';
import { FUNCTIONS, REFUSED_FUNCTIONS, type MacroFunction } from './functions.ts';
import { didYouMean } from './suggest.ts';
import { isMissing, MAX_RESULT, textOf, type Value } from './value.ts';

export type Evaluated =
  | {
      readonly kind: 'value';
      readonly text: string;
      /** The expression asked for quotes around it. */ readonly quoted: boolean;
    }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** Evaluates the inside of one macro. Never throws. The result is data: nothing in it is looked at again. */
export function evaluateMacro(source: string, context: MacroContext): Evaluated {
  try {
    const parsed = parseExpression(source);
    const { expression, quoted } = withoutOuterQuote(parsed);
    const value = evaluate(expression, context);
    return isMissing(value)
      ? { kind: 'unknown', message: value.reason }
      : { kind: 'value', text: textOf(value), quoted };
  } catch (error) {
    if (error instanceof ExpressionError) return { kind: 'invalid', message: error.message };
    throw error;
  }
}

/** `… | quote` asks for a YAML string; where the macro stands decides how to write one. */
function withoutOuterQuote(expression: Expression): { expression: Expression; quoted: boolean } {
  if (expression.kind !== 'call' || (expression.name !== 'quote' && expression.name !== 'squote'))
    return { expression, quoted: false };
  const [argument] = expression.args;
  return argument && expression.args.length === 1
    ? { expression: argument, quoted: true }
    : { expression, quoted: false };
}

function evaluate(expression: Expression, context: MacroContext): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return lookUp(expression.path, context);
    case 'call':
      return call(
        expression.name,
        expression.args.map((argument) => evaluate(argument, context)),
      );
    default:
      return assertNever(expression);
  }
}

function call(name: string, args: readonly Value[]): Value {
  const known = FUNCTIONS.get(name);
  if (!known) {
    const refused = REFUSED_FUNCTIONS.get(name);
    throw new ExpressionError(
      refused === undefined
        ? `unknown function "${name}"${didYouMean(name, FUNCTIONS.keys()) || `; known are ${[...FUNCTIONS.keys()].sort().join(', ')}`}`
        : `the function "${name}" cannot be used in a macro: ${refused}`,
    );
  }
  requireArity(name, known, args.length);
  // A name nobody defined is what functions such as `default` are for; any other function passes it on.
  const missing = known.takesMissing ? undefined : args.find(isMissing);
  if (missing) return missing;
  if (known.takesMissing === 'some' && args.length > 0 && args.every(isMissing)) return args[0] ?? '';
  try {
    const result = known.apply(args.map((argument) => (isMissing(argument) ? '' : argument)));
    if (typeof result === 'string' && result.length > MAX_RESULT)
      throw new RangeError(`the text has more than ${MAX_RESULT} characters`);
    return result;
  } catch (error) {
    if (error instanceof RangeError) throw new ExpressionError(`${name}: ${error.message}`);
    throw error;
  }
}

function requireArity(name: string, { arity }: MacroFunction, count: number): void {
  const [least, most] = typeof arity === 'number' ? [arity, arity] : arity;
  if (count >= least && count <= most) return;
  throw new ExpressionError(
    `the function "${name}" takes ${least === most ? least : `at least ${least}`} arguments (the piped one included), found ${count}`,
  );
}

/** The groups below `.spectro`. */
export const MACRO_GROUPS = ['var', 'macro', 'system', 'pack'] as const;

function lookUp(path: readonly string[], context: MacroContext): Value {
  const [group = '', ...rest] = path;
  const name = rest.join('.');
  switch (group) {
    case 'var':
      return find(
        'profile variable',
        name,
        context.variables,
        'define it in the cluster profile, or give it a value on the cluster',
      );
    case 'macro':
      return find('macro', name, context.macros, 'define it in the project or the tenant');
    case 'system':
      return find('system macro', name, context.system, 'see the list of system macros');
    case 'pack':
      return findOutput(rest, context);
    default:
      throw new ExpressionError(
        `expected .spectro.var, .spectro.macro, .spectro.system or .spectro.pack, found .spectro${group === '' ? '' : `.${group}`}`,
      );
  }
}

function find(what: string, name: string, known: Readonly<Record<string, string>>, hint: string): Value {
  if (name === '') throw new ExpressionError(`the name of the ${what} is missing`);
  const value = Object.hasOwn(known, name) ? known[name] : undefined;
  return (
    value ?? {
      kind: 'missing',
      reason: `unknown ${what} "${name}"${didYouMean(name, Object.keys(known)) || `; ${hint}`}`,
    }
  );
}

/** A pack's name may hold dots, so each split of the path is tried, the longest name first. */
function findOutput(path: readonly string[], context: MacroContext): Value {
  if (path.length < 2) throw new ExpressionError('expected .spectro.pack.<pack>.<output>');
  for (let split = path.length - 1; split >= 1; split--) {
    const pack = path.slice(0, split).join('.');
    const outputs = Object.hasOwn(context.packs, pack) ? context.packs[pack] : undefined;
    if (outputs) return find(`output of pack "${pack}"`, path.slice(split).join('.'), outputs, 'give it a default');
  }
  const pack = path[0] ?? '';
  return { kind: 'missing', reason: `no pack "${pack}" in the profile${didYouMean(pack, Object.keys(context.packs))}` };
}
