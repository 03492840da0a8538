/** Taking single nodes out of service and back. */
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import { AttributeError, type OperationContext } from '#resources/engine/index';

import { listed } from '../shared/projects.ts';
import type { Planned } from './model.ts';

const PATH = ['machinePool'];

/** Clouds whose machines the API lists, with the part of the path that names them. */
const CLOUDS = ['aws', 'azure', 'gcp', 'generic', 'apache-cloudstack'] as const;
type Cloud = (typeof CLOUDS)[number];

interface Machine {
  readonly uid: string;
  readonly name: string;
  readonly maintenance: string;
}

/** Where the machines of a pool are. */
interface Pool {
  readonly cloud: Cloud;
  readonly configUid: string;
  readonly machinePoolName: string;
}

export interface MaintenanceTarget {
  readonly cloudType: string;
  readonly configUid: string;
  readonly scope: Scope;
}

/**
 * Does what the nodes of the machine pools ask for, and waits for each.
 *
 * @throws AttributeError at `machine_pool` for a node that does not exist
 */
export async function maintainNodes(
  pools: Planned['machinePool'],
  prior: Planned['machinePool'],
  target: MaintenanceTarget,
  ctx: OperationContext,
): Promise<void> {
  const { client, signal } = ctx;
  for (const { name, node } of pools ?? []) {
    const before = prior?.find((pool) => pool.name === name)?.node ?? [];
    const wanted = (node ?? []).filter(
      (entry) => !before.some((former) => sameNode(former, entry) && former.action === entry.action),
    );
    if (wanted.length === 0) continue;
    const cloud = CLOUDS.find((candidate) => candidate === target.cloudType) ?? 'generic';
    const pool: Pool = { cloud, configUid: target.configUid, machinePoolName: name };
    const machines = await listMachines(pool, client, target.scope, signal);
    for (const { nodeId, nodeName, action } of wanted) {
      const machine = machines.find(({ uid, name: machineName }) =>
        nodeId ? uid === nodeId : machineName === nodeName,
      );
      if (machine === undefined) {
        throw new AttributeError(
          PATH,
          `Machine pool "${name}" has no node "${nodeId || (nodeName ?? '')}"`,
          `Give node_id or node_name. Nodes of the pool: ${listed(machines.map(({ name: machineName }) => machineName))}.`,
        );
      }
      await client.put(
        '/v1/cloudconfigs/{cloudType}/{configUid}/machinePools/{machinePoolName}/machines/{machineUid}/maintenance',
        {
          path: { cloudType: cloud, configUid: target.configUid, machinePoolName: name, machineUid: machine.uid },
          body: { action },
          scope: target.scope,
          signal,
        },
      );
      await waitForMaintenance(machine, pool, target.scope, ctx);
    }
  }
}

type Node = NonNullable<NonNullable<Planned['machinePool']>[number]['node']>[number];

function sameNode(a: Node, b: Node): boolean {
  return (a.nodeId ?? '') === (b.nodeId ?? '') && (a.nodeName ?? '') === (b.nodeName ?? '');
}

async function waitForMaintenance(
  { uid, name }: Machine,
  pool: Pool,
  scope: Scope,
  { client, waitFor, warn }: OperationContext,
): Promise<void> {
  const outcome = await waitFor<'done'>({
    describe: `maintenance of node ${name}`,
    poll: async ({ signal }) => {
      const machine = (await listMachines(pool, client, scope, signal)).find((candidate) => candidate.uid === uid);
      const state = machine?.maintenance ?? '';
      return state === 'Completed'
        ? { kind: 'reached', value: 'done' }
        : { kind: 'pending', seen: state === '' ? 'not begun' : state };
    },
  });
  if (outcome.kind === 'timedOut')
    warn(`Maintenance of node "${name}" is not done yet`, `It is ${outcome.seen}; it goes on by itself.`);
}

async function listMachines(
  { cloud, configUid, machinePoolName }: Pool,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<Machine[]> {
  const at = { path: { configUid, machinePoolName }, scope, signal };
  switch (cloud) {
    case 'aws':
      return toMachines(
        await client.get('/v1/cloudconfigs/aws/{configUid}/machinePools/{machinePoolName}/machines', at),
      );
    case 'azure':
      return toMachines(
        await client.get('/v1/cloudconfigs/azure/{configUid}/machinePools/{machinePoolName}/machines', at),
      );
    case 'gcp':
      return toMachines(
        await client.get('/v1/cloudconfigs/gcp/{configUid}/machinePools/{machinePoolName}/machines', at),
      );
    case 'generic':
      return toMachines(
        await client.get('/v1/cloudconfigs/generic/{configUid}/machinePools/{machinePoolName}/machines', at),
      );
    case 'apache-cloudstack':
      return toMachines(
        await client.get('/v1/cloudconfigs/apache-cloudstack/{configUid}/machinePools/{machinePoolName}/machines', at),
      );
  }
}

function toMachines({
  items,
}: {
  readonly items: readonly {
    readonly metadata?: Schemas['v1ObjectMeta'];
    readonly status?: Schemas['v1CloudMachineStatus'];
  }[];
}): Machine[] {
  return items.flatMap(({ metadata, status }) =>
    metadata?.uid === undefined
      ? []
      : [
          {
            uid: metadata.uid,
            name: metadata.name ?? metadata.uid,
            maintenance: status?.maintenanceStatus?.state ?? '',
          },
        ],
  );
}
