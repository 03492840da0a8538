import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ControlPlane } from '#cli/local/control-plane';
import { addFakeNode } from '#cli/local/nodes';
import { httpProbe } from '#cli/local/probe';
import { kubectl, sharedCluster, startCluster, uniqueName } from '#test/support/cluster';

describe('a control plane without containers', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startCluster({ keepRunning: true });
    await addFakeNode(plane.kubeconfig, 'node-0', { signal: AbortSignal.timeout(60_000) });
  }, 20 * 60_000);
  afterAll(async () => {
    await plane.stop();
  }, 30_000);

  it('runs Deployments until they are available, on a node that is fake', async () => {
    await kubectl(plane, ['create', 'deployment', 'web', '--image=web', '--replicas=2']);
    await kubectl(plane, ['wait', '--for=condition=Available', '--timeout=30s', 'deployment/web']);
    expect(await kubectl(plane, ['get', 'deployment', 'web', '-o', 'jsonpath={.status.availableReplicas}'])).toBe('2');
  }, 60_000);

  it('goes on with everything that was accepted after kube-apiserver and etcd were killed', async () => {
    await kubectl(plane, ['create', 'configmap', 'kept', '--from-literal=a=1']);
    const signal = AbortSignal.timeout(60_000);
    await Promise.all([
      plane.service('etcd').restart('SIGKILL', { signal }),
      plane.service('kube-apiserver').restart('SIGKILL', { signal }),
    ]);
    expect(await kubectl(plane, ['get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}'])).toBe('1');
  }, 90_000);

  it('is Kubernetes 1.34, one process a component', async () => {
    const version = await kubectl(plane, ['version', '-o', 'json']);
    expect(JSON.parse(version)).toMatchObject({ serverVersion: { major: '1', minor: '34' } });
    expect(Object.keys(plane.pids()).sort()).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kwok',
    ]);
  });

  it.each([
    { name: 'without a certificate', files: () => ({}) },
    {
      name: "with the cluster administrator's certificate",
      files: () => ({ certFile: plane.adminCertFile, keyFile: plane.adminKeyFile }),
    },
  ])('lets nobody at etcd past the API server: $name', async ({ files }) => {
    const dir = join(plane.kubeconfig, '..');
    const { etcd } = JSON.parse(await readFile(join(dir, 'ports.json'), 'utf8')) as { etcd: number }; // oxlint-disable-line typescript/no-unsafe-type-assertion -- this project's own file
    const target = { url: `https://127.0.0.1:${etcd}/health`, caFile: join(dir, 'pki/etcd-ca.crt') };
    const signal = AbortSignal.timeout(10_000);
    expect(await httpProbe({ ...target, ...files() })({ signal })).toBe(false);
    expect(
      await httpProbe({ ...target, certFile: join(dir, 'pki/etcd.crt'), keyFile: join(dir, 'pki/etcd.key') })({
        signal,
      }),
    ).toBe(true);
  });
});

describe('the cluster that the suites of one test run share', () => {
  it(
    'is started by the first and found by the next',
    async () => {
      const [one, two] = await Promise.all([sharedCluster(), sharedCluster()]);
      expect(one).toEqual(two);
      const name = uniqueName('shared');
      await kubectl(one, ['create', 'namespace', name]);
      await kubectl(two, ['delete', 'namespace', name]);
    },
    20 * 60_000,
  );
});
