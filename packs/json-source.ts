import type { Json } from './yaml.ts';
import { endOfQuoted } from './yaml-quotes.ts';

/**
 * JSON with places. `JSON.parse` tells them differently from one version of Node to the next and
 * never for values that parse but mean nothing, so the text is walked here.
 */
export type ParsedJson =
  | {
      readonly kind: 'parsed';
      readonly value: Json;
      readonly offsetOf: (path: readonly (string | number)[]) => number;
      readonly duplicates: readonly { readonly key: string; readonly offset: number }[];
    }
  | { readonly kind: 'broken'; readonly offset: number; readonly message: string };

interface Node {
  readonly offset: number;
  readonly value: Json;
  readonly children?: ReadonlyMap<string | number, { readonly keyOffset: number; readonly node: Node }>;
}

const MAX_DEPTH = 64;

class Broken extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export function parseJson(text: string): ParsedJson {
  const duplicates: { key: string; offset: number }[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const skipSpace = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  };
  const describe = (): string => (at >= text.length ? 'the end of the file' : JSON.stringify(text.charAt(at)));
  const expect = (character: string, where: string): void => {
    skipSpace();
    if (text.charAt(at) !== character)
      throw new Broken(at, `expected ${JSON.stringify(character)} ${where}, found ${describe()}`);
    at += 1;
  };

  const string = (): { value: string; offset: number } => {
    const offset = at;
    const end = endOfQuoted(text, at);
    const literal = text.slice(at, end);
    // JSON itself forbids control characters in texts.
    // oxlint-disable-next-line no-control-regex
    if (end === -1 || /[\u0000-\u001f]/.test(literal))
      throw new Broken(offset, 'this text does not end on its line, or holds a control character');
    at = end;
    try {
      return { value: String(JSON.parse(literal)), offset };
    } catch {
      throw new Broken(offset, 'this text has an escape that JSON does not know');
    }
  };

  const value = (depth: number): Node => {
    skipSpace();
    if (depth > MAX_DEPTH) throw new Broken(at, `nested more than ${MAX_DEPTH} deep`);
    const offset = at;
    const character = text.charAt(at);
    if (character === '"') return { offset, value: string().value };
    if (character === '{') return object(offset, depth);
    if (character === '[') return array(offset, depth);
    const token = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
    token.lastIndex = at;
    const literal = token.exec(text)?.[0];
    if (literal === undefined) throw new Broken(at, `expected a value, found ${describe()}`);
    at += literal.length;
    const scalar: Json = JSON.parse(literal);
    return { offset, value: scalar };
  };

  const object = (offset: number, depth: number): Node => {
    const children = new Map<string, { keyOffset: number; node: Node }>();
    at += 1;
    skipSpace();
    if (text.charAt(at) === '}') at += 1;
    else {
      for (;;) {
        skipSpace();
        if (text.charAt(at) !== '"') throw new Broken(at, `expected a key in double quotes, found ${describe()}`);
        const key = string();
        expect(':', 'after the key');
        if (children.has(key.value)) duplicates.push({ key: key.value, offset: key.offset });
        children.set(key.value, { keyOffset: key.offset, node: value(depth + 1) });
        skipSpace();
        if (text.charAt(at) === ',') {
          at += 1;
          continue;
        }
        if (text.charAt(at) !== '}')
          throw new Broken(
            at,
            `expected "," or "}" after the value of ${JSON.stringify(key.value)}, found ${describe()}`,
          );
        at += 1;
        break;
      }
    }
    return { offset, value: Object.fromEntries([...children].map(([key, { node }]) => [key, node.value])), children };
  };

  const array = (offset: number, depth: number): Node => {
    const children = new Map<number, { keyOffset: number; node: Node }>();
    at += 1;
    skipSpace();
    if (text.charAt(at) === ']') at += 1;
    else {
      for (;;) {
        const node = value(depth + 1);
        children.set(children.size, { keyOffset: node.offset, node });
        skipSpace();
        if (text.charAt(at) === ',') {
          at += 1;
          continue;
        }
        if (text.charAt(at) !== ']') throw new Broken(at, `expected "," or "]" in the list, found ${describe()}`);
        at += 1;
        break;
      }
    }
    return { offset, value: [...children.values()].map(({ node }) => node.value), children };
  };

  try {
    const root = value(0);
    skipSpace();
    if (at < text.length) throw new Broken(at, `expected the end of the file, found ${describe()}`);
    return { kind: 'parsed', value: root.value, duplicates, offsetOf: (path) => offsetOf(root, path) };
  } catch (error) {
    if (error instanceof Broken) return { kind: 'broken', offset: error.offset, message: error.message };
    throw error;
  }
}

/** Where the key (or list item) at a path stands; its nearest ancestor's place when there is none. */
function offsetOf(root: Node, path: readonly (string | number)[]): number {
  let node = root;
  let offset = root.offset;
  for (const step of path) {
    const child = node.children?.get(step);
    if (!child) break;
    ({ keyOffset: offset, node } = child);
  }
  return offset;
}
