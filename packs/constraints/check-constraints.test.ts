import { describe, expect, it } from '@jest/globals';

import { PackConstraints } from '../pack-json.ts';
import { checkConstraints, type ConstrainedLayer, type ConstraintContext } from './check-constraints.ts';

function layer(
  name: string,
  version: string,
  constraints: unknown = {},
  more: Partial<ConstrainedLayer> & { kubeVersion?: string } = {},
): ConstrainedLayer {
  const { kubeVersion = '', ...rest } = more;
  return {
    name,
    version,
    layer: 'addon',
    pack: { constraints: PackConstraints.parse(constraints), kubeVersion },
    ...rest,
  };
}
const depends = (packName: string, type: string, minVersion = '', maxVersion = '', place = 'addon'): unknown => ({
  dependencies: [{ packName, layer: place, minVersion, maxVersion, type }],
});
const K8S = layer('kubernetes', '1.30.4', {}, { layer: 'k8s' });
const NODES = [
  { role: 'control-plane', cpuMillis: 2000, memoryMiB: 4096 },
  { role: 'worker', cpuMillis: 1000, memoryMiB: 2048 },
] as const;

interface Case {
  readonly name: string;
  readonly layers: readonly ConstrainedLayer[];
  readonly context?: ConstraintContext;
  /** Severity, code and what is needed against what is there. */
  readonly want: readonly string[];
}

