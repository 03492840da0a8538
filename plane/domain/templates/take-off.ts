import type { Transaction } from '#plane/store/database';

/**
 * Takes what a template gave off a cluster, but for the profiles to keep. A profile that the cluster had attached before
 * the template brought it, too, is the cluster's own again, with its values.
 */
export async function takeOff(tx: Transaction, clusterUid: string, keep: readonly string[]): Promise<void> {
  await tx.execute(
    `UPDATE cluster_profile_attachments SET overrides = own_overrides, variables = own_variables, template_uid = NULL,
       held = NULL, own_overrides = NULL, own_variables = NULL
     WHERE cluster_uid = $1 AND template_uid IS NOT NULL AND own_overrides IS NOT NULL AND NOT (profile_uid = ANY ($2::text[]))`,
    [clusterUid, keep],
  );
  await tx.execute(
    'DELETE FROM cluster_profile_attachments WHERE cluster_uid = $1 AND template_uid IS NOT NULL AND NOT (profile_uid = ANY ($2::text[]))',
    [clusterUid, keep],
  );
}
