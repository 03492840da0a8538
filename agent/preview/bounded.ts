/** An answer within its bounds: counts stay whole, what is too much to tell is left out and said so. */
import {
  PREVIEW_LIMITS,
  type PreviewChange,
  type PreviewHook,
  type PreviewRefusal,
  type PreviewResult,
} from '#protocol/preview';

type Field = PreviewChange['fields'][number];

export interface Findings {
  readonly revision: number;
  readonly changes: readonly PreviewChange[];
  readonly refused: readonly PreviewRefusal[];
  readonly hooks: readonly PreviewHook[];
  readonly unchanged: number;
}

/** Makes the answer; changes are kept from the first on. */
export function boundedResult({ revision, changes, refused, hooks, unchanged }: Findings): PreviewResult {
  const kept = { changes: [] as PreviewChange[], refused: [] as PreviewRefusal[], hooks: [] as PreviewHook[] };
  let bytes = 0;
  const fits = (value: unknown): boolean => {
    bytes += Buffer.byteLength(JSON.stringify(value));
    return bytes <= PREVIEW_LIMITS.bytes;
  };
  // What would be refused is what a reader must know first.
  for (const refusal of refused)
    if (kept.refused.length < PREVIEW_LIMITS.refused && fits(refusal)) kept.refused.push(refusal);
  for (const hook of hooks) if (kept.hooks.length < PREVIEW_LIMITS.hooks && fits(hook)) kept.hooks.push(hook);
  for (const change of changes) {
    const short = shortened(change);
    if (kept.changes.length < PREVIEW_LIMITS.changes && fits(short)) kept.changes.push(short);
  }
  const of = (kind: PreviewChange['kind']): number => changes.filter((change) => change.kind === kind).length;
  return {
    revision,
    counts: {
      created: of('created'),
      changed: of('changed'),
      removed: of('removed'),
      unchanged,
      restarts: changes.filter(({ restarts }) => restarts).length,
      refused: refused.length,
      hooks: hooks.length,
    },
    ...kept,
    omitted:
      changes.length + refused.length + hooks.length - kept.changes.length - kept.refused.length - kept.hooks.length,
  };
}

function shortened(change: PreviewChange): PreviewChange {
  const over = change.fields.length - PREVIEW_LIMITS.fields;
  return {
    ...change,
    fields: change.fields.slice(0, PREVIEW_LIMITS.fields).map(shortField),
    ...(over > 0 ? { omittedFields: over } : {}),
  };
}

function shortField({ path, ...sides }: Field): Field {
  const { before, after } =
    typeof sides.before === 'string' && typeof sides.after === 'string' && isLong(sides.before, sides.after)
      ? differingLines(sides.before, sides.after)
      : sides;
  return {
    path,
    ...(before === undefined ? {} : { before: shortValue(before) }),
    ...(after === undefined ? {} : { after: shortValue(after) }),
  };
}

function isLong(...texts: readonly string[]): boolean {
  return texts.some((text) => Buffer.byteLength(text) > PREVIEW_LIMITS.valueBytes);
}

/** The lines of two texts that differ; what is equal before and after them is told by its length. */
function differingLines(before: string, after: string): { readonly before: string; readonly after: string } {
  const left = before.split('\n');
  const right = after.split('\n');
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left[start] === right[start]) start++;
  let end = 0;
  while (end < most - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const cut = (lines: readonly string[]): string =>
    [
      ...(start === 0 ? [] : [`… ${start} equal lines`]),
      ...lines.slice(start, lines.length - end),
      ...(end === 0 ? [] : [`… ${end} equal lines`]),
    ].join('\n');
  return { before: cut(left), after: cut(right) };
}

function shortValue(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const bytes = Buffer.byteLength(text);
  if (bytes <= PREVIEW_LIMITS.valueBytes) return value;
  return `${text.slice(0, PREVIEW_LIMITS.valueBytes / 4)}… (${bytes} bytes)`;
}
