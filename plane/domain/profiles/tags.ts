/** Tags of profiles are stored as labels, as the API has them; a bare tag is a label of this value. */
const BARE_TAG = 'spectro__tag';

export function tagsToLabels(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const colon = tag.indexOf(':');
      return colon < 0 ? [tag, BARE_TAG] : [tag.slice(0, colon), tag.slice(colon + 1)];
    }),
  );
}

/** Sorted, so that equal labels give equal tags. */
export function labelsToTags(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels)
    .map(([key, value]) => (value === BARE_TAG ? key : `${key}:${value}`))
    .sort();
}
