import { assertNever } from '#core/assert-never';

/** The expression inside a macro: a path, literals, and functions, piped as in Go templates. */

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

export class ExpressionError extends Error {}

type Token =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: '|' | '(' | ')' };

/** Deepest nesting of parentheses. */
const MAX_DEPTH = 16;

const TOKEN =
  /\s+|(?<path>\.spectro(?:\.[A-Za-z0-9_-]+)*)(?![A-Za-z0-9_])|(?<text>"(?:[^"\\]|\\.)*"|`[^`]*`)|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<name>[A-Za-z_]\w*)(?![\w.])|(?<mark>[|()])/y;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match)
      throw new ExpressionError(
        `cannot read ${JSON.stringify(source.slice(from, from + 20))}; expected a path such as .spectro.var.name, a literal, or a function`,
      );
    const { path, text, number, name, mark } = match.groups ?? {};
    if (path !== undefined) tokens.push({ kind: 'path', path: path.split('.').slice(2) });
    else if (text !== undefined) tokens.push({ kind: 'literal', value: textLiteral(text) });
    else if (number !== undefined) tokens.push({ kind: 'literal', value: Number(number) });
    else if (name === 'true' || name === 'false') tokens.push({ kind: 'literal', value: name === 'true' });
    else if (name !== undefined) tokens.push({ kind: 'name', name });
    else if (mark === '|' || mark === '(' || mark === ')') tokens.push({ kind: mark });
  }
  return tokens;
}

function textLiteral(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1);
  try {
    const value: unknown = JSON.parse(literal);
    if (typeof value === 'string') return value;
  } catch {
    // falls through to the one message for every bad literal
  }
  throw new ExpressionError(`cannot read the text ${literal}`);
}

/** @throws ExpressionError with a sentence for people. */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  let at = 0;
  let depth = 0;

  const pipeline = (): Expression => {
    let value = command(undefined);
    while (tokens[at]?.kind === '|') {
      at += 1;
      value = command(value);
    }
    return value;
  };

  const command = (piped: Expression | undefined): Expression => {
    const first = tokens[at];
    if (first?.kind === 'name') {
      at += 1;
      const args: Expression[] = [];
      for (let token = tokens[at]; token && token.kind !== '|' && token.kind !== ')'; token = tokens[at])
        args.push(operand());
      return { kind: 'call', name: first.name, args: piped ? [...args, piped] : args };
    }
    const value = operand();
    if (piped) throw new ExpressionError('expected a function after "|"');
    return value;
  };

  const operand = (): Expression => {
    const token = tokens[at];
    at += 1;
    switch (token?.kind) {
      case 'literal':
      case 'path':
        return token;
      case '(': {
        depth += 1;
        if (depth > MAX_DEPTH) throw new ExpressionError(`parentheses are nested more than ${MAX_DEPTH} deep`);
        const value = pipeline();
        depth -= 1;
        if (tokens[at]?.kind !== ')') throw new ExpressionError('expected ")"');
        at += 1;
        return value;
      }
      case 'name':
        return { kind: 'call', name: token.name, args: [] };
      case '|':
      case ')':
        throw new ExpressionError(`unexpected "${token.kind}"`);
      case undefined:
        throw new ExpressionError('the expression ends early');
      default:
        return assertNever(token);
    }
  };

  const expression = pipeline();
  if (at < tokens.length) throw new ExpressionError('unexpected text after the expression; a pipe "|" may be missing');
  return expression;
}

/** Every path an expression reads, in order. */
export function pathsOf(expression: Expression): (readonly string[])[] {
  switch (expression.kind) {
    case 'path':
      return [expression.path];
    case 'call':
      return expression.args.flatMap(pathsOf);
    case 'literal':
      return [];
    default:
      return assertNever(expression);
  }
}
