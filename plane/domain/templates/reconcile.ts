/** Brings clusters to what their template says: at once, or when a maintenance window is open. */
import { compose, ComposeError } from '#profiles/compose';
import { invalidRequest, PlaneError } from '#plane/api/error';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';

import { loadComposeInput, lockClusters } from '../desired-state/compose-input.ts';
import { refuseUnfit } from '../desired-state/fitness.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { openWindow } from '#core/windows';
import { follow } from './follow.ts';
import { setHolding } from './held.ts';
import { noteFollowed, noteWaiting } from './reconcile-log.ts';
import { lockTemplate, type Template } from './template.ts';

export interface Following {
  /** Only these clusters of the template; all of them when left out. */
  readonly clusterUids?: readonly string[];
  /** `window`: as the template's policies say; `now`: whatever they say. */
  readonly when: 'window' | 'now';
}

export interface ClusterOfTemplate {
  readonly uid: string;
  readonly name: string;
  readonly timezone: string | null;
}

/**
 * Makes the clusters of a template follow it. One whose window is closed is noted as waiting, after a look whether it
 * could follow; one that lacks a value waits for that.
 *
 * @throws PlaneError 422 that names the cluster and what keeps it from following, which takes the whole change back
 */
export async function followTemplate(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  templateUid: string,
  { clusterUids, when }: Following,
): Promise<void> {
  const template = await lockTemplate(tx, services.secrets, templateUid);
  if (template === undefined) return;
  for (const cluster of await clustersOf(tx, templateUid, clusterUids)) {
    const now = services.fleet.now();
    if (when === 'now' || isOpen(template, cluster, now)) await followNow(tx, services, tenantUid, template, cluster);
    else await lookWhether(tx, services, tenantUid, template, cluster);
  }
}

/** Whether nothing holds a cluster's changes back at this moment. */
export function isOpen({ schedules }: Template, { timezone }: Pick<ClusterOfTemplate, 'timezone'>, now: Date): boolean {
  return schedules.length === 0 || openWindow(schedules, now, timezone ?? '') !== undefined;
}

/** The clusters that follow a template and are not on their way out, locked in the order of their identifiers. */
async function clustersOf(
  tx: Transaction,
  templateUid: string,
  only: readonly string[] | undefined,
): Promise<ClusterOfTemplate[]> {
  return tx.query<ClusterOfTemplate>(
    `SELECT uid, name, settings->>'timezone' AS timezone FROM clusters
     WHERE template_uid = $1 AND state <> 'Deleting' AND ($2::text[] IS NULL OR uid = ANY ($2)) ORDER BY uid FOR UPDATE`,
    [templateUid, only ?? null],
  );
}

async function followNow(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  template: Template,
  cluster: ClusterOfTemplate,
): Promise<void> {
  const followed = await followNamed(tx, services, template, cluster);
  if (followed.kind === 'unresolved') {
    await noteWaiting(tx, cluster.uid, followed.message, { unresolved: true });
    return;
  }
  await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid: cluster.uid });
  await noteFollowed(tx, cluster.uid, followed.profileUids, services.fleet.now());
}

/** A fault is better told to who makes the change than at night when the window opens. */
async function lookWhether(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  template: Template,
  cluster: ClusterOfTemplate,
): Promise<void> {
  await tx.execute('SAVEPOINT looking');
  const followed = await followNamed(tx, services, template, cluster);
  if (followed.kind === 'followed') {
    await refuseUncomposable(tx, services, tenantUid, cluster);
  }
  await tx.execute('ROLLBACK TO SAVEPOINT looking');
  if (followed.kind === 'unresolved') await noteWaiting(tx, cluster.uid, followed.message, { unresolved: true });
  else await noteWaiting(tx, cluster.uid, 'a change of the cluster template waits for a maintenance window');
}

/** @throws PlaneError 422 when no document could be made, or one that the cluster could not take */
async function refuseUncomposable(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  { uid, name }: ClusterOfTemplate,
): Promise<void> {
  const [target] = await lockClusters(tx, { kind: 'cluster', uid });
  if (target === undefined) return;
  const [known] = await tx.query<{ pack_digests: string[] }>(
    'SELECT pack_digests FROM desired_states WHERE cluster_uid = $1',
    [uid],
  );
  try {
    const { layers } = compose(await loadComposeInput(tx, services.secrets, tenantUid, target));
    await refuseUnfit(tx, { uid, name }, layers, known?.pack_digests ?? []);
  } catch (error) {
    if (error instanceof ComposeError) throw invalidRequest(`cluster ${name}: ${error.message}`);
    throw error;
  }
}

async function followNamed(
  tx: Transaction,
  services: SomeServices,
  template: Template,
  cluster: ClusterOfTemplate,
): ReturnType<typeof follow> {
  try {
    return await follow(tx, services.secrets, template, cluster);
  } catch (error) {
    if (!(error instanceof PlaneError)) throw error;
    throw new PlaneError(error.status, error.code, `cluster ${cluster.name}: ${error.message}`, error.details, {
      cause: error,
    });
  }
}

/** What follows from other policies of a template, or from other schedules of those it has. */
export async function followSchedules(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  templateUid: string,
): Promise<void> {
  const template = await lockTemplate(tx, services.secrets, templateUid);
  if (template === undefined) return;
  const now = services.fleet.now();
  const clusters = await clustersOf(tx, templateUid, undefined);
  const open = clusters.filter((cluster) => isOpen(template, cluster, now));
  await setHolding(tx, templateUid, template.schedules.length > 0);
  // What waited for a window has one now, or needs none any more.
  await followTemplate(tx, services, tenantUid, templateUid, { clusterUids: open.map(({ uid }) => uid), when: 'now' });
  // Agents keep the windows themselves for what they do on their own.
  for (const { uid } of clusters) await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid });
}

/** What follows from a policy's other schedules, for every template that names it. */
export async function followPolicy(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  policyUid: string,
): Promise<void> {
  const templates = await tx.query<{ template_uid: string }>(
    'SELECT template_uid FROM cluster_template_policies WHERE policy_uid = $1 ORDER BY template_uid',
    [policyUid],
  );
  for (const { template_uid: uid } of templates) await followSchedules(tx, services, tenantUid, uid);
}
