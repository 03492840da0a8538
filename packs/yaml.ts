import {
  Composer,
  isMap,
  isScalar,
  LineCounter,
  Parser,
  visit,
  type CST,
  type Document,
  type DocumentOptions,
  type ParseOptions,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
} from 'yaml';

import { indentQuoted } from './yaml-quotes.ts';

/** What YAML can say and JSON too. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface YamlProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Aliases may repeat a node at most this often: enough for any honest file, nothing for a bomb. */
const MAX_ALIASES = 100;

/** `0o644`, the octal number of YAML 1.2, which Go's parsers read too. */
const OCTAL: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replaceAll('_', '').replace('0o', ''), 8),
};

/**
 * YAML as Kubernetes and Helm read it, which is 1.1 in what matters: `yes` is true, `0644` is 420,
 * `<<` merges. Times and base-60 numbers stay text, as Go's parsers leave them.
 */
const OPTIONS = {
  version: '1.1',
  merge: true,
  customTags: (tags: Tags): Tags => [
    ...tags.filter(
      (tag) => typeof tag === 'string' || (tag.format !== 'TIME' && tag.tag !== 'tag:yaml.org,2002:timestamp'),
    ),
    OCTAL,
  ],
  prettyErrors: false,
  // The parser's own check is quadratic in the keys of one map; `duplicateKeys` is not. Helm and
  // kubectl take the last of two equal keys, and so do we.
  uniqueKeys: false,
  logLevel: 'silent',
  strict: true,
} as const satisfies ParseOptions & SchemaOptions & DocumentOptions & { logLevel: string };

export interface ParsedYaml {
  /** Undefined when there are problems; null for an empty document. */
  readonly value: Json | undefined;
  readonly problems: readonly YamlProblem[];
  /** Where the node at a path begins; the nearest ancestor's place when the path does not exist. */
  readonly locate: (path: readonly (string | number)[]) => { readonly line: number; readonly column: number };
  readonly duplicateKeys: () => readonly YamlProblem[];
}

/**
 * Deepest nesting that is read; CRDs, the deepest of honest files, stay below 50. Beyond the stack
 * the parser would not only fail: V8 aborts the whole process when it must compile a regular
 * expression there.
 */
const MAX_DEPTH = 128;

/**
 * The documents of a stream. The first step of parsing keeps a stack of its own, so nesting is
 * measured there, before the second step goes down into it.
 *
 * @throws RangeError for text that is nested too deep.
 */
export function composeDocuments(text: string, lines: LineCounter = new LineCounter()): Document.Parsed[] {
  return [...documentsOf(text, lines)];
}

/** As `composeDocuments`, one at a time: the tree of a document takes many times the memory of its text. */
export function documentsOf(text: string, lines: LineCounter = new LineCounter()): Iterable<Document.Parsed> {
  return new Composer(OPTIONS).compose(shallow(new Parser(lines.addNewLine).parse(text)), false, text.length);
}

function* shallow(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  for (const token of tokens) {
    requireShallow(token);
    yield token;
  }
}

function requireShallow(root: CST.Token): void {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) throw new RangeError(`nested more than ${MAX_DEPTH} deep`);
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth });
    } else if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key) open.push({ token: key, depth: depth + 1 });
        if (value) open.push({ token: value, depth: depth + 1 });
      }
    }
  }
}

/**
 * Most characters of one document: what Kubernetes takes as one object is smaller, and the largest
 * values of packs in the wild are a seventh. What is parsed takes up to 300 times as much memory.
 */
const MAX_TEXT = 2 * 1024 * 1024;

/** Parses one document. Never throws: what is wrong comes back as problems with places. */
export function parseYaml(text: string): ParsedYaml {
  if (text.length > MAX_TEXT) return { ...NOTHING, value: undefined, problems: [tooLong(text.length)] };
  const parsed = parseOne(text);
  const repaired = parsed.problems.length > 0 ? indentQuoted(text) : undefined;
  if (repaired === undefined) return parsed;
  const second = parseOne(repaired);
  return second.problems.length === 0 ? second : parsed;
}

function parseOne(text: string): ParsedYaml {
  const lines = new LineCounter();
  try {
    const [document, second] = composeDocuments(text, lines);
    if (!document) return NOTHING;
    const { value, problems } = valueOf(document, lines);
    if (second?.contents && problems.length === 0) {
      const { line, col } = lines.linePos(second.range[0]);
      return {
        ...NOTHING,
        value: undefined,
        problems: [{ message: 'expected one document, found another after "---"', line, column: col }],
      };
    }
    return {
      value,
      problems,
      locate: (path) => locate(document, lines, path),
      duplicateKeys: () => duplicateKeys(document, lines),
    };
  } catch (error) {
    return { ...NOTHING, value: undefined, problems: [tooDeep(error)] };
  }
}

function tooLong(length: number, line = 1): YamlProblem {
  return { message: `the document has ${length} characters; at most ${MAX_TEXT} are read`, line, column: 1 };
}

