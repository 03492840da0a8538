import type { Transaction } from '#plane/store/database';

import type { Cluster } from '../clusters/cluster.ts';
import { appendEvent } from '../events/event-log.ts';

export interface ActionEvent {
  readonly runId: string;
  readonly type: string;
  readonly origin: 'command' | 'schedule';
  readonly phase: string;
  readonly message: string;
}

/** Tells followers that a run entered another phase. */
export async function appendActionEvent(
  tx: Transaction,
  tenantUid: string,
  { uid: clusterUid, projectUid }: Pick<Cluster, 'uid' | 'projectUid'>,
  { runId, type, origin, phase, message }: ActionEvent,
): Promise<void> {
  const data = { clusterUid, runId, type, origin, phase, message };
  await appendEvent(tx, { tenantUid, projectUid, clusterUid, type: 'action', data });
}
