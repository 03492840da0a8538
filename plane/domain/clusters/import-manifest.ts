/** What joins an existing cluster: the agent, its rights, and its one-time token, as YAML. */
import { stringify } from 'yaml';

import type { components } from '#openapi/generated/types';

export interface ImportManifestInput {
  readonly planeUrl: string;
  /** PEM; absent where the system's own trust suffices. */
  readonly planeCa: string | undefined;
  readonly clusterUid: string;
  readonly token: string;
  readonly image: string;
  readonly importMode: 'full' | 'read-only';
  readonly proxy: components['schemas']['v1ClusterProxySpec'] | undefined;
  /** Environment of the agent. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

const NAMESPACE = 'palette-system';
const NAME = 'palette-agent';
/** The agent's environment, besides what the Deployment says: of this manifest, or of people at the cluster. */
const SETTINGS = 'palette-agent-settings';
/** Files for the local API: its settings, a certificate. */
const LOCAL = 'palette-agent-local';
const LOCAL_DIR = '/etc/palette-agent/local';
const LABELS = { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/part-of': 'palette' };

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];

/** The manifest: several YAML documents, ready for `kubectl apply`. */
export function importManifest(input: ImportManifestInput): string {
  const documents: readonly (readonly [reason: string, object: object])[] = [
    ['Where the agent lives, with its credentials and its last known policy.', namespace(input)],
    ['The agent is one identity of its own.', serviceAccount()],
    [
      input.importMode === 'full'
        ? 'Profiles may bring objects of any kind, custom ones and roles among them: the agent can apply only what it may do itself, so nothing less than every right lets it enforce every profile.'
        : 'Read-only: the agent looks and reports, it changes nothing.',
      clusterRole(input.importMode),
    ],
    ['Gives those rights to the agent.', clusterRoleBinding()],
    ["The agent's own namespace: its credentials and its last known policy.", role()],
    ['Gives those rights to the agent.', roleBinding()],
    ['How the agent joins: the token works once.', bootstrapSecret(input)],
    ...(Object.keys(input.settings ?? {}).length === 0
      ? []
      : [["The agent's environment.", settingsSecret(input)] as const]),
    ['The agent.', deployment(input)],
  ];
  return documents.map(([reason, object]) => `---\n# ${reason}\n${stringify(object, { lineWidth: 0 })}`).join('');
}

function namespace({ proxy }: ImportManifestInput): object {
  // A file of the host may be mounted by privileged namespaces only.
  const level = proxy?.caHostPath ? 'privileged' : 'restricted';
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { ...LABELS, 'pod-security.kubernetes.io/enforce': level } },
  };
}

function serviceAccount(): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS } };
}

function clusterRole(importMode: 'full' | 'read-only'): object {
  const rules: Rule[] =
    importMode === 'full'
      ? [
          // Apply, watch and prune whatever profiles bring; nobody is impersonated, and no certificate is signed.
          { apiGroups: ['*'], resources: ['*'], verbs: [...READ, ...WRITE] },
          // Roles of packs give rights that no list of verbs names in advance.
          {
            apiGroups: ['rbac.authorization.k8s.io'],
            resources: ['roles', 'clusterroles'],
            verbs: ['bind', 'escalate'],
          },
          // Discovery, version and health of the API server.
          { nonResourceURLs: ['*'], verbs: ['get'] },
        ]
      : [
          // Health of nodes and workloads, and the UID of kube-system that tells the cluster from others.
          {
            apiGroups: [''],
            resources: [
              'namespaces',
              'nodes',
              'pods',
              'services',
              'endpoints',
              'events',
              'persistentvolumes',
              'persistentvolumeclaims',
            ],
            verbs: READ,
          },
          { apiGroups: ['apps'], resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], verbs: READ },
          { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: READ },
          // Controllers and scheduler hold a lease while they are well.
          { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get'] },
          // What it says in the cluster: events, which are about objects and change none.
          { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
          // Discovery, version and health of the API server.
          {
            nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/version', '/healthz', '/livez', '/readyz'],
            verbs: ['get'],
          },
        ];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: NAME, labels: LABELS },
    rules,
  };
}

