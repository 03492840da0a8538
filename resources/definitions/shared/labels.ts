/**
 * Palette stores tags as labels. A tag `key:value` is the label `key` with that value; a bare tag
 * is a label whose value says that there was none. Only the first colon separates, so that
 * `a:b:c` survives the way there and back.
 */

/** The label value that stands for "this tag had no value". */
export const BARE_TAG = 'spectro__tag';

/** Labels of a set of tags. The last of two tags with one key wins. */
export function tagsToLabels(tags: readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(splitTag));
}

/** Tags of labels, sorted, so that the same labels always give the same value. */
export function labelsToTags(labels: Readonly<Record<string, string>> | null | undefined): string[] {
  return Object.entries(labels ?? {})
    .map(([key, value]) => (value === BARE_TAG ? key : `${key}:${value}`))
    .toSorted();
}

function splitTag(tag: string): [string, string] {
  const colon = tag.indexOf(':');
  return colon < 0 ? [tag, BARE_TAG] : [tag.slice(0, colon), tag.slice(colon + 1)];
}
