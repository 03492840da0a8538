/** Manifests of provider-palette, rewritten, on a real API server with the real controller and the real plane. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

import { runCommandLine } from '#cli/program';
import { delay } from '#core/retry';
import { kindsOf } from '#crossplane/schema/kinds';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import { isMap, mapAt, valueAt, type KubeObject } from '#kubernetes/object';
import type { PaletteClient, Scope } from '#openapi/client/index';
import type { ResourceType } from '#resources/index';
import { kubectl, startCluster } from '#test/support/cluster';
import { installManagedResources, startController, type RunningController } from '#test/support/controller';
import { temporaryFolder } from '#test/support/palette';
import { startWholePlane, type TestPlane } from '#test/support/plane';

jest.setTimeout(120_000);

const NAMESPACE = 'crossplane-system';
const TENANT = { kind: 'tenant' } as const;

let cluster: Awaited<ReturnType<typeof startCluster>>;
let plane: TestPlane;
let controller: RunningController;
let kube: KubeClient;
let client: PaletteClient;
let project: Scope;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  [cluster, plane, folder] = await Promise.all([
    startCluster({ controllerManager: false, scheduler: false, kwok: false }),
    startWholePlane(),
    temporaryFolder('migrate'),
  ]);
  client = plane.client();
  const { items } = await client.get('/v1/dashboard/projects/metadata');
  project = { kind: 'project', projectUid: items[0]?.metadata?.uid ?? '' };
  kube = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'test' });
  await installManagedResources(cluster);
  await kubectl(cluster, ['create', 'namespace', NAMESPACE]);
  await kubectl(cluster, ['create', 'namespace', 'team-a']);
  await kubectl(cluster, ['create', 'namespace', 'team-b']);
  controller = await startController(cluster, { args: ['--no-leader-election', '--poll-interval=1s'] });
}, 20 * 60_000);

afterAll(async () => {
  kube.close();
  await controller.stop();
  await Promise.all([cluster.stop(), plane.stop(), folder.remove()]);
}, 60_000);

/** Runs `palette crossplane migrate`; gives its exit code, what it said, and what it wrote. */
async function migrate(
  texts: readonly string[],
  ...flags: readonly string[]
): Promise<{
  readonly code: number;
  readonly said: string;
  readonly written: readonly KubeObject[];
  readonly out: string;
}> {
  const files = await Promise.all(
    texts.map(async (text, index) => {
      const file = join(folder.dir, `${index}.yaml`);
      await writeFile(file, text);
      return file;
    }),
  );
  const out = join(folder.dir, 'migrated.yaml');
  const said: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    const code = await runCommandLine(['crossplane', 'migrate', ...files, '--out', out, ...flags]);
    const text = await readFile(out, 'utf8');
    // as: what it writes are Kubernetes objects
    const written = [...parseAllDocuments(text)].map((document) => document.toJS() as KubeObject);
    return { code, said: said.join(''), written, out };
  } finally {
    stderr.mockRestore();
  }
}

const CONFIG = `
apiVersion: palette.crossplane.io/v1beta1
kind: ProviderConfig
metadata:
  name: default
spec:
  credentials:
    source: Secret
    secretRef: {name: palette-creds, namespace: ${NAMESPACE}, key: credentials}
---
apiVersion: palette.m.crossplane.io/v1beta1
kind: ClusterProviderConfig
metadata:
  name: default
spec:
  credentials:
    source: Secret
    secretRef: {name: palette-creds, namespace: ${NAMESPACE}, key: credentials}
`;

/** Provider-palette trusts the machine's authorities alone; the plane's is its own. */
const credentials = (): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-creds', namespace: NAMESPACE },
    stringData: {
      credentials: JSON.stringify({
        api_key: plane.apiKey,
        host: plane.host,
        project_name: 'Default',
        ignore_insecure_tls_error: 'true',
      }),
    },
  });