const cases: Case[] = [
  { name: 'a profile without constraints has no problems', layers: [layer('a', '1.0.0'), K8S], want: [] },
  {
    name: 'a required pack that is not there is an error',
    layers: [layer('stack', '1.0.0', depends('operator', 'required', '3.3.2'))],
    want: ['error DependencyMissing operator at least 3.3.2 <> '],
  },
  {
    name: 'a required pack of an older version is an error',
    layers: [layer('stack', '1.0.0', depends('operator', 'required', '3.3.2')), layer('operator', '3.3.1')],
    want: ['error DependencyVersion operator at least 3.3.2 <> operator 3.3.1'],
  },
  {
    name: 'a required pack without bounds may have any version',
    layers: [layer('stack', '1.0.0', depends('operator', 'required')), layer('operator', 'v0.1-odd')],
    want: [],
  },
  {
    name: 'an optional pack matters only if it is there',
    layers: [layer('a', '1.0.0', depends('vault', 'optional', '0.6.0'))],
    want: [],
  },
  {
    name: 'an optional pack that is there has to be within the bounds',
    layers: [layer('a', '1.0.0', depends('kubernetes', 'optional', '1.31', '', 'k8s')), K8S],
    want: ['error DependencyVersion kubernetes at least 1.31 <> kubernetes 1.30.4'],
  },
  {
    name: 'a greatest version of two numbers allows all its patches',
    layers: [layer('a', '1.0.0', depends('kubernetes', 'optional', '', '1.30', 'k8s')), K8S],
    want: [],
  },
  {
    name: 'a greatest version of three numbers allows no later patch',
    layers: [layer('a', '1.0.0', depends('kubernetes', 'optional', '', '1.30.3', 'k8s')), K8S],
    want: ['error DependencyVersion kubernetes at most 1.30.3 <> kubernetes 1.30.4'],
  },
  {
    name: 'a pack of the name in another layer is another pack',
    layers: [layer('a', '1.0.0', depends('operator', 'required', '', '', 'csi')), layer('operator', '1.0.0')],
    want: ['error DependencyMissing operator <> '],
  },
  {
    name: 'a pack that is not supported must not be there within the bounds',
    layers: [layer('a', '1.0.0', depends('b', 'notSupported', '1.0', '1.5')), layer('b', '1.4.2')],
    want: ['error DependencyNotSupported b 1.0 to 1.5 <> b 1.4.2'],
  },
  {
    name: 'a pack that is not supported may be there outside of the bounds',
    layers: [layer('a', '1.0.0', depends('b', 'notSupported', '1.0', '1.5')), layer('b', '1.6.0')],
    want: [],
  },
  {
    name: 'a pack that can be upgraded from other versions gets a warning',
    layers: [layer('a', '1.0.0', depends('b', 'upgrade', '', '3.26.7')), layer('b', '4.0.0')],
    want: ['warning DependencyVersion b at most 3.26.7 <> b 4.0.0'],
  },
  {
    name: 'a type that is left out means optional',
    layers: [layer('a', '1.0.0', { dependencies: [{ packName: 'gone', minVersion: '1' }] })],
    want: [],
  },
  {
    name: 'the version of Kubernetes of a cluster without a Kubernetes layer gives a warning only',
    layers: [layer('a', '1.0.0', depends('kubernetes', 'required', '1.31', '', 'k8s'))],
    context: { kubeVersion: 'v1.30.1' },
    want: ['warning DependencyVersion kubernetes at least 1.31 <> kubernetes v1.30.1'],
  },
  {
    name: 'a version without numbers cannot be judged',
    layers: [layer('a', '1.0.0', depends('b', 'required', '1.0')), layer('b', 'latest')],
    want: ['warning ConstraintUnreadable b at least 1.0 <> b latest'],
  },
  {
    name: 'the range of Kubernetes versions is kept',
    layers: [layer('a', '1.0.0', {}, { kubeVersion: '>=1.26.0-0' })],
    context: { kubeVersion: 'v1.25.9' },
    want: ['error KubeVersionUnsupported >=1.26.0-0 <> v1.25.9'],
  },
  {
    name: 'what a vendor appends to the version of Kubernetes does not count',
    layers: [layer('a', '1.0.0', {}, { kubeVersion: '>= 1.26.0, < 1.40' })],
    context: { kubeVersion: 'v1.26.0-gke.100' },
    want: [],
  },
  {
    name: 'a range that cannot be read is told',
    layers: [layer('a', '1.0.0', {}, { kubeVersion: 'newest' })],
    context: { kubeVersion: 'v1.30.0' },
    want: ['warning ConstraintUnreadable newest <> v1.30.0'],
  },
  {
    name: 'Kubernetes packs for agent mode need a newer agent',
    layers: ['1.31.12', '1.32.8', '1.33.4', '1.31.11', '1.33.5'].map((version) => layer('edge-k8s', version)),
    context: { agentVersion: '4.7.6' },
    want: Array.from({ length: 3 }, () => 'error AgentTooOld 4.7.7 <> 4.7.6'),
  },
  {
    name: 'the same for the Canonical ones',
    layers: ['1.32.8', '1.33.4', '1.31.12'].map((version) => layer('edge-canonical', version)),
    context: { agentVersion: 'v4.6.20' },
    want: Array.from({ length: 2 }, () => 'error AgentTooOld 4.7.7 <> v4.6.20'),
  },
  {
    name: 'an agent that is new enough installs them',
    layers: [layer('edge-k8s', '1.33.4'), layer('edge-canonical', '1.33.4')],
    context: { agentVersion: '4.7.7' },
    want: [],
  },
  {
    name: 'an agent of unknown version is not judged',
    layers: [layer('edge-k8s', '1.33.4')],
    want: [],
  },
  {
    name: 'a pack may ask for an agent itself, and the newest demand counts',
    layers: [layer('edge-k8s', '1.33.4', { agent: { minVersion: '5.0.0' } })],
    context: { agentVersion: '4.8.0' },
    want: ['error AgentTooOld 5.0.0 <> 4.8.0'],
  },
  {
    name: 'an agent without a readable version is too old',
    layers: [layer('edge-k8s', '1.33.4')],
    context: { agentVersion: 'dev' },
    want: ['error AgentTooOld 4.7.7 <> dev'],
  },
  {
    name: 'nodes that have enough are enough',
    layers: [layer('a', '1.0.0', { resources: [{ type: 'cpu', minLimit: 3000 }] })],
    context: { nodes: NODES },
    want: [],
  },
  {
    name: 'a pack that needs more than all nodes have is an error',
    layers: [layer('a', '1.0.0', { resources: [{ type: 'memory', minLimit: 7000 }] })],
    context: { nodes: NODES },
    want: ['error ResourcesShort 7000 MiB <> 6144 MiB'],
  },
  {
    name: 'packs that need more together give a warning',
    layers: ['a', 'b'].map((name) => layer(name, '1.0.0', { resources: [{ type: 'cpu', minLimit: 2000 }] })),
    context: { nodes: NODES },
    want: ['warning ResourcesShort 4000 m <> 3000 m'],
  },
  {
    name: 'the requests in the values count in place of the limit',
    layers: [
      layer(
        'a',
        '1.0.0',
        {
          resources: [
            {
              type: 'memory',
              minLimit: 1,
              components: [
                {
                  resourceRequestParamRef: 'charts.a.requests.memory',
                  replicaCountParamRef: 'charts.a.replicas',
                  scheduleType: 'worker',
                },
                { resourceRequestParamRef: 'charts.a.daemon', scheduleType: 'all' },
                { resourceRequestParamRef: 'charts.a.absent' },
              ],
            },
          ],
        },
        { values: 'charts: {a: {requests: {memory: 2Gi}, replicas: 3, daemon: 500Mi}}' },
      ),
    ],
    context: { nodes: NODES },
    want: ['error ResourcesShort 7144 MiB <> 6144 MiB'],
  },
  {
    name: 'disks of unknown size are not judged',
    layers: [layer('a', '1.0.0', { resources: [{ type: 'diskSize', minLimit: 1000 }] })],
    context: { nodes: NODES },
    want: [],
  },
  { name: 'manifests alone have no constraints', layers: [{ name: 'm', version: '', layer: 'addon' }], want: [] },
];

describe('constraints of packs', () => {
  it.each(cases)('$name', ({ layers, context, want }) => {
    expect(
      checkConstraints(layers, context).map(
        ({ severity, code, required, found }) => `${severity} ${code} ${required} <> ${found}`,
      ),
    ).toEqual(want);
  });
  it('are told in one sentence with everything in it', () => {
    const messages = checkConstraints(
      [layer('edge-k8s', '1.33.4'), layer('stack', '0.19.0', depends('operator', 'required', '3.3.2', '', 'addon'))],
      { agentVersion: '4.7.6' },
    ).map(({ message }) => message);
    expect(messages).toEqual([
      "edge-k8s 1.33.4 needs an agent of at least version 4.7.7; the cluster's is 4.7.6: update the agent first",
      'stack 0.19.0 requires operator (at least 3.3.2), which is not in the profile; add it as a layer of kind addon',
    ]);
  });
});
