/** Events of clusters as lists, in the API's shape. */
import type { components } from '#openapi/generated/types';
import { invalidRequest, notFound } from '#plane/api/error';
import type { Scope, SomeHandlers } from '#plane/api/handler';
import type { TenantDatabase } from '#plane/store/database';

import { requireCluster } from '../clusters/cluster.ts';
import { deleteClusterEvents, listClusterEvents, type StoredEvent } from './cluster-events.ts';

interface ListQuery {
  readonly filters?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly continue?: string | undefined;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

export const componentEventHandlers = {
  v1EventsComponentsList: async ({ query }, { db, scope }) => ({
    status: 200,
    body: await list(db, scope, undefined, query),
  }),

  v1EventsComponentsObjTypeUidList: async ({ path, query }, { db, scope }) => ({
    status: 200,
    body: await list(db, scope, requireKind(path), query),
  }),

  v1EventsComponentsObjTypeUidDelete: async ({ path }, { db, scope }) => {
    const uid = requireKind(path);
    await db.transaction(async (tx) => {
      await requireCluster(tx, scope, uid);
      await deleteClusterEvents(tx, uid);
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

/** There are no edge hosts in this plane. */
function requireKind({ objectKind, objectUid }: { readonly objectKind: string; readonly objectUid: string }): string {
  if (objectKind !== 'spectrocluster') throw notFound(objectKind, objectUid);
  return objectUid;
}

async function list(
  db: TenantDatabase,
  scope: Scope,
  clusterUid: string | undefined,
  query: ListQuery,
): Promise<components['schemas']['v1Events']> {
  const limit = Math.min(query.limit !== undefined && query.limit > 0 ? query.limit : DEFAULT_LIMIT, MAX_LIMIT);
  const from = Number.parseInt(query.continue ?? '', 10);
  const offset = Math.max(0, Number.isNaN(from) ? (query.offset ?? 0) : from);
  const filters = readFilters(query.filters);
  const { events, total } = await db.transaction(
    async (tx) => {
      if (clusterUid !== undefined) await requireCluster(tx, scope, clusterUid);
      return listClusterEvents(tx, { clusterUid, projectUid: scope.projectUid, ...filters, limit, offset });
    },
    { readOnly: true },
  );
  const next = offset + events.length;
  return {
    items: events.map(toApi),
    listmeta: { count: total, limit, offset, continue: next < total ? String(next) : '' },
  };
}

const FILTERS = ['severity', 'reason'] as const;

/** `severity=errorANDreason=PackFailed`, with or without spaces. @throws PlaneError 422 */
export function readFilters(text: string | undefined): { severity?: string; reason?: string } {
  if (text === undefined || text.trim() === '') return {};
  const found: { severity?: string; reason?: string } = {};
  for (const part of text.split(/\s*AND\s*/)) {
    const [name = '', value] = part.split('=', 2).map((one) => one.trim());
    const filter = FILTERS.find((known) => known === name);
    if (filter === undefined || value === undefined)
      throw invalidRequest(`filters: '${part.slice(0, 100)}' is none; expected severity=… or reason=…, joined by AND`);
    found[filter] = value;
  }
  return found;
}

function toApi(event: StoredEvent): components['schemas']['v1Event'] {
  const { object } = event;
  return {
    metadata: {
      uid: event.id,
      name: event.reason,
      creationTimestamp: event.firstAt.toISOString(),
      lastModifiedTimestamp: event.lastAt.toISOString(),
      annotations: {
        count: String(event.count),
        ...(object === undefined ? {} : { apiVersion: object.apiVersion }),
        ...(object?.namespace === undefined ? {} : { namespace: object.namespace }),
      },
    },
    severity: event.severity,
    reason: event.reason,
    message: event.message,
    involvedObject:
      object === undefined
        ? { kind: 'spectrocluster', name: event.clusterName, uid: event.clusterUid }
        : { kind: object.kind, name: object.name },
    relatedObject: { kind: 'spectrocluster', name: event.clusterName, uid: event.clusterUid },
    source: { component: event.source === 'agent' ? 'palette-agent' : 'palette-plane' },
  };
}
