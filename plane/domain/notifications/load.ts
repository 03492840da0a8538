/** Notifications of a scope, with what people made of them. */
import type { Scope } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';

import { ProfileTemplate } from '../profiles/profile.ts';
import { packUpdates, waitingClusters, type Notification, type WaitingCluster } from './derive.ts';

export interface MarkedNotification extends Notification {
  readonly isAcknowledged: boolean;
  readonly isDone: boolean;
}

/** A project sees its own and the tenant's, the tenant all; the newest first, then those without a time. */
export async function loadNotifications(tx: Transaction, { projectUid }: Scope): Promise<MarkedNotification[]> {
  const all = [...(await updates(tx, projectUid)), ...(await waiting(tx, projectUid))];
  const marks = await tx.query<{ notification_uid: string; is_acknowledged: boolean; is_done: boolean }>(
    'SELECT notification_uid, is_acknowledged, is_done FROM notification_marks WHERE notification_uid = ANY ($1::text[])',
    [all.map(({ uid }) => uid)],
  );
  const byUid = new Map(marks.map((mark) => [mark.notification_uid, mark]));
  return all
    .map((one) => {
      const mark = byUid.get(one.uid);
      return { ...one, isAcknowledged: mark?.is_acknowledged ?? false, isDone: mark?.is_done ?? false };
    })
    .toSorted((a, b) => (b.since?.getTime() ?? 0) - (a.since?.getTime() ?? 0));
}

async function updates(tx: Transaction, projectUid: string | undefined): Promise<readonly Notification[]> {
  const rows = await tx.query<{
    uid: string;
    project_uid: string | null;
    name: string;
    version: string;
    published: unknown;
  }>(
    `SELECT uid, project_uid, name, version, published FROM cluster_profiles
     WHERE published IS NOT NULL AND ($1::text IS NULL OR project_uid IS NULL OR project_uid = $1) ORDER BY name, uid`,
    [projectUid ?? null],
  );
  const profiles = rows.map(({ uid, project_uid: project, name, version, published }) => ({
    uid,
    projectUid: project ?? undefined,
    name,
    version,
    packs: ProfileTemplate.parse(published).packs.filter(({ type }) => type !== 'manifest'),
  }));
  const used = profiles.flatMap(({ packs }) => packs);
  const packs = await tx.query<{ registry_uid: string; name: string; version: string; created_at: Date }>(
    'SELECT registry_uid, name, version, created_at FROM packs WHERE registry_uid = ANY ($1::text[]) AND name = ANY ($2::text[])',
    [[...new Set(used.map((pack) => pack.registryUid))], [...new Set(used.map((pack) => pack.name))]],
  );
  return packUpdates(
    profiles,
    packs.map(({ registry_uid: registryUid, name, version, created_at: createdAt }) => ({
      registryUid,
      name,
      version,
      createdAt,
    })),
  );
}

async function waiting(tx: Transaction, projectUid: string | undefined): Promise<readonly Notification[]> {
  const rows = await tx.query<WaitingCluster>(
    `SELECT c.uid, c.name, c.revision, r.message FROM cluster_template_reconciles r JOIN clusters c ON c.uid = r.cluster_uid
     WHERE r.state = 'Pending' AND ($1::text IS NULL OR c.project_uid = $1) ORDER BY c.name, c.uid`,
    [projectUid ?? null],
  );
  return waitingClusters(rows);
}

/** What was made of notifications that are no more is forgotten. @returns whether there is such a notification */
export async function markNotification(
  tx: Transaction,
  { tenantUid, ...scope }: Scope,
  uid: string,
  mark: 'acknowledged' | 'done',
): Promise<boolean> {
  const known = await loadNotifications(tx, { tenantUid, ...scope });
  if (!known.some((one) => one.uid === uid)) return false;
  await tx.execute(
    `INSERT INTO notification_marks (tenant_uid, notification_uid, is_acknowledged, is_done) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_uid, notification_uid) DO UPDATE SET
       is_acknowledged = notification_marks.is_acknowledged OR excluded.is_acknowledged,
       is_done = notification_marks.is_done OR excluded.is_done`,
    [tenantUid, uid, mark === 'acknowledged', mark === 'done'],
  );
  const all =
    scope.projectUid === undefined ? known : await loadNotifications(tx, { tenantUid, projectUid: undefined });
  await tx.execute('DELETE FROM notification_marks WHERE tenant_uid = $1 AND notification_uid <> ALL ($2::text[])', [
    tenantUid,
    all.map((one) => one.uid),
  ]);
  return true;
}
