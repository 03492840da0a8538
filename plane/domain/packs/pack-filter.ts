/** The two ways in which the API filters packs. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';

import type { StoredPack } from './pack-store.ts';

type Schemas = components['schemas'];

const COLUMNS: Readonly<Record<string, string>> = {
  'metadata.name': 'name',
  'metadata.uid': 'uid',
  'spec.name': 'name',
  'spec.version': 'version',
  'spec.layer': 'layer',
  'spec.registryUid': 'registry_uid',
  'spec.digest': 'digest',
  'spec.displayName': "document->>'displayName'",
  'spec.addonType': "document->>'addonType'",
  'spec.type': 'type',
};

/** Facts about packs that are the same for all: asking for them leaves nothing out. */
const IGNORED = new Set(['metadata.annotations.scope', 'status.state']);

/**
 * The query parameter `filters`: `field=value` or `field_in_value,value`, several joined by `AND`; a value that ends in
 * `*` matches a beginning. A pack for all clouds (`all`, or none named) is one for each.
 *
 * @throws PlaneError 422 that names a field it does not know.
 */
export function parsePackFilters(filters: string | undefined): { where: string; params: string[] } {
  const params: string[] = [];
  const conditions: string[] = [];
  for (const term of (filters ?? '').split(/\s*AND\s*(?=[a-z]+\.)/).filter((part) => part !== '')) {
    const match = /^([A-Za-z.]+)(_in_|=|\s+)(.*)$/.exec(term.trim());
    const [, field = '', operator = '', value = ''] = match ?? [];
    if (IGNORED.has(field)) continue;
    if (field === 'spec.cloudTypes') {
      params.push(`{${[...value.split(','), 'all'].map((cloud) => JSON.stringify(cloud)).join(',')}}`);
      conditions.push(
        `(document->'cloudTypes' ?| $${params.length}::text[] OR jsonb_array_length(document->'cloudTypes') = 0)`,
      );
      continue;
    }
    const column = Object.hasOwn(COLUMNS, field) ? COLUMNS[field] : undefined;
    if (column === undefined) {
      throw invalidRequest(
        `filters: '${term}' is not understood; expected field=value with one of ${Object.keys(COLUMNS).join(', ')}`,
      );
    }
    if (operator === '_in_') {
      params.push(
        `{${value
          .split(',')
          .map((one) => JSON.stringify(one))
          .join(',')}}`,
      );
      conditions.push(`${column} = ANY ($${params.length}::text[])`);
      continue;
    }
    const prefix = value.endsWith('*');
    params.push(prefix ? value.slice(0, -1) : value);
    conditions.push(prefix ? `starts_with(${column}, $${params.length})` : `${column} = $${params.length}`);
  }
  return { where: conditions.length === 0 ? 'true' : conditions.join(' AND '), params };
}

/** The body of a search: every part that is given must hold. */
export function matchesFilter(pack: StoredPack, filter: Schemas['v1PackFilterSpec'] | undefined): boolean {
  if (!filter) return true;
  const { document } = pack;
  return (
    anyOf(filter.layer, pack.layer) &&
    anyOf(filter.type, pack.type) &&
    anyOf(filter.registryUid, pack.registryUid) &&
    anyOf(filter.addOnType, document.addonType) &&
    anyOf(filter.addOnSubType, document.addonSubType) &&
    anyOf(filter.source, document.annotations['source'] ?? '') &&
    anyOf(filter.state, document.annotations['system_state'] ?? 'active') &&
    inClouds(filter.environment, document.cloudTypes) &&
    matchesText(filter.name, pack.name) &&
    matchesText(filter.displayName, document.displayName)
  );
}

function anyOf(wanted: readonly string[] | null | undefined, value: string): boolean {
  return !wanted || wanted.length === 0 || wanted.includes(value);
}

function inClouds(wanted: readonly string[] | null | undefined, clouds: readonly string[]): boolean {
  if (!wanted || wanted.length === 0 || clouds.length === 0 || clouds.includes('all')) return true;
  return wanted.includes('all') || wanted.some((cloud) => clouds.includes(cloud));
}

function matchesText(filter: Schemas['v1FilterString'] | undefined, value: string): boolean {
  if (!filter) return true;
  const fold = (text: string): string => (filter.ignoreCase === false ? text : text.toLowerCase());
  const text = fold(value);
  return (
    (filter.eq === undefined || filter.eq === null || text === fold(filter.eq)) &&
    (filter.ne === undefined || filter.ne === null || text !== fold(filter.ne)) &&
    (filter.contains === undefined || filter.contains === null || text.includes(fold(filter.contains))) &&
    (filter.beginsWith === undefined || filter.beginsWith === null || text.startsWith(fold(filter.beginsWith)))
  );
}

/** Sorted by the fields given, by name where they are equal. */
export function sortPacks(
  packs: readonly Schemas['v1PackMetadata'][],
  sort: readonly Schemas['v1PackSortSpec'][] | undefined,
): Schemas['v1PackMetadata'][] {
  const keys = [...(sort ?? []), { field: 'name' as const, order: 'asc' as const }];
  return [...packs].sort((a, b) => {
    for (const { field, order } of keys) {
      const left = sortValue(a, field);
      const right = sortValue(b, field);
      if (left !== right) return (left < right ? -1 : 1) * (order === 'desc' ? -1 : 1);
    }
    return 0;
  });
}

function sortValue(pack: Schemas['v1PackMetadata'], field: Schemas['v1PackSortFields'] | undefined): string {
  const spec = pack.spec ?? {};
  switch (field) {
    case 'addOnType':
      return spec.addonType ?? '';
    case 'displayName':
      return spec.displayName ?? '';
    case 'layer':
      return spec.layer ?? '';
    case 'type':
      return spec.type ?? '';
    default:
      return spec.name ?? '';
  }
}
