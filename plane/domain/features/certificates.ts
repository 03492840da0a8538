/** Certificates of a cluster's control plane: when they expire, and their renewal. */
import type { SomeHandlers } from '#plane/api/handler';

import { issueAction } from '../actions/issue.ts';
import { requireCluster } from '../clusters/cluster.ts';
import { loadCertificates } from '../scans/scan-store.ts';

export const certificateHandlers = {
  v1SpectroClustersK8Certificate: async ({ path }, { db, scope }) => {
    const report = await db.transaction(
      async (tx) => loadCertificates(tx, (await requireCluster(tx, scope, path.uid)).uid),
      { readOnly: true },
    );
    return {
      status: 200,
      body: {
        machineCertificates: (report?.machines ?? []).map(({ name, authorities }) => ({
          name,
          certificateAuthorities: authorities.map((authority) => ({
            name: authority.name,
            expiry: authority.expiresAt,
            certificates: authority.certificates.map((one) => ({ name: one.name, expiry: one.expiresAt })),
          })),
        })),
      },
    };
  },

  v1SpectroClustersCertificatesRenew: async ({ path }, { db, scope, services, principal }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      await issueAction(
        tx,
        services,
        cluster,
        { type: 'renew-certificates', spec: { scope: 'control-plane' } },
        { tenantUid: scope.tenantUid, requestedBy: principal.email },
      );
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;
