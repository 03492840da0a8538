/** One CEL expression, checked when it is made. */
import type { ParseResult } from '@marcbachmann/cel-js';

import { createEnvironment } from './environment.ts';

let environment: ReturnType<typeof createEnvironment> | undefined;

export type CelResult =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string };

export interface CelProgram {
  /** Without time bound: for use inside of `inTime`. */
  readonly run: (bindings: Readonly<Record<string, unknown>>) => CelResult;
  /** As `run`, and throws what goes wrong. */
  readonly evaluate: (bindings: Readonly<Record<string, unknown>>) => unknown;
}

export type Compiled =
  | { readonly kind: 'program'; readonly program: CelProgram }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * @param expects The type that the expression must have, as far as it is known before it runs.
 * @param variables Names that may stand behind `variables.`.
 */
export function compileCel(
  expression: string,
  expects: 'bool' | 'string' | 'any',
  variables: readonly string[],
): Compiled {
  environment ??= createEnvironment();
  let parsed: ParseResult;
  try {
    parsed = environment.parse(expression);
  } catch (error) {
    return invalid(describeFailure(error, expression));
  }
  const fault = findFault(parsed.ast, new Set(variables));
  if (fault !== undefined) return invalid(fault);
  const checked = parsed.check();
  if (!checked.valid) return invalid(describeFailure(checked.error, expression));
  if (expects !== 'any' && checked.type !== expects && checked.type !== 'dyn')
    return invalid(`expected an expression of type ${expects}, found ${checked.type}`);
  const evaluate = (bindings: Readonly<Record<string, unknown>>): unknown => parsed({ ...bindings });
  return {
    kind: 'program',
    program: {
      evaluate,
      run: (bindings) => {
        try {
          return { kind: 'value', value: evaluate(bindings) };
        } catch (error) {
          return { kind: 'error', message: describeFailure(error, expression) };
        }
      },
    },
  };
}

function invalid(message: string): Compiled {
  return { kind: 'invalid', message };
}

/** `cel.bind` can double a text with every step, and is not in Kubernetes' CEL; `variables` do what it does. */
function findFault(node: unknown, variables: ReadonlySet<string>): string | undefined {
  if (Array.isArray(node)) {
    for (const item of node) {
      const fault = findFault(item, variables);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (!isNode(node)) return undefined;
  if (node.op === 'id' && node.args === 'cel') return 'cel.bind is not available; name the value in `variables`';
  if (node.op === '.' && Array.isArray(node.args)) {
    const [holder, field]: readonly unknown[] = node.args;
    if (isNode(holder) && holder.op === 'id' && holder.args === 'variables' && !variables.has(String(field)))
      return `there is no variable ${String(field)} before this expression${variables.size > 0 ? `; there are: ${[...variables].join(', ')}` : ''}`;
  }
  return findFault(node.args, variables);
}

function isNode(value: unknown): value is { readonly op: string; readonly args: unknown } {
  return (
    typeof value === 'object' && value !== null && 'op' in value && 'args' in value && typeof value.op === 'string'
  );
}

/** What was wrong, with the place in the expression. */
function describeFailure(error: unknown, expression: string): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const message =
    'summary' in error && typeof error.summary === 'string'
      ? error.summary
      : 'message' in error
        ? String(error.message)
        : 'it cannot be evaluated';
  const start = 'range' in error ? startOf(error.range) : undefined;
  if (start === undefined) return message;
  const before = expression.slice(0, start).split('\n');
  return `${message} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

function startOf(range: unknown): number | undefined {
  return typeof range === 'object' && range !== null && 'start' in range && typeof range.start === 'number'
    ? range.start
    : undefined;
}