/** Waits until the condition Synced of an object, as it is now, has a status. @throws Error with the last one */
async function synced(
  type: ResourceType,
  scope: 'Namespaced' | 'Cluster',
  name: string,
  status = 'True',
): Promise<unknown> {
  const [namespaced, clusterWide] = kindsOf(type);
  const { apiVersion, kind } = scope === 'Namespaced' ? namespaced : clusterWide;
  const ref = { apiVersion, kind, name, ...(scope === 'Namespaced' ? { namespace: 'team-a' } : {}) };
  const signal = AbortSignal.timeout(30_000);
  for (;;) {
    const object = await kube.get(ref, { signal });
    const conditions = valueAt(object, 'status', 'conditions');
    const found: unknown = (Array.isArray(conditions) ? conditions : []).find(
      (condition) =>
        valueAt(condition, 'type') === 'Synced' &&
        valueAt(condition, 'observedGeneration') === object?.metadata.generation,
    );
    if (isMap(found) && found['status'] === status) {
      const annotations = object?.metadata.annotations ?? {};
      return {
        status: found['status'],
        reason: found['reason'],
        message: found['message'],
        externalName: annotations['crossplane.io/external-name'],
        atProvider: mapAt(object, 'status', 'atProvider'),
      };
    }
    await delay(100, { signal }).catch((cause: unknown) => {
      throw new Error(`${kind} ${name}: Synced is ${JSON.stringify(found)}`, { cause });
    });
  }
}

/** What there is in the plane, by kind: identifiers and names. */
async function inventory(): Promise<unknown> {
  const [projects, tokens, profiles, accounts, clusters] = await Promise.all([
    client.get('/v1/dashboard/projects/metadata'),
    client.get('/v1/edgehosts/tokens', { scope: TENANT }),
    client.get('/v1/dashboard/clusterprofiles/metadata', { scope: project }),
    client.get('/v1/cloudaccounts/aws', { scope: project }),
    client.post('/v1/dashboard/spectroclusters/search', { body: {}, scope: project, repeatable: true }),
  ]);
  return [projects, tokens, profiles, accounts, clusters].map(({ items }) =>
    (items ?? []).map(({ metadata }) => `${metadata?.name} ${metadata?.uid}`).toSorted(),
  );
}

describe('objects that provider-palette made', () => {
  it('are taken over: nothing is made a second time, changed or deleted', async () => {
    const [{ uid: team }, { uid: token }, { uid: profile }, { uid: edge }] = await Promise.all([
      client.post('/v1/projects', { body: { metadata: { name: 'team', annotations: { description: 'ours' } } } }),
      client.post('/v1/edgehosts/tokens', {
        body: { metadata: { name: 'hosts' }, spec: { expiry: '2031-12-31T00:00:00.000Z' } },
        scope: TENANT,
      }),
      client.post('/v1/clusterprofiles', {
        body: {
          metadata: { name: 'base' },
          spec: { version: '1.2.0', template: { type: 'add-on', cloudType: 'all', packs: [] } },
        },
        scope: project,
      }),
      client.post('/v1/spectroclusters/generic/import', { body: { metadata: { name: 'edge' } }, scope: project }),
    ]);
    await client.post('/v1/projects/{uid}/macros', {
      path: { uid: project.kind === 'project' ? project.projectUid : '' },
      body: {
        macros: [
          { name: 'own', value: '1' },
          { name: 'others', value: '2' },
        ],
      },
      scope: project,
    });
    const before = await inventory();

    const live = `
apiVersion: v1
kind: List
items:
  - apiVersion: spectrocloud.palette.crossplane.io/v1alpha1
    kind: Project
    metadata:
      name: team
      uid: 7d0c0e0e-0000-4000-8000-000000000000
      resourceVersion: "77"
      finalizers: [finalizer.managedresource.crossplane.io]
      annotations:
        crossplane.io/external-name: ${team}
        crossplane.io/external-create-succeeded: "2026-01-01T00:00:00Z"
    spec:
      deletionPolicy: Orphan
      forProvider: {name: team, description: ours}
      providerConfigRef: {name: default, policy: {resolution: Required}}
    status: {atProvider: {id: ${team}}}
  - apiVersion: registration.palette.crossplane.io/v1alpha1
    kind: Token
    metadata: {name: hosts}
    spec:
      managementPolicies: [Observe]
      forProvider: {}
    status: {atProvider: {id: ${token}}}
  - apiVersion: cluster.palette.m.crossplane.io/v1alpha1
    kind: Profile
    metadata:
      name: base
      namespace: team-a
      annotations: {crossplane.io/external-name: ${profile}}
    spec:
      forProvider: {name: base, version: 1.2.0, type: add-on, cloud: all, context: project}
  - apiVersion: cluster.palette.m.crossplane.io/v1alpha1
    kind: Brownfield
    metadata: {name: edge, namespace: team-a}
    spec:
      managementPolicies: [Observe, Update, LateInitialize]
      forProvider:
        name: edge
        cloudType: generic
        scanPolicy: []
    status: {atProvider: {id: "${edge}"}}
  - apiVersion: spectrocloud.palette.crossplane.io/v1alpha1
    kind: Macros
    metadata: {name: macros}
    spec:
      forProvider:
        context: project
        macros: {own: "1"}
`;
    const { code, said, written, out } = await migrate([live, CONFIG, credentials()]);
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringContaining('8 manifests written; 0 lost, 0 action'),
    });
    expect(written.map(({ kind }) => kind)).toEqual([
      'Secret',
      'ProviderConfig',
      'ClusterProviderConfig',
      'Project',
      'RegistrationToken',
      'ClusterProfile',
      'ClusterBrownfield',
      'Macros',
    ]);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    await kubectl(cluster, ['apply', '--validate=strict', '-f', out]);

    const done = { status: 'True', reason: 'ReconcileSuccess' };
    expect(await synced('spectrocloud_project', 'Cluster', 'team')).toMatchObject({ ...done, externalName: team });
    expect(await synced('spectrocloud_registration_token', 'Cluster', 'hosts')).toMatchObject({
      ...done,
      externalName: token,
    });
    expect(await synced('spectrocloud_cluster_profile', 'Namespaced', 'base')).toMatchObject({
      ...done,
      externalName: profile,
    });
    expect(await synced('spectrocloud_cluster_brownfield', 'Namespaced', 'edge')).toMatchObject({
      ...done,
      externalName: edge,
    });
    expect(await synced('spectrocloud_macros', 'Cluster', 'macros')).toMatchObject({
      ...done,
      externalName: `project-macros-${project.kind === 'project' ? project.projectUid : ''}`,
      atProvider: { macros: { own: '1' } },
    });
    expect(await inventory()).toEqual(before);
    const { macros = [] } = await client.get('/v1/projects/{uid}/macros', {
      path: { uid: project.kind === 'project' ? project.projectUid : '' },
      scope: project,
    });
    expect(macros.map(({ name }) => String(name)).toSorted((a, b) => a.localeCompare(b))).toEqual(['others', 'own']);
  });
});

