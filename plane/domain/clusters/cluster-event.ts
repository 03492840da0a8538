import type { Transaction } from '#plane/store/database';

import { appendEvent } from '../events/event-log.ts';

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
