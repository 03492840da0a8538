import type { components } from '#openapi/generated/types';
import { conflict, notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { alertsOfProject } from '#plane/domain/alerts/handlers';
import { recomposeClusters } from '#plane/domain/desired-state/recompose';
import { appendResourceEvent } from '#plane/domain/events/resource-event';
import { readMetadata, toMetadata } from '#plane/domain/metadata';
import { isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';

import {
  countContents,
  deleteProject,
  findProject,
  insertProject,
  listProjects,
  lockProject,
  updateProject,
  type ProjectRow,
} from './project-store.ts';

export const projectHandlers = {
  v1ProjectsMetadata: async ({ query }, { db }) => {
    const rows = await db.transaction(async (tx) => listProjects(tx, query.name), { readOnly: true });
    return { status: 200, body: { items: rows.map(({ uid, name }) => ({ metadata: { uid, name } })) } };
  },

  v1ProjectsCreate: async ({ body }, { db, scope, services }) => {
    const uid = newUid();
    const metadata = readMetadata(body?.metadata);
    await refuseTakenName(metadata.name, async () =>
      db.transaction(async (tx) => {
        await insertProject(tx, uid, { ...metadata, ...members(body?.spec) });
        const created = { type: 'project', uid, change: 'created', projectUid: uid } as const;
        await appendResourceEvent(tx, services, scope.tenantUid, created);
      }),
    );
    return { status: 201, body: { uid } };
  },

  v1ProjectsUidGet: async ({ path }, { db, services }) => {
    const found = await db.transaction(
      async (tx) => {
        const row = await findProject(tx, path.uid);
        return row && { row, alerts: await alertsOfProject(tx, { services }, path.uid) };
      },
      { readOnly: true },
    );
    if (!found) throw notFound('project', path.uid);
    return { status: 200, body: toProject(found.row, found.alerts) };
  },

  v1ProjectsUidUpdate: async ({ path, body }, { db, scope, services }) => {
    const metadata = readMetadata(body?.metadata);
    await refuseTakenName(metadata.name, async () =>
      db.transaction(async (tx) => {
        const before = await lockProject(tx, path.uid);
        if (!before) throw notFound('project', path.uid);
        await updateProject(tx, path.uid, { ...metadata, ...members(body?.spec) });
        // The name is a macro of its clusters.
        if (before.name !== metadata.name)
          await recomposeClusters(tx, services, scope.tenantUid, { kind: 'project', uid: path.uid });
        const updated = { type: 'project', uid: path.uid, change: 'updated', projectUid: path.uid } as const;
        await appendResourceEvent(tx, services, scope.tenantUid, updated);
      }),
    );
    return { status: 204 };
  },

  /** Clusters are never deleted with their project: an agent must first take down what it brought. */
  v1ProjectsUidDelete: async ({ path, query }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockProject(tx, path.uid);
      if (!row) throw notFound('project', path.uid);
      const contents = await countContents(tx, path.uid);
      const kept = Object.entries(contents).filter(
        ([kind, count]) => count > 0 && (kind === 'clusters' || query.cleanupProjectResources !== true),
      );
      if (kept.length > 0) {
        const list = kept.map(([kind, count]) => `${count} ${kind}`).join(', ');
        throw conflict('ProjectNotEmpty', `project '${row.name}' still holds ${list}; delete them first`, contents);
      }
      for (const change of await deleteProject(tx, path.uid))
        await appendResourceEvent(tx, services, scope.tenantUid, change);
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

type Spec = components['schemas']['v1ProjectEntitySpec'];

/** What a request says of teams, users and logo; what it does not say stays as it is. */
function members(spec: Spec | undefined): { teams: string | null; users: string | null; logoUid: string | null } {
  return {
    teams: spec?.teams === undefined ? null : JSON.stringify(spec.teams),
    users: spec?.users === undefined ? null : JSON.stringify(spec.users),
    logoUid: spec?.logoUid ?? null,
  };
}

async function refuseTakenName(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isUniqueViolation(error, 'projects_name'))
      throw conflict('DuplicateName', `a project named '${name}' exists already; choose another name, or import it`);
    throw error;
  }
}

function toProject(row: ProjectRow, alerts: components['schemas']['v1Alert'][]): components['schemas']['v1Project'] {
  return {
    metadata: toMetadata(row),
    spec: { alerts, logoUrl: '', teams: [...row.teams], users: [...row.users] },
    status: { isDisabled: false },
  };
}
