import { z } from 'zod';

import { invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { Action } from '#protocol/actions';

import { requireCluster } from '../clusters/cluster.ts';
import { findBackupRun } from '../backups/backup-views.ts';
import { useLocation } from '../backups/use-location.ts';
import { readArtifact, storeArtifact } from './artifacts.ts';
import { cancelRun, issueAction } from './issue.ts';
import { isRunId, listRuns, requireRun } from './run-store.ts';

export const actionHandlers = {
  v1SpectroClustersUidActionsList: async ({ path, query }, { db, scope }) => {
    const items = await db.transaction(
      async (tx) => {
        const cluster = await requireCluster(tx, scope, path.uid);
        return listRuns(tx, cluster.uid, {
          types: listOf(query.types),
          phases: listOf(query.phases),
          before: query.before === undefined ? undefined : new Date(query.before),
          limit: query.limit ?? 50,
        });
      },
      { readOnly: true },
    );
    return { status: 200, body: { items } };
  },

  v1SpectroClustersUidActionsCreate: async ({ path, body }, { db, scope, services, principal }) => {
    const action = readAction(body);
    const uid = await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      if ('locationUid' in action.spec && action.spec.locationUid !== undefined)
        await useLocation(tx, services, scope, cluster, action.spec.locationUid);
      const backup =
        'backupName' in action.spec ? await findBackupRun(tx, cluster.uid, action.spec.backupName) : undefined;
      const { tenantUid } = scope;
      return issueAction(tx, services, cluster, action, { tenantUid, requestedBy: principal.email, backup });
    });
    return { status: 201, body: { uid } };
  },

  v1SpectroClustersUidActionsGet: async ({ path }, { db, scope }) => {
    const body = await db.transaction(
      async (tx) => {
        const cluster = await requireCluster(tx, scope, path.uid);
        return requireRun(tx, cluster.uid, path.runUid);
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1SpectroClustersUidActionsCancel: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      const run = await requireRun(tx, cluster.uid, path.runUid);
      await cancelRun(tx, services, cluster, run, scope);
    });
    return { status: 204 };
  },

  v1SpectroClustersUidActionsArtifactsGet: async ({ path }, { db, scope, signal }) => {
    const artifact = await db.transaction(
      async (tx) => {
        const cluster = await requireCluster(tx, scope, path.uid);
        const run = await requireRun(tx, cluster.uid, path.runUid);
        return run.artifacts?.find(({ name }) => name === path.name);
      },
      { readOnly: true },
    );
    if (!artifact) throw notFound('artifact', path.name);
    return {
      status: 200,
      // What an agent brought is never shown by a browser as a page of this plane.
      headers: {
        etag: `"${artifact.digest}"`,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(artifact.name)}`,
        'x-content-type-options': 'nosniff',
      },
      body: readArtifact(db, { runId: path.runUid, name: path.name }, signal),
    };
  },

  v1AgentsActionsArtifactsPut: async ({ path, query, body }, { db, principal }) => {
    if (!isRunId(path.runId)) throw notFound('run', path.runId);
    await db.transaction(async (tx) => {
      const [run] = await tx.query('SELECT 1 FROM cluster_actions WHERE run_id = $1 AND cluster_uid = $2 FOR UPDATE', [
        path.runId,
        principal.clusterUid,
      ]);
      if (!run) throw notFound('run', path.runId);
      const { contentType = 'application/octet-stream' } = query;
      await storeArtifact(tx, principal.clusterUid, { runId: path.runId, name: path.name, contentType, bytes: body });
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

function listOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined || text === '' ? undefined : text.split(',');
}

/** @throws PlaneError 422 that says what is wrong with the action's spec */
function readAction(body: unknown): Action {
  const parsed = Action.safeParse(body);
  if (!parsed.success) throw invalidRequest(`body: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.type === 'upgrade-agent')
    throw invalidRequest('body.type: agents are upgraded to a release that was published to this plane, not by hand');
  return parsed.data;
}
