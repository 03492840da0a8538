/**
 * schema.yaml: for a dotted path into the values, an expression that says what may stand there:
 * `{{ required | readonly | format "${string}" | hints "…" }}`.
 */

export interface SchemaField {
  /** Dotted path into the values; `$[]` stands for the items of a list. */
  readonly name: string;
  readonly required: boolean;
  readonly readonly: boolean;
  /** As written, `${…}` and all; empty when the expression has none. */
  readonly format: string;
  readonly hints: readonly string[];
}

export type ParsedSchemaExpression =
  | { readonly kind: 'parsed'; readonly field: Omit<SchemaField, 'name'>; readonly unknownTypes: readonly string[] }
  | { readonly kind: 'invalid'; readonly message: string };

const TYPES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'boolean',
  'password',
  'ipv4',
  'ipv6',
  'ipv4cidr',
  'version',
  'base64',
  'list',
  'input',
  'multiline',
]);

/** Characters of an expression; far above what people write, and little enough to read in any way. */
const MAX_EXPRESSION = 4096;

/** Reads one schema expression. Never throws. */
export function parseSchemaExpression(source: string): ParsedSchemaExpression {
  if (source.length > MAX_EXPRESSION)
    return invalid(`the expression has ${source.length} characters; at most ${MAX_EXPRESSION} are read`);
  const body = /^\s*\{\{(?<body>[\s\S]*)\}\}\s*$/.exec(source)?.groups?.['body'];
  if (body === undefined)
    return invalid('expected an expression in double braces, such as {{ required | format "${string}" }}');
  let required = false;
  let readonly = false;
  let format = '';
  const hints: string[] = [];
  for (const step of splitPipes(body)) {
    const match = /^(?<word>\w+)(?<rest>[\s\S]*)$/.exec(step.trim());
    const rest = match?.groups?.['rest'] ?? '';
    const texts = readTexts(rest);
    if (texts === undefined)
      return invalid(`expected texts in double quotes after ${match?.groups?.['word'] ?? 'it'}, found ${rest.trim()}`);
    switch (match?.groups?.['word']) {
      case 'required':
        required = true;
        break;
      case 'readonly':
        readonly = true;
        break;
      case 'format':
        if (texts.length !== 1) return invalid('format takes one text in double quotes');
        format = texts[0] ?? '';
        break;
      case 'hints':
        if (texts.length === 0) return invalid('hints takes texts in double quotes');
        hints.push(...texts);
        break;
      default:
        return invalid(
          `expected required, readonly, format or hints, found ${step.trim() === '' ? 'nothing' : step.trim()}`,
        );
    }
  }
  const types = placeholders(format);
  if (types === undefined) return invalid(`the format ${JSON.stringify(format)} has a "\${" that does not close`);
  return {
    kind: 'parsed',
    field: { required, readonly, format, hints },
    unknownTypes: types
      .map(({ text }) => text)
      .filter((type) => !TYPES.has(/^\w+/.exec(type)?.[0] ?? '') && !type.startsWith('[')),
  };
}

/** What stands inside each `${…}` of a format, and where; undefined when one does not close. */
export function placeholders(
  format: string,
): readonly { readonly text: string; readonly start: number; readonly end: number }[] | undefined {
  const found: { text: string; start: number; end: number }[] = [];
  for (let start = format.indexOf('${'); start !== -1;) {
    // Regular expressions and ranges inside a placeholder may hold braces of their own.
    let depth = 1;
    let end = start + 2;
    for (; end < format.length && depth > 0; end++) {
      if (format[end] === '\\') end += 1;
      else if (format[end] === '{') depth += 1;
      else if (format[end] === '}') depth -= 1;
    }
    if (depth > 0) return undefined;
    found.push({ text: format.slice(start + 2, end - 1).trim(), start, end });
    start = format.indexOf('${', end);
  }
  return found;
}

/** Splits at pipes that stand outside of quotes. */
function splitPipes(body: string): string[] {
  return body.match(/(?:"(?:[^"\\]|\\.)*"|[^|"]|"(?=[^"]*$))+/g) ?? [''];
}

/** The quoted texts a step is followed by; undefined when there is anything else. */
function readTexts(rest: string): string[] | undefined {
  const texts = rest.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  if (rest.replace(/"(?:[^"\\]|\\.)*"/g, '').trim() !== '') return undefined;
  // Backslashes stand for themselves: formats hold regular expressions.
  return texts.map((text) => text.slice(1, -1).replaceAll('\\"', '"'));
}

function invalid(message: string): ParsedSchemaExpression {
  return { kind: 'invalid', message };
}
