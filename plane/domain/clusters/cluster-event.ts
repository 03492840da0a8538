import type { Transaction } from '#plane/store/database';

import { appendEvent } from '../events/event-log.ts';
import { appendResourceEvent, type ResourceChange } from '../events/resource-event.ts';

interface StandRow {
  tenant_uid: string;
  project_uid: string;
  state: string;
  health: string;
  revision: number;
  applied_revision: number;
  message: string;
}

/** Tells followers where a cluster stands now; nothing when it is gone. */
export async function appendClusterEvent(tx: Transaction, clusterUid: string): Promise<void> {
  const [row] = await tx.query<StandRow>(
    'SELECT tenant_uid, project_uid, state, health, revision, applied_revision, message FROM clusters WHERE uid = $1',
    [clusterUid],
  );
  if (!row) return;
  await appendEvent(tx, {
    tenantUid: row.tenant_uid,
    projectUid: row.project_uid,
    clusterUid,
    type: 'cluster',
    data: {
      clusterUid,
      state: row.state,
      health: row.health,
      revision: row.revision,
      appliedRevision: row.applied_revision,
      ...(row.message === '' ? {} : { message: row.message }),
    },
  });
}

/** Tells followers that a user created, changed or deleted a cluster; see `appendResourceEvent` for when. */
export async function tellCluster(
  tx: Transaction,
  services: Parameters<typeof appendResourceEvent>[1],
  tenantUid: string,
  { uid, projectUid }: { readonly uid: string; readonly projectUid: string },
  change: ResourceChange['change'],
): Promise<void> {
  await appendResourceEvent(tx, services, tenantUid, { type: 'spectrocluster', uid, change, projectUid });
}
