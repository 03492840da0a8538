/** An imported cluster from Terraform to its objects: real terraform, plane, agents and API server. */
import { writeFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { runAgent } from '#agent/main';
import { silentLogger } from '#core/log';
import type { Scope } from '#openapi/client/index';
import { mapAt, type ObjectRef } from '#kubernetes/object';

import { tokenIn } from '../plane/fleet-agent.ts';
import { createMirror, createWorkspace, type Mirror, type Workspace } from '../provider/support/workspace.ts';
import { kubectl, uniqueName } from '../support/cluster.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';
import { eventually, openCluster, type TestCluster } from './support/harness.ts';

let cluster: TestCluster;
let plane: TestPlane;
let mirror: Mirror;
let workspace: Workspace;
const stop = new AbortController();
const agents: Promise<void>[] = [];

beforeAll(async () => {
  [cluster, plane, mirror] = await Promise.all([openCluster(), startWholePlane(), createMirror()]);
  const caFile = `${mirror.env.TF_CLI_CONFIG_FILE}.ca.pem`;
  writeFileSync(caFile, plane.ca);
  workspace = createWorkspace({
    env: {
      ...mirror.env,
      SPECTROCLOUD_HOST: plane.host,
      SPECTROCLOUD_APIKEY: plane.apiKey,
      SPECTROCLOUD_CA_FILE: caFile,
    },
  });
}, 20 * 60_000);

afterAll(async () => {
  stop.abort();
  await Promise.all(agents);
  workspace?.remove();
  mirror?.remove();
  await plane?.stop();
  await cluster?.close();
});

async function terraform(...args: string[]): Promise<string> {
  const { code, output } = await workspace.run(...args);
  expect({ args, code, output: code === 0 ? '' : output }).toEqual({ args, code: 0, output: '' });
  return output;
}

/** Waits for Terraform to import a cluster of that name, and lets an agent in by its import manifest. */
async function join(name: string, scope: Scope): Promise<string> {
  const client = plane.client();
  const found = await eventually(`cluster ${name} is imported`, async () => {
    const { items } = await client.post('/v1/dashboard/spectroclusters/search', { scope, body: {} });
    return items?.find(({ metadata }) => metadata?.name === name)?.metadata?.uid;
  });
  const { status } = await client.get('/v1/spectroclusters/{uid}', { path: { uid: found }, scope });
  const link = /https:\/\/\S+/.exec(status?.clusterImport?.importLink ?? '')?.[0] ?? '';
  const token = new URL(link).searchParams.get('token') ?? '';
  const manifest = await client.get('/v1/spectroclusters/{uid}/import/manifest', {
    path: { uid: found },
    query: { token },
    scope,
  });
  const namespace = uniqueName(name);
  await cluster.outsider.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const invitation = {
    planeUrl: `https://${plane.host}`,
    clusterUid: found,
    token: tokenIn(Buffer.from(manifest).toString('utf8')),
    'ca.crt': plane.ca,
  };
  const data = Object.entries(invitation).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  await cluster.outsider.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace },
    data: Object.fromEntries(data),
  });
  agents.push(
    runAgent(
      { kubeconfig: cluster.kubeconfig, namespace, helm: cluster.helm, stateDir: cluster.dir },
      { log: silentLogger, signal: stop.signal },
    ),
  );
  return found;
}

interface Wanted {
  readonly memory: string;
  readonly subject: string;
}

const settings = (space: string, { memory, subject }: Wanted): string => `
  namespaces {
    name                = "${space}"
    resource_allocation = { cpu_cores = "2", memory_MiB = "${memory}" }
  }
  cluster_rbac_binding {
    type      = "RoleBinding"
    namespace = "${space}"
    role      = { kind = "ClusterRole", name = "view" }
    subjects {
      type = "User"
      name = "${subject}"
    }
  }
  host_config {
    host_endpoint_type = "Ingress"
    ingress_host       = "*.example.com"
  }`;

const imported = (name: string, mode: string, more: string): string => `
resource "spectrocloud_cluster_brownfield" "${name}" {
  name        = "${name}"
  cloud_type  = "generic"
  import_mode = "${mode}"
  ${more}
}
`;

it('gets its namespaces, quotas, role bindings and host settings; one that is imported read-only is only looked at', async () => {
  const client = plane.client();
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  const scope = { kind: 'project', projectUid: items[0]?.metadata?.uid ?? '' } as const;
  const [space, unseen] = [uniqueName('space'), uniqueName('unseen')];
  const namespace = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'Namespace', name });
  const quota = async (): Promise<unknown> => {
    const ref = { apiVersion: 'v1', kind: 'ResourceQuota', namespace: space, name: 'palette-quota' };
    return mapAt(await cluster.outsider.object(ref), 'spec')['hard'];
  };
  const bound = async (): Promise<string> => {
    const path = `{range .items[*].subjects[*]}{.kind} {.name};{end}`;
    return kubectl(cluster, ['get', 'rolebindings', '-n', space, '-o', `jsonpath=${path}`]);
  };
  const both = (wanted: Wanted): string =>
    imported('full', 'full', settings(space, wanted)) + imported('looked-at', 'read_only', settings(unseen, wanted));

  workspace.write('main.tf', both({ memory: '512', subject: 'ann' }));
  await terraform('init');
  const [, uid, readOnly] = await Promise.all([
    terraform('apply', '-auto-approve'),
    join('full', scope),
    join('looked-at', scope),
  ]);
  expect(await quota()).toEqual({ 'requests.cpu': '2', 'requests.memory': '512Mi' });
  expect(await bound()).toBe('User ann;');
  const { spec } = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope });
  expect(spec?.clusterConfig?.hostClusterConfig).toMatchObject({
    isHostCluster: true,
    clusterEndpoint: { type: 'Ingress', config: { ingressConfig: { host: '*.example.com' } } },
  });
  await terraform('plan', '-detailed-exitcode');

  workspace.write('main.tf', both({ memory: '1024', subject: 'bob' }));
  await terraform('apply', '-auto-approve');
  await eventually('the new subject is bound', async () => (await bound()) === 'User bob;' || undefined);
  expect(await quota()).toEqual({ 'requests.cpu': '2', 'requests.memory': '1Gi' });

  const looked = await client.get('/v1/dashboard/spectroclusters/{uid}/overview', { path: { uid: readOnly }, scope });
  expect(looked.status).toMatchObject({ state: 'Running', health: { state: 'Healthy' } });
  expect(await cluster.outsider.object(namespace(unseen))).toBeUndefined();

  await terraform('destroy', '-auto-approve');
  expect(await cluster.outsider.object(namespace(space))).toBeUndefined();
}, 240_000);
