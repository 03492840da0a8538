/**
 * Reads index.yaml of a chart repository piece by piece: the index of a large repository has 20 MB, more than the plane
 * wants to hold, and one broken entry must not spoil the rest. The form is the one that `helm repo index` writes; an
 * index in JSON, which Helm reads too, is read whole.
 */
import { setImmediate } from 'node:timers/promises';

import { z } from 'zod';

import { parseYaml } from '#packs/yaml';

import { RegistryError } from './registry-error.ts';

/** Bytes of one version's entry: the largest in public repositories have 60 KB. */
const MAX_ENTRY = 512 * 1024;
const MAX_JSON = 64 * 1024 * 1024;
/** Entries between two pauses in which the plane does something else. */
const PAUSE_EVERY = 20;

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

export const ChartEntry = z.object({
  name: z.string().min(1),
  version: Text,
  appVersion: Text.optional().catch(undefined),
  description: Text.optional().catch(undefined),
  icon: z.string().optional().catch(undefined),
  deprecated: z.boolean().optional().catch(undefined),
  digest: z.string().optional().catch(undefined),
  urls: z.array(z.string()).min(1),
});
export type ChartEntry = z.infer<typeof ChartEntry>;

export type IndexStep =
  | { readonly kind: 'entry'; readonly entry: ChartEntry }
  | { readonly kind: 'broken'; readonly what: string; readonly reason: string };

/** @throws RegistryError `RegistryBadAnswer` when it is no index at all. */
export async function* readHelmIndex(body: AsyncIterable<Uint8Array>): AsyncGenerator<IndexStep> {
  const lines = linesOf(body);
  try {
    const first = await lines.next();
    if (first.done) throw notAnIndex('it is empty');
    if (/^\s*\{/.test(first.value)) yield* readJson(first.value, lines);
    else yield* readYaml(first.value, lines);
  } finally {
    await lines.return(undefined);
  }
}

async function* readYaml(first: string, lines: AsyncIterator<string>): AsyncGenerator<IndexStep> {
  let inEntries = false;
  let sawEntries = false;
  let chart = '';
  let chartIndent = -1;
  let item: string[] = [];
  let itemBytes = 0;
  let count = 0;

  const flush = (): IndexStep | undefined => {
    if (item.length === 0) return undefined;
    const step = itemBytes > MAX_ENTRY ? tooLong(chart) : parseEntry(chart, item.join('\n'));
    item = [];
    itemBytes = 0;
    return step;
  };

  for (let next: IteratorResult<string> = { value: first }; !next.done; next = await lines.next()) {
    const line = next.value;
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) {
      // They may belong to a text of the entry.
      itemBytes += line.length + 1;
      if (item.length > 0 && itemBytes <= MAX_ENTRY) item.push(line);
      continue;
    }
    const indent = line.length - content.length;
    if (indent === 0 && !content.startsWith('- ')) {
      const step = flush();
      if (step) yield step;
      const isEntries = line.startsWith('entries:');
      inEntries = isEntries && /^(\{\s*\}|null|~)?(\s*#.*)?$/.test(line.slice('entries:'.length).trim());
      if (isEntries && !inEntries) throw notAnIndex('its entries are not written as helm repo index writes them');
      sawEntries ||= inEntries;
      chartIndent = -1;
      continue;
    }
    if (!inEntries) continue;
    if (chartIndent === -1) chartIndent = indent;
    const key = indent === chartIndent && !content.startsWith('- ') ? keyOf(content) : undefined;
    if (key !== undefined) {
      const step = flush();
      if (step) yield step;
      chart = unquote(key);
      continue;
    }
    // A list may stand at the indentation of its key, as helm writes it, or deeper.
    if (content.startsWith('-') && (item.length === 0 || indent <= indentOf(item[0] ?? ''))) {
      const step = flush();
      if (step) yield step;
      count += 1;
      if (count % PAUSE_EVERY === 0) await setImmediate();
    }
    itemBytes += line.length + 1;
    // What is too long is not kept; its end is still looked for.
    if (itemBytes <= MAX_ENTRY || item.length === 0) item.push(line);
  }
  const step = flush();
  if (step) yield step;
  if (!sawEntries) throw notAnIndex('it has no entries');
}

async function* readJson(first: string, lines: AsyncIterator<string>): AsyncGenerator<IndexStep> {
  const parts = [first];
  let length = first.length;
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    length += next.value.length + 1;
    if (length > MAX_JSON) throw new RegistryError('RegistryLimit', `the index is longer than ${MAX_JSON} bytes`);
    parts.push(next.value);
  }
  let json: unknown;
  try {
    json = JSON.parse(parts.join('\n'));
  } catch (error) {
    throw notAnIndex('it is neither YAML nor JSON', error);
  }
  const parsed = z.object({ entries: z.record(z.string(), z.array(z.unknown()).nullable()) }).safeParse(json);
  if (!parsed.success) throw notAnIndex('it has no entries');
  for (const [chart, versions] of Object.entries(parsed.data.entries)) {
    for (const version of versions ?? []) yield check(chart, version);
    await setImmediate();
  }
}

function parseEntry(chart: string, text: string): IndexStep {
  const { value, problems } = parseYaml(text);
  const [problem] = problems;
  if (problem) return { kind: 'broken', what: chart, reason: `its YAML cannot be read: ${firstLine(problem.message)}` };
  return check(chart, Array.isArray(value) ? value[0] : undefined);
}

function check(chart: string, value: unknown): IndexStep {
  const parsed = ChartEntry.safeParse(value);
  if (parsed.success) return { kind: 'entry', entry: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the entry' : issue.path.join('.');
  return { kind: 'broken', what: chart, reason: `${place}: ${issue?.message ?? 'is wrong'}` };
}

function tooLong(chart: string): IndexStep {
  return { kind: 'broken', what: chart, reason: `an entry is longer than ${MAX_ENTRY} bytes` };
}

function notAnIndex(why: string, cause?: unknown): RegistryError {
  return new RegistryError('RegistryBadAnswer', `the answer is no index of a chart repository: ${why}`, { cause });
}

/** The key of a line that holds nothing else, or an empty list; no pattern goes back over what a registry made long. */
function keyOf(content: string): string | undefined {
  const text = content.trimEnd();
  const key = (
    text.endsWith(']') && text.slice(0, -1).trimEnd().endsWith('[') ? text.slice(0, text.lastIndexOf('[')) : text
  ).trimEnd();
  return key.length > 1 && key.endsWith(':') ? key.slice(0, -1) : undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function unquote(key: string): string {
  return /^(['"]).*\1$/.test(key) ? key.slice(1, -1) : key;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** Lines of UTF-8. @throws RegistryError for a line that no index has. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Pieces of the line that has not ended: joined once, however many there are.
  let begun: string[] = [];
  let length = 0;
  for await (const piece of body) {
    const lines = decoder.decode(piece, { stream: true }).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      yield withoutReturn(begun.length === 0 ? line : begun.join('') + line);
      begun = [];
      length = 0;
    }
    begun.push(rest);
    length += rest.length;
    // An index in JSON is one line.
    if (length > MAX_JSON) throw new RegistryError('RegistryLimit', 'the index has a line without end');
  }
  const last = begun.join('') + decoder.decode();
  if (last !== '') yield withoutReturn(last);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
