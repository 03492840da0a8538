/** Manifests as text become objects that know the line of each of their fields. */
import {
  LineCounter,
  type Document,
  type ParsedNode,
  type ScalarTag,
  isMap as isYamlMap,
  isNode,
  isSeq,
  parseAllDocuments,
} from 'yaml';

import { type JsonMap, isMap, mapAt } from '#kubernetes/object';

import { type Finding, type FindingLevel, type Path, formatPath } from './report.ts';

export interface SourceText {
  /** Named in findings. */
  readonly file: string;
  readonly text: string;
}

export interface SourceObject {
  readonly value: JsonMap;
  /** `Profile team-a/base`. */
  readonly title: string;
  /** A finding about the field at a path of the object. */
  readonly finding: (level: FindingLevel, path: Path, message: string) => Finding;
}

export interface Sources {
  readonly objects: readonly SourceObject[];
  readonly findings: readonly Finding[];
}

/** kubectl takes these words for booleans, as YAML 1.1 has them; what it read is what provider-palette got. */
const WORDS: readonly ScalarTag[] = [
  word(/^(?:[yY]|yes|Yes|YES|on|On|ON)$/, true),
  word(/^(?:[nN]|no|No|NO|off|Off|OFF)$/, false),
];

function word(test: RegExp, value: boolean): ScalarTag {
  return { tag: 'tag:yaml.org,2002:bool', default: true, test, resolve: () => value };
}

/** Reads every object of YAML or JSON texts, also those in a `List`. What cannot be read is a finding. */
export function readSources(texts: readonly SourceText[]): Sources {
  const objects: SourceObject[] = [];
  const findings: Finding[] = [];
  for (const { file, text } of texts) {
    const lines = new LineCounter();
    const documents = parseAllDocuments(text, { lineCounter: lines, customTags: (tags) => [...WORDS, ...tags] });
    // An empty stream has no documents; anything else is a list of them.
    for (const [index, document] of (Array.isArray(documents) ? documents : []).entries()) {
      const place = { file, document: index + 1, object: 'document' };
      const problem = document.errors[0];
      if (problem !== undefined) {
        const line = problem.linePos?.[0].line ?? 1;
        findings.push({ level: 'lost', ...place, line, path: '', message: reasonOf(problem.message) });
        continue;
      }
      const read = contentOf(document);
      if (read.kind === 'unreadable') {
        findings.push({ level: 'lost', ...place, line: 1, path: '', message: read.message });
        continue;
      }
      if (read.content === null || read.content === undefined) continue;
      const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
      if (!isMap(read.content)) {
        findings.push({ level: 'lost', ...place, line: lineOf([]), path: '', message: 'is not a Kubernetes object' });
        continue;
      }
      for (const { prefix, value } of unfold(read.content, [])) {
        const title = titleOf(value);
        objects.push({
          value,
          title,
          finding: (level, path, message) => ({
            level,
            ...place,
            object: title,
            line: lineOf([...prefix, ...path]),
            path: formatPath(path),
            message,
          }),
        });
      }
    }
  }
  return { objects, findings };
}

type Read =
  | { readonly kind: 'read'; readonly content: unknown }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Aliases without end are refused when a document becomes plain data. */
function contentOf(document: Document.Parsed): Read {
  try {
    return { kind: 'read', content: document.toJS() };
  } catch (error) {
    return { kind: 'unreadable', message: error instanceof Error ? reasonOf(error.message) : String(error) };
  }
}

/** The objects of a `List`, else the object itself. */
function unfold(value: JsonMap, prefix: Path): { readonly prefix: Path; readonly value: JsonMap }[] {
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [{ prefix, value }];
  return items.flatMap((item: unknown, index) => (isMap(item) ? unfold(item, [...prefix, 'items', index]) : []));
}

function titleOf(value: JsonMap): string {
  const kind = typeof value['kind'] === 'string' ? value['kind'] : 'object';
  const { name, namespace } = mapAt(value, 'metadata');
  const words = [namespace, name].filter((part): part is string => typeof part === 'string');
  return words.length === 0 ? kind : `${kind} ${words.join('/')}`;
}

/** Where the field at a path begins in the text: at its key; of what is not written there, its nearest parent. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = rangeStart(document.contents) ?? document.range[0];
  for (const step of path) {
    let found: { readonly at: number | undefined; readonly next: unknown } | undefined;
    if (isYamlMap(node)) {
      const pair = node.items.find(({ key }) => isNode(key) && String(key.toJSON()) === String(step));
      if (pair !== undefined) found = { at: rangeStart(pair.key), next: pair.value };
    } else if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step];
      if (item !== undefined) found = { at: rangeStart(item), next: item };
    }
    if (found === undefined) break;
    offset = found.at ?? offset;
    node = found.next;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return isNode(node) ? (node as ParsedNode).range?.[0] : undefined; // as: nodes of a parsed document have a range
}

/** The parser's words without the place, which the finding has itself. */
function reasonOf(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:$/, '');
}
