/**
 * Cluster API as far as the agent sees it: its kinds, and a controller that makes machines what their owners say, one at a
 * time. What a machine is made of is a node of the API only.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { KubeClient } from '#kubernetes/client';
import { mapAt, refOf, textAt, valueAt, type KubeObject } from '#kubernetes/object';

const GROUP = 'cluster.x-k8s.io';
const CONTROL_PLANE_GROUP = 'controlplane.cluster.x-k8s.io';
const KINDS = [
  { group: GROUP, kind: 'Cluster', plural: 'clusters' },
  { group: GROUP, kind: 'Machine', plural: 'machines' },
  { group: GROUP, kind: 'MachineDeployment', plural: 'machinedeployments' },
  { group: CONTROL_PLANE_GROUP, kind: 'KubeadmControlPlane', plural: 'kubeadmcontrolplanes' },
] as const;

/** @param version which version of the API is served: `v1beta1` or `v1beta2` */
export function clusterApiDefinitions(version: string): readonly object[] {
  return KINDS.map(({ group, kind, plural }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }));
}

export interface MachineController {
  /** Nodes of new machines are not ready from now on, as machines are that never come up. */
  breakNew(broken: boolean): void;
  stop(): Promise<void>;
}

export function startMachineController(client: KubeClient, version: string): MachineController {
  const stopping = new AbortController();
  const { signal } = stopping;
  const state = { broken: false, made: 0 };
  const type = (kind: (typeof KINDS)[number]['kind']) => {
    const found = KINDS.find((one) => one.kind === kind) ?? KINDS[0];
    return { apiVersion: `${found.group}/${version}`, kind, plural: found.plural, namespaced: true, verbs: [] };
  };
  const list = async (kind: (typeof KINDS)[number]['kind']) => (await client.list(type(kind), { signal })).items;

  const makeMachine = async (owner: KubeObject, kubernetes: string, labels: Record<string, string>): Promise<void> => {
    const name = `${owner.metadata.name}-${++state.made}`;
    const namespace = owner.metadata.namespace ?? '';
    const machine = await client.create(
      {
        apiVersion: `${GROUP}/${version}`,
        kind: 'Machine',
        metadata: { name, namespace, labels: { 'cluster.x-k8s.io/cluster-name': 'own', ...labels } },
        spec: { clusterName: 'own', version: kubernetes },
      },
      { signal },
    );
    const isControlPlane = Object.hasOwn(labels, 'cluster.x-k8s.io/control-plane');
    await client.apply(
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: isControlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {} },
      },
      { signal },
    );
    const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    await client.mergePatch(
      { apiVersion: 'v1', kind: 'Node', name },
      {
        status: {
          nodeInfo: { kubeletVersion: kubernetes },
          conditions: [
            {
              type: 'Ready',
              status: state.broken ? 'False' : 'True',
              reason: 'Test',
              message: '',
              lastHeartbeatTime: at,
              lastTransitionTime: at,
            },
          ],
        },
      },
      { signal, subresource: 'status' },
    );
    await client.mergePatch(
      refOf(machine),
      { status: { nodeRef: { name }, certificatesExpiryDate: '2031-01-01T00:00:00Z' } },
      { signal, subresource: 'status' },
    );
  };
  const removeMachine = async (machine: KubeObject): Promise<void> => {
    await client.delete({ apiVersion: 'v1', kind: 'Node', name: machine.metadata.name }, { signal });
    await client.delete(refOf(machine), { signal });
  };
  /** One step towards as many machines as there are to be, each new enough and of the right version. */
  const step = async (
    owner: KubeObject,
    machines: readonly KubeObject[],
    wanted: {
      readonly replicas: number;
      readonly version: string;
      readonly after: string;
      readonly labels: Record<string, string>;
    },
  ): Promise<void> => {
    const old = machines.filter(
      (machine) =>
        textAt(machine, 'spec', 'version') !== wanted.version ||
        (machine.metadata.creationTimestamp ?? '') < wanted.after,
    );
    if (machines.length < wanted.replicas + (old.length > 0 ? 1 : 0))
      await makeMachine(owner, wanted.version, wanted.labels);
    else if (machines.length > wanted.replicas) {
      const [gone] = [...old, ...machines];
      if (gone !== undefined) await removeMachine(gone);
    }
  };
  const reconcile = async (): Promise<void> => {
    const [clusters, machines] = [await list('Cluster'), await list('Machine')];
    const topology = mapAt(clusters[0], 'spec', 'topology');
    for (const owner of await list('KubeadmControlPlane')) {
      if (Object.keys(topology).length > 0)
        await client.mergePatch(
          refOf(owner),
          { spec: { version: topology['version'], replicas: valueAt(topology, 'controlPlane', 'replicas') } },
          { signal },
        );
      await step(
        owner,
        machines.filter(({ metadata }) => Object.hasOwn(metadata.labels ?? {}, 'cluster.x-k8s.io/control-plane')),
        {
          replicas: Number(valueAt(owner, 'spec', 'replicas')),
          version: textAt(owner, 'spec', 'version'),
          after: textAt(owner, 'spec', 'rollout', 'after') || textAt(owner, 'spec', 'rolloutAfter'),
          labels: { 'cluster.x-k8s.io/control-plane': '' },
        },
      );
    }
    for (const owner of await list('MachineDeployment')) {
      const inTopology = owner.metadata.labels?.['topology.cluster.x-k8s.io/deployment-name'];
      const workers = valueAt(topology, 'workers', 'machineDeployments');
      const wanted = (Array.isArray(workers) ? workers : []).find((one) => textAt(one, 'name') === inTopology);
      if (inTopology !== undefined && wanted !== undefined)
        await client.mergePatch(
          refOf(owner),
          { spec: { replicas: valueAt(wanted, 'replicas'), template: { spec: { version: topology['version'] } } } },
          { signal },
        );
      await step(
        owner,
        machines.filter(
          ({ metadata }) => metadata.labels?.['cluster.x-k8s.io/deployment-name'] === owner.metadata.name,
        ),
        {
          replicas: Number(valueAt(owner, 'spec', 'replicas')),
          version: textAt(owner, 'spec', 'template', 'spec', 'version'),
          after: '',
          labels: { 'cluster.x-k8s.io/deployment-name': owner.metadata.name },
        },
      );
    }
  };
  const working = (async () => {
    while (!signal.aborted) {
      // The next round sees what this one could not.
      await reconcile().catch(() => undefined);
      await sleep(50);
    }
  })();
  return {
    breakNew: (broken) => {
      state.broken = broken;
    },
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}
