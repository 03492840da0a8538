/** Searching clusters by the API's filter language. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';

import type { Cluster } from './cluster.ts';

type Schemas = components['schemas'];
type FilterItem = Schemas['v1SearchFilterItem'];

const TEXTS: Readonly<Record<string, (cluster: Cluster) => string>> = {
  clusterName: (cluster) => cluster.name,
  uid: (cluster) => cluster.uid,
  environment: (cluster) => cluster.cloudType,
  cloudType: (cluster) => cluster.cloudType,
  clusterState: (cluster) => cluster.state,
  healthState: (cluster) => cluster.health,
  projectUid: (cluster) => cluster.projectUid,
};

const FLAGS: Readonly<Record<string, (cluster: Cluster) => boolean>> = {
  // Deleted clusters are gone, and only imported ones are here.
  isDeleted: () => false,
  isImported: () => true,
  isBrownfield: () => true,
  isHostCluster: (cluster) => cluster.settings.hostClusterConfig?.isHostCluster === true,
  isNested: () => false,
};

const DATES: Readonly<Record<string, (cluster: Cluster) => Date>> = {
  creationTimestamp: (cluster) => cluster.createdAt,
  lastModifiedTimestamp: (cluster) => cluster.modifiedAt,
};

/** Whether a cluster matches; an empty filter matches all. @throws PlaneError 422 that names a property it does not know. */
export function matchesSearch(cluster: Cluster, filter: Schemas['v1SearchFilterSpec'] | undefined): boolean {
  const groups = filter?.filterGroups ?? [];
  return joined(filter?.conjunction, groups, (group) =>
    joined(group.conjunction, group.filters ?? [], (item) => matchesItem(cluster, item)),
  );
}

function joined<T>(
  conjunction: 'and' | 'or' | null | undefined,
  items: readonly T[],
  matches: (item: T) => boolean,
): boolean {
  if (items.length === 0) return true;
  return conjunction === 'or' ? items.some(matches) : items.every(matches);
}

function matchesItem(cluster: Cluster, { property = '', condition = {} }: FilterItem): boolean {
  if (condition.keyValue && (property === 'tags' || property === 'labels'))
    return matchesTag(cluster, condition.keyValue);
  const text = own(TEXTS, property);
  if (text) return matchesText(text(cluster), condition.string ?? {});
  const flag = own(FLAGS, property);
  if (flag) return flag(cluster) === (condition.bool?.value ?? true);
  const date = own(DATES, property);
  if (date) return matchesDate(date(cluster), condition.date ?? {});
  const known = [...Object.keys(TEXTS), ...Object.keys(FLAGS), ...Object.keys(DATES), 'tags'].join(', ');
  throw invalidRequest(`filter: the property '${property}' is not known; expected one of ${known}`);
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function matchesText(
  value: string,
  { ignoreCase, match, negation, operator }: Schemas['v1SearchFilterStringCondition'],
): boolean {
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  const found = joined(match?.conjunction ?? 'or', match?.values ?? [], (wanted) =>
    compare(fold(value), fold(wanted), operator),
  );
  return negation ? !found : found;
}

function compare(
  value: string,
  wanted: string,
  operator: Schemas['v1SearchFilterStringOperator'] | undefined,
): boolean {
  if (operator === 'contains') return value.includes(wanted);
  if (operator === 'beginsWith') return value.startsWith(wanted);
  return value === wanted;
}

function matchesTag(cluster: Cluster, { key = '', ...condition }: Schemas['v1SearchFilterKeyValueCondition']): boolean {
  const value = Object.hasOwn(cluster.labels, key) ? cluster.labels[key] : undefined;
  return value === undefined ? condition.negation === true : matchesText(value, condition);
}

function matchesDate(
  value: Date,
  { match, negation, operator = 'eq' }: Schemas['v1SearchFilterDateCondition'],
): boolean {
  const times = (match?.values ?? []).map((text) => Date.parse(text));
  const time = value.getTime();
  const [first = time, last = first] = times;
  const found = {
    eq: time === first,
    gt: time > first,
    gte: time >= first,
    lt: time < first,
    lte: time <= first,
    range: time >= first && time <= last,
  }[operator];
  return negation ? !found : found;
}

/** Sorted by the fields given, by name where they are equal. */
export function sortClusters(
  clusters: readonly Cluster[],
  sort: readonly Schemas['v1SearchFilterSortSpec'][] | undefined,
): Cluster[] {
  const keys = [...(sort ?? []), { field: 'clusterName' as const, order: 'asc' as const }];
  return [...clusters].sort((a, b) => {
    for (const { field, order } of keys) {
      const left = sortValue(a, field);
      const right = sortValue(b, field);
      if (left !== right) return (left < right ? -1 : 1) * (order === 'desc' ? -1 : 1);
    }
    return 0;
  });
}

function sortValue(cluster: Cluster, field: Schemas['v1SearchSortFields'] | undefined): string {
  const date = own(DATES, field ?? '');
  if (date) return date(cluster).toISOString();
  const text = own(TEXTS, field ?? 'clusterName') ?? own(TEXTS, 'clusterName');
  return text ? text(cluster) : '';
}
