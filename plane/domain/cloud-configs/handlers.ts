import type { components } from '#openapi/generated/types';
import { notFound } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import { page, type PageQuery } from '#plane/domain/page';

type Place = { readonly configUid: string; readonly machinePoolName: string };
type Machine = Place & { readonly machineUid: string };
type NoMachines = { status: 200; body: { items: never[]; listmeta: components['schemas']['v1ListMetaData'] } };

/**
 * Machines of clusters. An imported cluster's machines belong to whoever made it: its cloud configuration, which has
 * the cluster's own identifier, holds pools without machines.
 */
export const cloudConfigHandlers = {
  v1CloudConfigsAwsPoolMachinesList: async ({ path, query }, context) => machines(path, query, context),
  v1CloudConfigsAzurePoolMachinesList: async ({ path, query }, context) => machines(path, query, context),
  v1CloudConfigsCloudStackPoolMachinesList: async ({ path }, context) => machines(path, {}, context),
  v1CloudConfigsGcpPoolMachinesList: async ({ path, query }, context) => machines(path, query, context),
  v1CloudConfigsGenericPoolMachinesList: async ({ path, query }, context) => machines(path, query, context),

  v1CloudConfigsAwsPoolMachinesUidGet: async ({ path }) => noMachine(path),
  v1CloudConfigsAzurePoolMachinesUidGet: async ({ path }) => noMachine(path),
  v1CloudConfigsCloudStackPoolMachinesUidGet: async ({ path }) => noMachine(path),
  v1CloudConfigsGcpPoolMachinesUidGet: async ({ path }) => noMachine(path),
  v1CloudConfigsGenericPoolMachinesUidGet: async ({ path }) => noMachine(path),
  v1CloudConfigsMachinePoolsMachineUidMaintenanceUpdate: async ({ path }) => noMachine(path),
} satisfies SomeHandlers;

async function machines({ configUid }: Place, query: PageQuery, { db, scope }: UserContext): Promise<NoMachines> {
  const [cluster] = await db.transaction(
    async (tx) =>
      tx.query(`SELECT 1 FROM clusters WHERE uid = $1 AND ($2::text IS NULL OR project_uid = $2)`, [
        configUid,
        scope.projectUid,
      ]),
    { readOnly: true },
  );
  if (!cluster) throw notFound('cloud configuration', configUid);
  return { status: 200, body: { items: [], listmeta: page([], query).listmeta } };
}

async function noMachine({ machineUid }: Machine): Promise<never> {
  throw notFound('machine', machineUid);
}
