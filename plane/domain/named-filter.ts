/** The small filters of the dashboard's lists: by name, by tags. */
import type { components } from '#openapi/generated/types';

type Schemas = components['schemas'];

/** Whether a text passes; a filter that says nothing passes all. */
export function matchesName(text: string, filter: Schemas['v1FilterString'] | undefined): boolean {
  if (filter === undefined) return true;
  const fold = (value: string): string => (filter.ignoreCase === false ? value : value.toLowerCase());
  const given = fold(text);
  const holds = (wanted: string | null | undefined, test: (value: string) => boolean): boolean =>
    wanted === null || wanted === undefined || test(fold(wanted));
  return (
    holds(filter.eq, (value) => given === value) &&
    holds(filter.ne, (value) => given !== value) &&
    holds(filter.contains, (value) => given.includes(value)) &&
    holds(filter.beginsWith, (value) => given.startsWith(value))
  );
}

/** Whether one of an object's tags passes; tags are written `key:value`, or `key` for any value. */
export function matchesTags(
  labels: Readonly<Record<string, string>>,
  filter: Schemas['v1FilterArray'] | undefined,
): boolean {
  if (filter === undefined) return true;
  const fold = (value: string): string => (filter.ignoreCase === false ? value : value.toLowerCase());
  const tags = Object.entries(labels).flatMap(([key, value]) => [fold(key), fold(`${key}:${value}`)]);
  const some = (wanted: readonly string[] | null | undefined, test: (tag: string, value: string) => boolean): boolean =>
    (wanted ?? []).some((value) => tags.some((tag) => test(tag, fold(value))));
  return (
    (!filter.eq?.length || some(filter.eq, (tag, value) => tag === value)) &&
    (!filter.beginsWith?.length || some(filter.beginsWith, (tag, value) => tag.startsWith(value))) &&
    !some(filter.ne, (tag, value) => tag === value)
  );
}

interface Sorted {
  readonly name: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Sorted by the first field asked for, by name otherwise; `texts` names further fields. */
export function sortNamed<T extends Sorted>(
  rows: readonly T[],
  sort: readonly { readonly field?: string | null; readonly order?: 'asc' | 'desc' }[] | undefined,
  texts: Readonly<Record<string, (row: T) => string>> = {},
): T[] {
  const [{ field, order } = {}] = sort ?? [];
  const key = (row: T): string => {
    if (field === 'creationTimestamp') return row.created_at.toISOString();
    if (field === 'lastModifiedTimestamp') return row.updated_at.toISOString();
    return (field && Object.hasOwn(texts, field) ? texts[field]?.(row) : undefined) ?? row.name;
  };
  const direction = order === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -direction : key(a) > key(b) ? direction : 0));
}
