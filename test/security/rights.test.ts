/**
 * The rights of the import manifest are the rights that the agent runs with here: nothing that it asks for is refused, and
 * what it does not need it does not have.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

import { runAgent } from '#agent/main';
import type { ControlPlane } from '#cli/local/control-plane';
import { addFakeNode } from '#cli/local/nodes';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import { isKubeObject, type KubeObject } from '#kubernetes/object';
import { importManifest } from '#plane/domain/clusters/import-manifest';
import type { StatusReport } from '#protocol/report';
import { createFakePlane, type FakePlane } from '#test/agent/support/fake-plane';
import { configMap, eventually, layer, refTo } from '#test/agent/support/harness';
import { outsiderAt, type Outsider } from '#test/agent/support/outsider';
import { connectionsTo, startApiGate, type ApiGate } from '#test/faults/engine/api-gate';
import { kubectl, startCluster } from '#test/support/cluster';

const NAMESPACE = 'palette-system';
const ACCOUNT = `system:serviceaccount:${NAMESPACE}:palette-agent`;

let dir: string;
let cluster: ControlPlane;
let outsider: Outsider;
let helm: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rights-'));
  cluster = await startCluster();
  outsider = outsiderAt(cluster.kubeconfig);
  helm = await ensureTool('helm', { signal: AbortSignal.timeout(60_000) });
  await addFakeNode(cluster.kubeconfig, 'node-0', { signal: AbortSignal.timeout(60_000) });
}, 20 * 60_000);
afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Member {
  readonly plane: FakePlane;
  readonly gate: ApiGate;
  /** Requests that the API server refused for want of a right. */
  readonly refused: () => readonly string[];
  status(): StatusReport | undefined;
  stop(): Promise<void>;
}

const members = new Set<Member>();
afterEach(async () => {
  for (const member of members) await member.stop();
  members.clear();
});

/** Applies the import manifest as a person does, but for the Deployment, and runs the agent with its service account's token. */
async function joinCluster(importMode: 'full' | 'read-only'): Promise<Member> {
  const plane = await createFakePlane(await mkdtemp(join(dir, 'plane-')));
  const manifest = importManifest({
    planeUrl: plane.url,
    planeCa: plane.ca,
    clusterUid: plane.clusterUid,
    token: plane.token(),
    image: 'registry.example.test/agent:1',
    importMode,
    proxy: undefined,
  });
  const documents = parseAllDocuments(manifest).filter((document) => document.get('kind') !== 'Deployment');
  const input = documents.map((document) => `---\n${document.toString()}`).join('');
  await kubectl(cluster, ['apply', '-f', '-'], { input });
  const token = (await kubectl(cluster, ['create', 'token', 'palette-agent', '--namespace', NAMESPACE])).trim();
  const connections = await connectionsTo({ caFile: cluster.caFile });
  const gate = await startApiGate(cluster, connections, { keepAnswers: true });
  const kubeconfig = join(dir, `kubeconfig-${plane.clusterUid}`);
  const name = 'agent';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: gate.url } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  await writeFile(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  const stop = new AbortController();
  const running = runAgent(
    { kubeconfig, namespace: NAMESPACE, helm, stateDir: dir, readyPatienceMs: 20_000, prunePatienceMs: 20_000 },
    { log: silentLogger, signal: stop.signal },
  );
  const member: Member = {
    plane,
    gate,
    refused: () => gate.answers.filter(({ status }) => status === 403).map(({ method, path }) => `${method} ${path}`),
    status: () => plane.reports.findLast((report): report is StatusReport => report.kind === 'status'),
    stop: async () => {
      members.delete(member);
      stop.abort();
      await running;
      await gate.stop();
      connections.destroy();
      await plane.stop();
      // The next agent of this cluster is another one.
      await kubectl(cluster, ['delete', 'secrets', '--all', '--namespace', NAMESPACE]);
    },
  };
  members.add(member);
  return member;
}

async function applied(member: Member, revision: number): Promise<StatusReport> {
  return eventually(
    `revision ${revision} is applied`,
    () => {
      const now = member.status();
      return now?.revision === revision && now.phase === 'applied' ? now : undefined;
    },
    () => JSON.stringify({ status: member.status(), refused: member.refused() }),
  );
}

/** Kinds that are refused to whoever has not every right in them: of the cluster, of its rights, of its definitions. */
function everything(): KubeObject[] {
  const rbac = 'rbac.authorization.k8s.io';
  const inside = { namespace: 'workloads' };
  const documents: unknown[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'workloads' } },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.rights.example.com' },
      spec: {
        group: 'rights.example.com',
        scope: 'Namespaced',
        names: { kind: 'Thing', plural: 'things', singular: 'thing', listKind: 'ThingList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    },
    { apiVersion: 'rights.example.com/v1', kind: 'Thing', metadata: { name: 'one', ...inside }, spec: { size: 1 } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'operator-of-everything' },
      // What an operator's chart asks for: more than the agent may do by itself.
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['*'], verbs: ['*'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'operator-of-everything' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'operator-of-everything' },
      subjects: [{ kind: 'ServiceAccount', name: 'operator', ...inside }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'viewer', ...inside },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'Group', apiGroup: rbac, name: 'team' }],
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'operator', ...inside } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', ...inside },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'registry.example.test/web:1' }] },
        },
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'nobody' },
      webhooks: [],
    },
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 10 },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', ...inside },
      spec: { minAvailable: 0 },
    },
  ];
  return documents.filter(isKubeObject);
}

