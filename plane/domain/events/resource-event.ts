import type { components } from '#openapi/generated/types';
import type { FleetServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';

import { appendEvent } from './event-log.ts';

export interface ResourceChange extends Readonly<components['schemas']['ResourceEvent']> {
  /** The project that the object belongs to; absent for the tenant's own. */
  readonly projectUid?: string | null | undefined;
}

/**
 * Tells followers that somebody created, changed or deleted an object. It goes last in the transaction of the change:
 * after it, transactions of the tenant wait for each other, so whoever still had to lock rows might wait in a ring.
 */
export async function appendResourceEvent(
  tx: Transaction,
  services: { readonly fleet: Pick<FleetServices, 'changed'> },
  tenantUid: string,
  { type, uid, change, projectUid }: ResourceChange,
): Promise<void> {
  await appendEvent(tx, {
    tenantUid,
    projectUid: projectUid ?? undefined,
    clusterUid: type === 'spectrocluster' ? uid : undefined,
    type: 'resource',
    data: { type, uid, change },
  });
  tx.afterCommit(() => services.fleet.changed(tenantUid));
}