describe('manifests that name no identifier', () => {
  it('take over by name; what is not there is not made, and says so', async () => {
    const { uid } = await client.post('/v1/projects', { body: { metadata: { name: 'by name' } } });
    const before = await inventory();
    const manifest = (name: string, forProvider: string): string => `
apiVersion: spectrocloud.palette.crossplane.io/v1alpha1
kind: Project
metadata: {name: ${name}}
spec:
  forProvider: ${forProvider}
---`;
    const { code, said, out } = await migrate([
      `${manifest('by-name', '{name: by name}')}${manifest('nowhere', '{name: nowhere}')}`,
    ]);
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('taken over by name, as nowhere') });
    await kubectl(cluster, ['apply', '--validate=strict', '-f', out]);
    expect(await synced('spectrocloud_project', 'Cluster', 'by-name')).toMatchObject({
      status: 'True',
      externalName: uid,
    });
    expect(await synced('spectrocloud_project', 'Cluster', 'nowhere', 'False')).toMatchObject({
      status: 'False',
      reason: 'ExternalResourceNotFound',
    });
    expect(await inventory()).toEqual(before);
  });
});

describe('every kind', () => {
  it('with all of its fields is what the API server takes', async () => {
    const { code, said, out } = await migrate([everything('cluster.palette'), everything('cluster.palette.m')]);
    expect({ code, said }).toMatchObject({ code: 0 });
    const applied = await kubectl(cluster, ['apply', '--validate=strict', '--dry-run=server', '-f', out]);
    expect(applied.trim().split('\n')).toHaveLength(12);
  });

  it('is refused for what it was refused before', async () => {
    const { code, said } = await migrate([
      everything('cluster.palette').replace('type: secret', 'type: password').replace('cloudType: aws', 'x: y'),
    ]);
    expect(code).toBe(1);
    expect(said).toMatch(
      /action: .*0\.yaml:\d+: document 1, Aws full-aws spec\.forProvider\.type: must be one of secret, sts/,
    );
    expect(said).toMatch(/lost: .*Brownfield full-edge spec\.forProvider\.x: there is no such field here/);
    expect(said).toMatch(/action: .*Brownfield full-edge spec\.forProvider\.cloudType: is required/);
  });
});

