/** Desired states for users: to be carried to agents that the plane does not reach. */
import { PlaneError } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { SignedDesiredState } from '#protocol/signature';

import { requireCluster } from '../clusters/cluster.ts';
import { readBlob } from '../packs/blob-store.ts';
import { documentPurpose } from './recompose.ts';

export const desiredStateHandlers = {
  v1SpectroClustersUidDesiredStateGet: async ({ path }, { db, scope, services }) => {
    const { cluster, document } = await db.transaction(
      async (tx) => {
        const cluster = await requireCluster(tx, scope, path.uid);
        const [row] = await tx.query<{ document: Uint8Array }>(
          'SELECT document FROM desired_states WHERE cluster_uid = $1',
          [cluster.uid],
        );
        return { cluster, document: row?.document };
      },
      { readOnly: true },
    );
    if (!document) throw new PlaneError(404, 'NoDesiredState', `cluster ${cluster.name} has no desired state yet`);
    const signed = services.secrets.openText(document, documentPurpose(cluster.uid));
    return {
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: SignedDesiredState.parse(JSON.parse(signed)),
    };
  },

  v1SpectroClustersUidDesiredStatePacksGet: async ({ path }, { db, scope, signal }) => {
    const isNamed = await db.transaction(
      async (tx) => {
        const cluster = await requireCluster(tx, scope, path.uid);
        const rows = await tx.query('SELECT 1 FROM desired_states WHERE cluster_uid = $1 AND $2 = ANY (pack_digests)', [
          cluster.uid,
          path.digest,
        ]);
        return rows.length > 0;
      },
      { readOnly: true },
    );
    if (!isNamed)
      throw new PlaneError(
        403,
        'PackNotInDesiredState',
        `the desired state of the cluster does not name the pack ${path.digest}`,
      );
    return {
      status: 200,
      headers: { 'cache-control': 'private, max-age=31536000, immutable' },
      body: readBlob(db, path.digest, signal),
    };
  },
} satisfies SomeHandlers;
