/** Makes a cluster follow a template, or none. */
import { invalidRequest, PlaneError } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';
import { ProjectUid } from '#protocol/identifiers';
import type { components } from '#openapi/generated/types';

import type { Cluster } from '../clusters/cluster.ts';
import { requireOwned } from '../owned.ts';
import { selectProfiles } from '../profiles/profile-store.ts';
import { fits, withMappings } from './check-template.ts';
import { follow } from './follow.ts';
import { noteFollowed } from './reconcile-log.ts';
import { takeOff } from './take-off.ts';
import { loadTemplate, lockTemplate, storeProfiles, TEMPLATE, type Template, type TemplateRow } from './template.ts';
import { withClusterValues } from './values.ts';

type Values = readonly components['schemas']['v1ClusterTemplateProfileVariable'][];

/**
 * Makes a locked cluster follow a template from this moment, whatever windows the template has: a cluster that joins has
 * nothing yet that a window would protect. The caller composes its desired state.
 *
 * @throws PlaneError 404, or 422 that says why the cluster cannot follow
 */
export async function joinTemplate(
  tx: Transaction,
  services: SomeServices,
  { tenantUid }: Pick<Scope, 'tenantUid'>,
  cluster: Pick<Cluster, 'uid' | 'name' | 'cloudType' | 'importMode' | 'projectUid' | 'templateUid'>,
  templateUid: string,
  values: Values,
): Promise<void> {
  const scope: Scope = { tenantUid, projectUid: ProjectUid.parse(cluster.projectUid) };
  const row = await requireOwned<TemplateRow>(tx, TEMPLATE, scope, templateUid);
  if (cluster.importMode === 'read-only')
    throw new PlaneError(
      422,
      'ClusterReadOnly',
      `cluster ${cluster.name} was imported read-only; import it in full mode to make it follow a template`,
    );
  if (!fits(row.cloud_type, cluster.cloudType))
    throw new PlaneError(
      422,
      'CloudTypeMismatch',
      `cluster template ${row.name} is made for the cloud ${row.cloud_type}, cluster ${cluster.name} is of ${cluster.cloudType}`,
    );
  if (cluster.templateUid !== undefined && cluster.templateUid !== row.uid) await leaveTemplate(tx, cluster.uid);
  await tx.execute('UPDATE clusters SET template_uid = $2, modified_at = now() WHERE uid = $1', [cluster.uid, row.uid]);
  await storeClusterValues(tx, services, row.uid, cluster.uid, values);
  const template = await lockTemplate(tx, services.secrets, row.uid);
  if (template === undefined) throw new Error(`cluster template ${row.uid} was read and is not there`);
  const followed = await follow(tx, services.secrets, template, cluster);
  if (followed.kind === 'unresolved')
    throw new PlaneError(422, 'InvalidVariable', `${followed.message}; give it with the request, or in the template`);
  await noteFollowed(tx, cluster.uid, followed.profileUids, services.fleet.now());
}

/** Takes what a template gave off a cluster. The caller composes its desired state. */
export async function leaveTemplate(tx: Transaction, clusterUid: string): Promise<void> {
  await takeOff(tx, clusterUid, []);
  await tx.execute('DELETE FROM cluster_template_reconciles WHERE cluster_uid = $1', [clusterUid]);
  await tx.execute('UPDATE clusters SET template_uid = NULL, modified_at = now() WHERE uid = $1', [clusterUid]);
}

/**
 * Stores values that one cluster gives to variables of its template's profiles.
 *
 * @throws PlaneError 422 for a profile that is not the template's, or a variable that the template gives to all
 */
export async function storeClusterValues(
  tx: Transaction,
  services: Pick<SomeServices, 'secrets'>,
  templateUid: string,
  clusterUid: string,
  values: Values,
): Promise<void> {
  if (values.length === 0) return;
  const row = (
    await tx.query<TemplateRow>('SELECT * FROM cluster_templates WHERE uid = $1 FOR UPDATE', [templateUid])
  )[0];
  if (row === undefined) return;
  const template = await loadTemplate(tx, services.secrets, row);
  const profiles = await selectProfiles(tx, 'uid = ANY ($1::text[])', [
    template.profiles.map(({ profileUid }) => profileUid),
  ]);
  const changed = template.profiles.map((entry) => {
    const given = values.filter(({ uid }) => uid === entry.profileUid).flatMap(({ variables }) => variables ?? []);
    const profile = profiles.find(({ uid }) => uid === entry.profileUid);
    if (given.length === 0 || profile === undefined) return entry;
    refuseAssignedToAll(template, entry, given);
    const mappings = given.map(({ name, value = '' }) => ({ name, clusters: [{ uid: clusterUid, value }] }));
    const checked = withMappings(profile, entry.variables, mappings, [clusterUid]);
    const own = given.map(({ name }) => ({
      name,
      value: checked.find((one) => one.name === name)?.clusters.find(({ uid }) => uid === clusterUid)?.value ?? '',
    }));
    return { ...entry, variables: withClusterValues(entry.variables, clusterUid, own) };
  });
  const stranger = values.find(({ uid }) => !template.profiles.some(({ profileUid }) => profileUid === uid));
  if (stranger !== undefined)
    throw invalidRequest(`profiles: cluster template ${template.name} has no cluster profile '${stranger.uid ?? ''}'`);
  await storeProfiles(tx, services.secrets, template.uid, changed);
}

function refuseAssignedToAll(
  template: Template,
  { variables }: Template['profiles'][number],
  given: readonly { readonly name: string; readonly value?: string }[],
): void {
  const fixed = given.find(({ name }) => variables.some((one) => one.name === name && one.assignStrategy === 'all'));
  if (fixed !== undefined)
    throw new PlaneError(
      422,
      'InvalidVariable',
      `variable ${fixed.name}: cluster template ${template.name} gives it one value for all clusters; change it there, or assign it by cluster`,
      { variable: fixed.name },
    );
}
