import type { components } from '#openapi/generated/types';

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  /** Where the page before ended, as its `listmeta.continue` said. */
  readonly continue?: string | undefined;
}

/** One page of a list. A limit of 0 or below means the default. */
export function page<T>(
  all: readonly T[],
  query: PageQuery,
  defaultLimit = 50,
): { items: T[]; listmeta: components['schemas']['v1ListMetaData'] } {
  const limit = query.limit !== undefined && query.limit > 0 ? query.limit : defaultLimit;
  const from = Number.parseInt(query.continue ?? '', 10);
  const offset = Number.isNaN(from) ? Math.max(0, query.offset ?? 0) : Math.max(0, from);
  const items = all.slice(offset, offset + limit);
  const next = offset + items.length;
  return { items, listmeta: { count: all.length, limit, offset, continue: next < all.length ? String(next) : '' } };
}
