/** What Sonobuoy consists of in a cluster: the aggregator, and the conformance tests as its plugin. */
import { stringify } from 'yaml';

import type { KubeObject, ObjectRef } from '#kubernetes/object';

export const SONOBUOY_NAMESPACE = 'sonobuoy';
const ACCOUNT = 'sonobuoy-serviceaccount';
const ROLE = 'sonobuoy-serviceaccount-sonobuoy';
const LABELS = { component: 'sonobuoy' };
/** Seconds until the aggregator gives up; conformance tests take two hours, slow clusters some more. */
export const SONOBUOY_SECONDS = 6 * 3600;

export const AGGREGATOR: ObjectRef = { apiVersion: 'v1', kind: 'Pod', namespace: SONOBUOY_NAMESPACE, name: 'sonobuoy' };

/** What is outside of the namespace, and the namespace itself last. */
export const SONOBUOY_REMAINS: readonly ObjectRef[] = [
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: ROLE },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: ROLE },
  { apiVersion: 'v1', kind: 'Namespace', name: SONOBUOY_NAMESPACE },
];

export interface SonobuoyInput {
  readonly runId: string;
  readonly runLabel: string;
  readonly image: string;
  readonly conformanceImage: string;
}

export function sonobuoyObjects(input: SonobuoyInput): readonly KubeObject[] {
  const namespace = SONOBUOY_NAMESPACE;
  const labels = { ...LABELS, [input.runLabel]: input.runId };
  const object = (apiVersion: string, kind: string, name: string, rest: object): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name, namespace, labels },
    ...rest,
  });
  const clusterWide = (kind: string, rest: object): KubeObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: ROLE, labels: { ...labels, namespace } },
    ...rest,
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    object('v1', 'ServiceAccount', ACCOUNT, {}),
    // The tests make and remove objects of every kind.
    clusterWide('ClusterRole', {
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['/metrics', '/logs', '/logs/*'], verbs: ['get'] },
      ],
    }),
    clusterWide('ClusterRoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ROLE },
      subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace }],
    }),
    object('v1', 'ConfigMap', 'sonobuoy-config-cm', { data: { 'config.json': JSON.stringify(config(input)) } }),
    object('v1', 'ConfigMap', 'sonobuoy-plugins-cm', { data: { 'plugin-0.yaml': stringify(plugin(input)) } }),
    object('v1', 'Service', 'sonobuoy-aggregator', {
      spec: {
        ports: [{ port: 8080, protocol: 'TCP', targetPort: 8080 }],
        selector: { 'sonobuoy-component': 'aggregator' },
      },
    }),
    aggregator(input, labels),
  ];
}

function config({ runId, image }: SonobuoyInput): object {
  return {
    Description: 'conformance',
    UUID: runId,
    Version: image.split(':').at(-1) ?? '',
    ResultsDir: '/tmp/sonobuoy/results',
    Resources: [],
    Filters: { Namespaces: SONOBUOY_NAMESPACE, LabelSelector: '' },
    Limits: { PodLogs: { Namespaces: '', SonobuoyNamespace: true } },
    QPS: 30,
    Burst: 50,
    Server: { bindaddress: '0.0.0.0', bindport: 8080, advertiseaddress: '', timeoutseconds: SONOBUOY_SECONDS },
    Plugins: null,
    PluginSearchPath: ['./plugins.d', '/etc/sonobuoy/plugins.d'],
    Namespace: SONOBUOY_NAMESPACE,
    WorkerImage: image,
    ImagePullPolicy: 'IfNotPresent',
    AggregatorPermissions: 'clusterAdmin',
    ServiceAccountName: ACCOUNT,
    NamespacePSAEnforceLevel: 'privileged',
    ProgressUpdatesPort: '8099',
    SecurityContextMode: 'nonroot',
  };
}

/** Conformance tests without those that disrupt what runs. */
function plugin({ conformanceImage }: SonobuoyInput): object {
  const results = '/tmp/sonobuoy/results';
  const env = {
    E2E_FOCUS: String.raw`\[Conformance\]`,
    E2E_SKIP: String.raw`\[Disruptive\]|NoExecuteTaintManager`,
    E2E_PARALLEL: 'false',
    E2E_USE_GO_RUNNER: 'true',
    E2E_EXTRA_ARGS: '--progress-report-url=http://localhost:8099/progress',
    RESULTS_DIR: results,
    SONOBUOY: 'true',
    SONOBUOY_CONFIG_DIR: '/tmp/sonobuoy/config',
    SONOBUOY_PROGRESS_PORT: '8099',
    SONOBUOY_RESULTS_DIR: results,
  };
  return {
    'sonobuoy-config': { driver: 'Job', 'plugin-name': 'e2e', 'result-format': 'junit' },
    podSpec: {
      containers: [],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      restartPolicy: 'Never',
      serviceAccountName: ACCOUNT,
      tolerations: [
        { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
        { key: 'CriticalAddonsOnly', operator: 'Exists' },
        { key: 'kubernetes.io/e2e-evict-taint-key', operator: 'Exists' },
      ],
    },
    spec: {
      name: 'e2e',
      image: conformanceImage,
      imagePullPolicy: 'IfNotPresent',
      command: ['/run_e2e.sh'],
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      volumeMounts: [{ mountPath: results, name: 'results' }],
    },
  };
}

function aggregator({ image }: SonobuoyInput, labels: Readonly<Record<string, string>>): KubeObject {
  const mounts = { config: '/etc/sonobuoy', plugins: '/plugins.d', output: '/tmp/sonobuoy' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: AGGREGATOR.name,
      namespace: SONOBUOY_NAMESPACE,
      labels: { ...labels, 'sonobuoy-component': 'aggregator', tier: 'analysis' },
    },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName: ACCOUNT,
      securityContext: { fsGroup: 2000, runAsGroup: 3000, runAsUser: 1000 },
      tolerations: [{ key: 'kubernetes.io/e2e-evict-taint-key', operator: 'Exists' }],
      containers: [
        {
          name: 'kube-sonobuoy',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['/sonobuoy'],
          args: ['aggregator', '--no-exit', '--level=info'],
          env: [{ name: 'SONOBUOY_ADVERTISE_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
          volumeMounts: Object.entries(mounts).map(([name, mountPath]) => ({ name, mountPath })),
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: 'sonobuoy-config-cm' } },
        { name: 'plugins', configMap: { name: 'sonobuoy-plugins-cm' } },
        { name: 'output', emptyDir: {} },
      ],
    },
  };
}