/** Every field that provider-palette 0.29 has for the kinds that we have. */
function everything(flavour: 'cluster.palette' | 'cluster.palette.m'): string {
  const root = flavour.slice('cluster.'.length);
  const scoped = root === 'palette';
  const namespace = scoped ? '' : ', namespace: team-b';
  const where = scoped ? ', namespace: default' : '';
  const head = (group: string, kind: string, name: string, externalName = '687f86db08e0e7ea51677fa3'): string =>
    `apiVersion: ${group}.${root}.crossplane.io/v1alpha1
kind: ${kind}
metadata: {name: full-${name}${namespace}, annotations: {crossplane.io/external-name: ${externalName}}}`;
  const pack = `
        - name: nginx
          type: oci
          tag: 1.0.0
          registryName: Public
          values: "a: 1"
          manifest: [{name: m, content: "kind: ConfigMap"}]
        - {name: uid, type: spectro, uid: u, registryUid: r}`;
  return [
    `${head('cloudaccount', 'Aws', 'aws')}
spec:
  deletionPolicy: Delete
  managementPolicies: ["*"]
  providerConfigRef: ${scoped ? '{name: default}' : '{kind: ProviderConfig, name: own}'}
  forProvider:
    name: aws
    context: project
    type: secret
    partition: aws
    awsSecuredAccessKeySecretRef: {name: keys, key: id${where}}
    awsSecretKeySecretRef: {name: keys, key: secret${where}}
    externalIdSecretRef: {name: keys, key: external${where}}
    arn: arn:aws:iam::1:role/x
    roleArn: arn:aws:iam::1:role/y
    permissionBoundaryArn: arn:aws:iam::1:policy/z
    policyArns: [arn:aws:iam::1:policy/z]
    privateCloudGatewayId: "1"
  initProvider: {partition: aws}`,
    `${head('cluster', 'Profile', 'base')}
spec:
  writeConnectionSecretToRef: {name: out${where}}
  forProvider:
    name: base
    version: 1.0.0
    context: tenant
    description: d
    cloud: all
    type: add-on
    skipDestroy: false
    tags: ["a:b"]
    pack:${pack.replaceAll('\n    ', '\n  ')}
    profileVariables:
      - variable:
          - name: v
            displayName: V
            description: d
            format: string
            inputType: dropdown
            defaultValue: x
            regex: ".*"
            required: true
            immutable: false
            hidden: false
            isSensitive: false
            options: [{value: x, label: X, description: d}]`,
    `${head('cluster', 'Brownfield', 'edge')}
spec:
  forProvider:
    name: edge
    cloudType: aws
    context: project
    importMode: full
    description: d
    tags: [t]
    proxy: http://p
    noProxy: localhost
    hostPath: /h
    containerMountPath: /c
    applySetting: DownloadAndInstall
    clusterTimezone: Europe/Berlin
    pauseAgentUpgrades: unlock
    reviewRepaveState: Approved
    renewK8SCertificatesNow: "2026-01-31T12:00:00Z"
    skipCompletion: true
    forceDelete: true
    forceDeleteDelay: 30
    backupPolicy:
      - backupLocationId: "1"
        prefix: p
        schedule: 0 0 * * SUN
        expiryInHour: 7200
        includeDisks: true
        includeClusterResourcesMode: always
        namespaces: [default]
        includeAllClusters: false
        clusterUids: ["1"]
    scanPolicy:
      - configurationScanSchedule: 0 0 * * SUN
        penetrationScanSchedule: 0 0 * * SUN
        conformanceScanSchedule: 0 0 1 * *
    clusterRbacBinding:
      - type: RoleBinding
        namespace: default
        role: {kind: Role, name: r}
        subjects: [{type: ServiceAccount, name: s, namespace: default}]
    namespaces: [{name: "n", resourceAllocation: {cpu_cores: "1", memory_MiB: "1"}}]
    hostConfig:
      - hostEndpointType: LoadBalancer
        ingressHost: h
        externalTrafficPolicy: Local
        loadBalancerSourceRanges: 10.0.0.0/8
    machinePool: [{name: p, node: [{nodeName: "n", action: cordon}]}]
    clusterProfile:
      - id: "1"
        variables: {a: b}
        pack:${pack}
      - idRef: {name: base, policy: {resolution: Required}}
      - idSelector: {matchLabels: {a: b}, matchControllerRef: false}`,
    `${head('spectrocloud', 'Macros', 'macros', 'tenant-macros-687f86db08e0e7ea51677fa3')}
spec:
  forProvider: {context: tenant, macros: {a: b}}`,
    `${head('spectrocloud', 'Project', 'team')}
spec:
  forProvider: {name: team, description: d, tags: ["a:b"]}`,
    `${head('registration', 'Token', 'hosts')}
spec:
  forProvider:
    name: hosts
    description: d
    expiryDate: "2031-12-31"
    status: active
    projectUidRef: {name: team}`,
  ].join('\n---\n');
}