async function may(verb: string, resource: string, ...rest: string[]): Promise<boolean> {
  const asking = kubectl(cluster, ['auth', 'can-i', verb, resource, `--as=${ACCOUNT}`, '--quiet', ...rest]);
  return asking.then(
    () => true,
    () => false,
  );
}

describe('an agent with the rights of a full import', () => {
  it('brings, heals and removes objects of every kind, and is refused nothing', async () => {
    const member = await joinCluster('full');
    const objects = everything();
    await applied(member, await member.plane.offer({ layers: [layer('all', 10, ...objects)] }));
    const web = objects.find(({ kind }) => kind === 'Deployment');
    if (web === undefined) throw new Error('there is no Deployment');
    await outsider.edit(refTo(web), { spec: { replicas: 3 } });
    await eventually('it is healed', () => member.plane.reports.some(({ kind }) => kind === 'drift') || undefined);
    await applied(member, await member.plane.offer({ layers: [] }));
    for (const object of objects) expect(await outsider.object(refTo(object))).toBeUndefined();
    await member.plane.offer({ lifecycle: 'deleting', layers: [] });
    await eventually('it is cleaned', () => member.status()?.phase === 'cleaned' || undefined);
    expect(member.refused()).toEqual([]);
  });

  it.each([
    ['create', 'clusterroles.rbac.authorization.k8s.io', true],
    ['escalate', 'clusterroles.rbac.authorization.k8s.io', true],
    ['bind', 'clusterroles.rbac.authorization.k8s.io', true],
    ['delete', 'namespaces', true],
    ['create', 'pods/eviction', true],
    ['impersonate', 'users', false],
    ['impersonate', 'groups', false],
    ['impersonate', 'serviceaccounts', false],
    ['approve', 'signers.certificates.k8s.io', false],
    ['sign', 'signers.certificates.k8s.io', false],
  ])('may %s %s: %s', async (verb, resource, expected) => {
    expect(await may(verb, resource)).toBe(expected);
  });
});

describe('an agent with the rights of a read-only import', () => {
  it('tells how the cluster fares, is refused nothing that it asks for, and writes nothing outside its namespace', async () => {
    const member = await joinCluster('read-only');
    await outsider.create(configMap('default', 'theirs', { color: 'blue' }));
    await applied(member, await member.plane.offer({ layers: [] }));
    await eventually('it tells of the nodes', () => (member.status()?.nodes.length ?? 0) > 0 || undefined);
    await eventually('it gives signs of life', () => member.plane.heartbeats.length > 1 || undefined);
    expect(member.refused()).toEqual([]);
    const outside = member.gate.writes.filter(
      ({ path }) =>
        !path.includes(`/namespaces/${NAMESPACE}/`) &&
        !/^\/api\/v1\/namespaces\/[^/]+\/events(\/|$)/.test(path) &&
        // A question, which Kubernetes has as something that is made.
        !/\/selfsubjectaccessreviews(\?|$)/.test(path),
    );
    expect(outside).toEqual([]);
  });

  it('that is sent objects all the same is refused them by the API server, and says so', async () => {
    const member = await joinCluster('read-only');
    await member.plane.offer({ layers: [layer('app', 10, configMap('default', 'ours', {}))] });
    const status = await eventually(
      'it is reported',
      () => {
        const now = member.status();
        return now !== undefined && now.layers.some(({ problems }) => problems.length > 0) ? now : undefined;
      },
      () => JSON.stringify({ status: member.status(), refused: [...new Set(member.refused())] }),
    );
    expect(JSON.stringify(status.layers)).toMatch(/read-only|forbidden|not allowed|may not/i);
    expect(await outsider.object(refTo(configMap('default', 'ours', {})))).toBeUndefined();
  });

  it.each([
    ['get', 'nodes', true],
    ['list', 'pods', true],
    ['watch', 'deployments.apps', true],
    ['get', 'secrets', false],
    ['list', 'configmaps', false],
    ['create', 'pods', false],
    ['patch', 'deployments.apps', false],
    ['delete', 'namespaces', false],
    ['create', 'pods/exec', false],
    ['create', 'pods/eviction', false],
    ['escalate', 'clusterroles.rbac.authorization.k8s.io', false],
    ['bind', 'clusterroles.rbac.authorization.k8s.io', false],
    ['create', 'serviceaccounts/token', false],
  ])('may %s %s: %s', async (verb, resource, expected) => {
    expect(await may(verb, resource)).toBe(expected);
  });

  it('may keep its own Secrets, in its own namespace alone', async () => {
    expect(await may('update', 'secrets', '--namespace', NAMESPACE)).toBe(true);
    expect(await may('get', 'secrets', '--namespace', 'kube-system')).toBe(false);
  });
});
