import type { Scope, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';

import { recomposeClusters } from '../desired-state/recompose.ts';
import { appendResourceEvent, type ResourceChange } from '../events/resource-event.ts';
import type { Profile } from './profile.ts';

type Services = UserContext['services'];
type Owned = Pick<Profile, 'uid' | 'projectUid'>;

/** What follows from a change of a profile: the documents of its clusters, where it is named, and an event. */
export async function followChange(tx: Transaction, services: Services, scope: Scope, profile: Owned): Promise<void> {
  await recomposeClusters(tx, services, scope.tenantUid, { kind: 'profile', uid: profile.uid });
  await tell(tx, services, scope, profile, 'updated');
}

/** Says on the event stream what became of a profile. */
export async function tell(
  tx: Transaction,
  services: Services,
  { tenantUid }: Scope,
  { uid, projectUid }: Owned,
  change: ResourceChange['change'],
): Promise<void> {
  await appendResourceEvent(tx, services, tenantUid, { type: 'clusterprofile', uid, change, projectUid });
}
