import { describe, expect, it } from '@jest/globals';

import type { KubeObject } from '#kubernetes/object';
import { readiness } from './readiness.ts';

interface Case {
  readonly name: string;
  readonly object: Partial<KubeObject> & { readonly kind: string };
  readonly want: ReturnType<typeof readiness>['kind'];
}

const object = (given: Case['object']): KubeObject => {
  const { metadata, ...rest } = given;
  return { apiVersion: 'v1', ...rest, metadata: { name: 'x', generation: 2, ...metadata } };
};
const condition = (type: string, status: string, reason = '') => ({ type, status, reason, message: `${type} says so` });
const replicas = (over: object) => ({
  observedGeneration: 2,
  replicas: 2,
  updatedReplicas: 2,
  availableReplicas: 2,
  readyReplicas: 2,
  currentReplicas: 2,
  fullyLabeledReplicas: 2,
  ...over,
});
const apps = { apiVersion: 'apps/v1', spec: { replicas: 2 } };
const daemons = (over: object) => ({
  observedGeneration: 2,
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
  ...over,
});

const cases: readonly Case[] = [
  { name: 'an object without status is current', object: { kind: 'ConfigMap' }, want: 'current' },
  {
    name: 'a generation not observed yet is in progress',
    object: { kind: 'Widget', status: { observedGeneration: 1 } },
    want: 'in progress',
  },
  {
    name: 'Stalled is failed',
    object: { kind: 'Widget', status: { conditions: [condition('Stalled', 'True')] } },
    want: 'failed',
  },
  {
    name: 'Reconciling is in progress',
    object: { kind: 'Widget', status: { conditions: [condition('Reconciling', 'True')] } },
    want: 'in progress',
  },
  {
    name: 'Ready false is in progress',
    object: { kind: 'Widget', status: { conditions: [condition('Ready', 'False')] } },
    want: 'in progress',
  },
  {
    name: 'Ready true is current',
    object: { kind: 'Widget', status: { conditions: [condition('Ready', 'True')] } },
    want: 'current',
  },
  {
    name: 'a deletion stamp is terminating',
    object: { kind: 'ConfigMap', metadata: { name: 'x', deletionTimestamp: 'now' } },
    want: 'terminating',
  },
  { name: 'a Deployment nobody has seen is in progress', object: { kind: 'Deployment', ...apps }, want: 'in progress' },
  {
    name: 'a Deployment with all replicas is current',
    object: { kind: 'Deployment', ...apps, status: replicas({}) },
    want: 'current',
  },
  {
    name: 'a Deployment with one updated of two is in progress',
    object: { kind: 'Deployment', ...apps, status: replicas({ updatedReplicas: 1 }) },
    want: 'in progress',
  },
  {
    name: 'a Deployment with old replicas left is in progress',
    object: { kind: 'Deployment', ...apps, status: replicas({ replicas: 3 }) },
    want: 'in progress',
  },
  {
    name: 'a Deployment with one available of two is in progress',
    object: { kind: 'Deployment', ...apps, status: replicas({ availableReplicas: 1 }) },
    want: 'in progress',
  },
  {
    name: 'a Deployment past its deadline is failed',
    object: {
      kind: 'Deployment',
      ...apps,
      status: replicas({ conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded')] }),
    },
    want: 'failed',
  },
  {
    name: 'a Deployment of no replicas is current',
    object: { kind: 'Deployment', apiVersion: 'apps/v1', spec: { replicas: 0 }, status: { observedGeneration: 2 } },
    want: 'current',
  },
  {
    name: 'a StatefulSet with all replicas of one revision is current',
    object: { kind: 'StatefulSet', ...apps, status: replicas({ currentRevision: 'a', updateRevision: 'a' }) },
    want: 'current',
  },
  {
    name: 'a StatefulSet between revisions is in progress',
    object: { kind: 'StatefulSet', ...apps, status: replicas({ currentRevision: 'a', updateRevision: 'b' }) },
    want: 'in progress',
  },
  {
    name: 'a StatefulSet with a partition needs only the updated ones',
    object: {
      kind: 'StatefulSet',
      apiVersion: 'apps/v1',
      spec: { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      status: replicas({ updatedReplicas: 1 }),
    },
    want: 'current',
  },
  {
    name: 'a StatefulSet that is updated on deletion is current',
    object: { kind: 'StatefulSet', apiVersion: 'apps/v1', spec: { updateStrategy: { type: 'OnDelete' } }, status: {} },
    want: 'current',
  },
  {
    name: 'a DaemonSet on all nodes is current',
    object: { kind: 'DaemonSet', ...apps, status: daemons({}) },
    want: 'current',
  },
  {
    name: 'a DaemonSet ready on one of two is in progress',
    object: { kind: 'DaemonSet', ...apps, status: daemons({ numberReady: 1 }) },
    want: 'in progress',
  },
  {
    name: 'a DaemonSet nobody has seen is in progress',
    object: { kind: 'DaemonSet', ...apps, status: {} },
    want: 'in progress',
  },
  {
    name: 'a ReplicaSet with all replicas is current',
    object: { kind: 'ReplicaSet', ...apps, status: replicas({}) },
    want: 'current',
  },
  {
    name: 'a ReplicaSet that cannot make pods is in progress',
    object: { kind: 'ReplicaSet', ...apps, status: replicas({ conditions: [condition('ReplicaFailure', 'True')] }) },
    want: 'in progress',
  },
  {
    name: 'a Job not started is in progress',
    object: { kind: 'Job', apiVersion: 'batch/v1', status: {} },
    want: 'in progress',
  },
  {
    name: 'a Job that runs is current',
    object: { kind: 'Job', apiVersion: 'batch/v1', status: { startTime: 'now' } },
    want: 'current',
  },
  {
    name: 'a Job that is done is current',
    object: { kind: 'Job', apiVersion: 'batch/v1', status: { conditions: [condition('Complete', 'True')] } },
    want: 'current',
  },
  {
    name: 'a Job that failed is failed',
    object: { kind: 'Job', apiVersion: 'batch/v1', status: { conditions: [condition('Failed', 'True')] } },
    want: 'failed',
  },
  { name: 'a pending Pod is in progress', object: { kind: 'Pod', status: { phase: 'Pending' } }, want: 'in progress' },
  {
    name: 'a Pod that finds no node is failed after a while',
    object: {
      kind: 'Pod',
      metadata: { name: 'x', creationTimestamp: '2020-01-01T00:00:00Z' },
      status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'Unschedulable')] },
    },
    want: 'failed',
  },
  {
    name: 'a Pod that runs and is ready is current',
    object: { kind: 'Pod', status: { phase: 'Running', conditions: [condition('Ready', 'True')] } },
    want: 'current',
  },
  {
    name: 'a Pod that keeps crashing is failed',
    object: {
      kind: 'Pod',
      status: { phase: 'Running', containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
    },
    want: 'failed',
  },
  {
    name: 'a Pod that ended well is current',
    object: { kind: 'Pod', status: { phase: 'Succeeded' } },
    want: 'current',
  },
  {
    name: 'a claim that is bound is current',
    object: { kind: 'PersistentVolumeClaim', status: { phase: 'Bound' } },
    want: 'current',
  },
  {
    name: 'a claim that is pending is in progress',
    object: { kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } },
    want: 'in progress',
  },
  {
    name: 'a Service inside the cluster is current',
    object: { kind: 'Service', spec: { type: 'ClusterIP' } },
    want: 'current',
  },
  {
    name: 'a load balancer without address is in progress',
    object: { kind: 'Service', spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } },
    want: 'in progress',
  },
  {
    name: 'a load balancer with an address is current',
    object: {
      kind: 'Service',
      spec: { type: 'LoadBalancer' },
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
    },
    want: 'current',
  },
  {
    name: 'a Namespace that ends is terminating',
    object: { kind: 'Namespace', status: { phase: 'Terminating' } },
    want: 'terminating',
  },
  {
    name: 'a definition that is not established is in progress',
    object: { kind: 'CustomResourceDefinition', apiVersion: 'apiextensions.k8s.io/v1', status: {} },
    want: 'in progress',
  },
  {
    name: 'a definition whose names are taken is failed',
    object: {
      kind: 'CustomResourceDefinition',
      apiVersion: 'apiextensions.k8s.io/v1',
      status: { conditions: [condition('NamesAccepted', 'False')] },
    },
    want: 'failed',
  },
  {
    name: 'a definition that is established is current',
    object: {
      kind: 'CustomResourceDefinition',
      apiVersion: 'apiextensions.k8s.io/v1',
      status: { conditions: [condition('Established', 'True')] },
    },
    want: 'current',
  },
];

describe('readiness', () => {
  it.each(cases)('$name', ({ object: given, want }) => {
    expect(readiness(object(given)).kind).toBe(want);
  });
});