function clusterRoleBinding(): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: NAME, labels: LABELS },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
  };
}

function role(): object {
  const rules: Rule[] = [
    { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] },
    // Its own Deployment alone: an upgrade is another image there.
    { apiGroups: ['apps'], resources: ['deployments'], resourceNames: [NAME], verbs: ['get', 'patch'] },
    // By which one of several replicas works.
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  ];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    rules,
  };
}

function roleBinding(): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
  };
}

function bootstrapSecret({ planeUrl, planeCa, clusterUid, token, proxy }: ImportManifestInput): object {
  // The plane is spoken to with TLS alone, so a proxy for plain HTTP counts only where there is no other.
  const httpsProxy = proxy?.httpsProxy || proxy?.httpProxy;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace: NAMESPACE, labels: LABELS },
    type: 'Opaque',
    stringData: {
      planeUrl,
      clusterUid,
      token,
      ...(planeCa === undefined ? {} : { 'ca.crt': planeCa }),
      // In the Secret and not in the Deployment: a proxy's address may hold a password.
      ...(httpsProxy ? { httpsProxy } : {}),
      ...(httpsProxy && proxy?.noProxy ? { noProxy: proxy.noProxy } : {}),
    },
  };
}

function settingsSecret({ settings }: ImportManifestInput): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SETTINGS, namespace: NAMESPACE, labels: LABELS },
    type: 'Opaque',
    stringData: settings,
  };
}

function deployment({ image, proxy }: ImportManifestInput): object {
  const probe = (path: string): object => ({
    httpGet: { path, port: 'metrics' },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  });
  const environment = [
    // A young generation of 2 MiB: on nodes that belong to workloads memory counts for more than a little garbage collection.
    { name: 'NODE_OPTIONS', value: '--max-semi-space-size=2' },
    { name: 'NODE_EXTRA_CA_CERTS', value: proxy?.caHostPath && (proxy.caContainerMountPath || proxy.caHostPath) },
  ].filter((variable) => variable.value);
  const mounts = [
    // Charts are unpacked here to be rendered.
    { volume: { name: 'work', emptyDir: { sizeLimit: '512Mi' } }, mount: { name: 'work', mountPath: '/tmp' } },
    {
      volume: { name: 'local', secret: { secretName: LOCAL, optional: true, defaultMode: 0o440 } },
      mount: { name: 'local', mountPath: LOCAL_DIR, readOnly: true },
    },
    // The proxy's own CA, a file of the host.
    ...(proxy?.caHostPath
      ? [
          {
            volume: { name: 'proxy-ca', hostPath: { path: proxy.caHostPath, type: 'File' } },
            mount: { name: 'proxy-ca', mountPath: proxy.caContainerMountPath || proxy.caHostPath, readOnly: true },
          },
        ]
      : []),
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      replicas: 1,
      // One of them works at a time, by a Lease: a new one stands by before the old one goes.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: { 'app.kubernetes.io/name': NAME } },
      template: {
        metadata: {
          labels: LABELS,
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': '9090',
            'prometheus.io/path': '/metrics',
          },
        },
        spec: {
          serviceAccountName: NAME,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            fsGroup: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'agent',
              image,
              args: ['agent', 'run'],
              env: environment,
              envFrom: [{ secretRef: { name: SETTINGS, optional: true } }],
              ports: [{ name: 'metrics', containerPort: 9090 }],
              livenessProbe: probe('/healthz'),
              readinessProbe: probe('/healthz'),
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: mounts.map(({ mount }) => mount),
            },
          ],
          volumes: mounts.map(({ volume }) => volume),
        },
      },
    },
  };
}