/** What is wrong with a document that is too long to read; told before anything is parsed. A line that begins with `---` begins a document wherever it stands. */
export function longDocument(text: string): YamlProblem | undefined {
  if (text.length <= MAX_TEXT) return undefined;
  let start = 0;
  for (;;) {
    const next = text.indexOf('\n---', start);
    const end = next === -1 ? text.length : next;
    if (end - start > MAX_TEXT) return tooLong(end - start, text.slice(0, start + 1).split('\n').length);
    if (next === -1) return undefined;
    start = next + 1;
  }
}

const NOTHING: ParsedYaml = {
  value: null,
  problems: [],
  locate: () => ({ line: 1, column: 1 }),
  duplicateKeys: () => [],
};

function tooDeep(error: unknown): YamlProblem {
  return {
    message: hasMessage(error) ? `cannot be read: ${sentence(error.message)}` : 'cannot be read',
    line: 1,
    column: 1,
  };
}

/** Every key that repeats one before it in the same map. */
function duplicateKeys(document: Document, lines: LineCounter): YamlProblem[] {
  const found: YamlProblem[] = [];
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        const name = String(key.value);
        if (seen.has(name)) {
          const { line, col } = lines.linePos(key.range?.[0] ?? 0);
          found.push({ message: `the key "${name}" occurs twice; the last one counts`, line, column: col });
        }
        seen.add(name);
      }
    },
  });
  return found;
}

export interface YamlDocument {
  readonly value: Json;
  /** Line the document's content begins in. */
  readonly line: number;
  /** The comments before it, without `#`. */
  readonly comment: string;
}

export interface ParsedStream {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

/** Parses a stream of documents; empty ones are left out. Never throws. */
export function parseYamlStream(text: string): ParsedStream {
  const long = longDocument(text);
  if (long) return { documents: [], problems: [long] };
  const parsed = parseStream(text);
  const repaired = parsed.problems.length > 0 ? indentQuoted(text) : undefined;
  if (repaired === undefined) return parsed;
  const second = parseStream(repaired);
  return second.problems.length === 0 ? second : parsed;
}

function parseStream(text: string): ParsedStream {
  const lines = new LineCounter();
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  try {
    for (const document of documentsOf(text, lines)) {
      const { value, problems: found } = valueOf(document, lines);
      problems.push(...found);
      if (found.length === 0 && value != null) {
        documents.push({
          value,
          line: lines.linePos(document.contents?.range?.[0] ?? 0).line,
          comment: [document.commentBefore, document.contents?.commentBefore].filter(Boolean).join('\n'),
        });
      }
    }
  } catch (error) {
    return { documents: [], problems: [tooDeep(error)] };
  }
  return { documents, problems };
}

function valueOf(document: Document, lines: LineCounter): { value: Json | undefined; problems: YamlProblem[] } {
  const problems = document.errors.map((error): YamlProblem => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { message: sentence(error.message), line: Math.max(line, 1), column: Math.max(col, 1) };
  });
  if (problems.length > 0) return { value: undefined, problems };
  try {
    // The core schemas yield JSON values only; binary and sets are turned into them by toPlain.
    return { value: toPlain(document.toJS({ maxAliasCount: MAX_ALIASES })), problems };
  } catch (error) {
    const message = error instanceof Error || hasMessage(error) ? error.message : 'unreadable';
    return { value: undefined, problems: [{ message: sentence(message), line: 1, column: 1 }] };
  }
}

function locate(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): { line: number; column: number } {
  let offset = document.contents?.range?.[0] ?? 0;
  for (let depth = 1; depth <= path.length; depth++) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const step = path[depth - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => (isScalar(key) ? String(key.value) : undefined) === String(step))
      : undefined;
    const node: unknown = pair ? pair.key : document.getIn(path.slice(0, depth), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (!Array.isArray(range) || typeof range[0] !== 'number') break;
    offset = range[0];
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Plain JSON: infinite and missing numbers become null, bytes base64, sets and maps objects. */
function toPlain(value: unknown, depth = 0): Json {
  // Aliases can nest deeper than the text does.
  if (depth > 4 * MAX_DEPTH) throw new RangeError(`nested more than ${4 * MAX_DEPTH} deep through aliases`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number(value);
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
      if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
      const entries: Iterable<readonly [unknown, unknown]> =
        value instanceof Map
          ? value.entries()
          : value instanceof Set
            ? [...value].map((key) => [key, null] as const)
            : Object.entries(value);
      // Object.fromEntries defines properties, so a key `__proto__` stays a key.
      return Object.fromEntries([...entries].map(([key, item]) => [String(key), toPlain(item, depth + 1)]));
    }
    default:
      return null;
  }
}

/** The parser's own words without its trailing picture of the source. */
function sentence(message: string): string {
  return message.split('\n')[0]?.replace(/:$/, '').trim() ?? message;
}

function hasMessage(value: unknown): value is { readonly message: string } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
