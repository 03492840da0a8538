import { conflict } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';

import { requireCluster } from '../clusters/cluster.ts';

export const certificateHandlers = {
  v1SpectroClustersCertificatesRenew: async ({ path }, { db, scope }) => {
    const cluster = await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    throw conflict(
      'NotSupportedForImportedCluster',
      `cluster ${cluster.name} was imported: renew its certificates with the tool that made it`,
    );
  },
} satisfies SomeHandlers;
