/** What brings controller and function into a cluster, by `kubectl apply`. */
import { controllerRules, leaderElectionRules } from '../controller/rbac.ts';

import type { Manifest } from './manifest.ts';

const NAMESPACE = 'palette-system';
const NAME = 'palette-controller';
const LABELS = { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/part-of': 'palette-iac' };
const RBAC = 'rbac.authorization.k8s.io/v1';
/** The image's own user. */
const USER = 65_532;
/** Longer than either program takes to finish what it is at. */
const GRACE_SECONDS = 40;
/** Where the controller has /metrics, /healthz and /readyz when nothing else is said. */
const METRICS_PORT = 9090;
/** Which image runs until somebody says which; `scripts/package.mjs` does. */
export const IMAGE = 'registry.example.com/palette-iac/palette-iac:latest';

/** Crossplane may do what its composites need of managed resources: it reads this label. */
const AGGREGATE = { 'rbac.crossplane.io/aggregate-to-crossplane': 'true' };

/** What Crossplane's core does with kinds that it composes. */
const COMPOSE = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** The controller without Crossplane's package manager: on a plain cluster, or beside core. */
export function controllerManifests(): Manifest[] {
  const inNamespace = { name: NAME, namespace: NAMESPACE, labels: LABELS };
  const account = { kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inNamespace },
    { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: NAME, labels: LABELS }, rules: controllerRules() },
    {
      apiVersion: RBAC,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME, labels: LABELS },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [account],
    },
    { apiVersion: RBAC, kind: 'Role', metadata: inNamespace, rules: leaderElectionRules() },
    {
      apiVersion: RBAC,
      kind: 'RoleBinding',
      metadata: inNamespace,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
      subjects: [account],
    },
    crossplaneRole(),
    deployment(),
  ];
}

/** What the controller alone writes. */
const OWN = /\/finalizers$|^providerconfigusages$/;

/** Nothing reads it on a cluster without Crossplane. */
function crossplaneRole(): Manifest {
  const groups = new Map<string, Set<string>>();
  for (const rule of controllerRules()) {
    for (const group of rule.apiGroups.filter((name) => name !== '')) {
      const resources = groups.get(group) ?? new Set<string>();
      for (const resource of rule.resources) if (!OWN.test(resource)) resources.add(resource);
      groups.set(group, resources);
    }
  }
  return {
    apiVersion: RBAC,
    kind: 'ClusterRole',
    metadata: { name: `${NAME}:aggregate-to-crossplane`, labels: { ...LABELS, ...AGGREGATE } },
    rules: [...groups].map(([group, resources]) => ({ apiGroups: [group], resources: [...resources], verbs: COMPOSE })),
  };
}

function deployment(): Manifest {
  const probe = (path: string): object => ({
    httpGet: { path, port: 'metrics' },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      // One works, the other one takes over within seconds.
      replicas: 2,
      selector: { matchLabels: { 'app.kubernetes.io/name': NAME } },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: NAME,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          terminationGracePeriodSeconds: GRACE_SECONDS,
          containers: [
            {
              name: 'controller',
              image: IMAGE,
              args: ['crossplane', 'controller'],
              // Its Lease is where it runs, also when somebody installs it elsewhere.
              env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
              ports: [{ name: 'metrics', containerPort: METRICS_PORT }],
              livenessProbe: probe('/healthz'),
              readinessProbe: probe('/readyz'),
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
              securityContext: CONTAINER_SECURITY,
            },
          ],
        },
      },
    },
  };
}

const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Where Crossplane tells Prometheus to look. */
const RUNTIME_METRICS_PORT = 8080;

/** How Crossplane's package manager runs the two: packages hold no program, the deployments name its image. */
export function runtimeConfigs(): Manifest[] {
  return [
    runtimeConfig('palette-iac-provider', {
      program: 'controller',
      memory: '512Mi',
      needsKubernetes: true,
    }),
    runtimeConfig('palette-iac-function', {
      program: 'function',
      memory: '256Mi',
      needsKubernetes: false,
    }),
  ];
}

interface Runtime {
  readonly program: string;
  readonly memory: string;
  readonly needsKubernetes: boolean;
}

function runtimeConfig(name: string, { program, memory, needsKubernetes }: Runtime): Manifest {
  const probe = (path: string): object => ({ httpGet: { path, port: RUNTIME_METRICS_PORT }, timeoutSeconds: 5 });
  return {
    apiVersion: 'pkg.crossplane.io/v1beta1',
    kind: 'DeploymentRuntimeConfig',
    metadata: { name },
    spec: {
      deploymentTemplate: {
        spec: {
          replicas: 2,
          selector: {},
          template: {
            spec: {
              ...(needsKubernetes ? {} : { automountServiceAccountToken: false }),
              terminationGracePeriodSeconds: GRACE_SECONDS,
              containers: [
                {
                  // The name by which the package manager knows the container that it makes itself.
                  name: 'package-runtime',
                  image: IMAGE,
                  args: ['crossplane', program, '--metrics', `0.0.0.0:${RUNTIME_METRICS_PORT}`],
                  livenessProbe: probe('/healthz'),
                  readinessProbe: probe('/readyz'),
                  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory } },
                  securityContext: { ...CONTAINER_SECURITY, runAsNonRoot: true, runAsUser: USER, runAsGroup: USER },
                },
              ],
            },
          },
        },
      },
    },
  };
}
