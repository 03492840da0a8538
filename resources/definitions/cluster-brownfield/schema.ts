import * as z from 'zod';

import { computed, tf } from '#resources/engine/index';

import { contextField, tagsField } from '../shared/fields.ts';
import { isTimezone } from '../shared/timezone.ts';
import { attachmentBlock } from '../shared/attachment-schema.ts';

const strings = (): z.ZodOptional<z.ZodArray<z.ZodString>> => tf(z.array(z.string()).optional(), { set: true });

const backupPolicy = z.object({
  prefix: z.string().describe('First part of the names of backups.'),
  backupLocationId: z.string().describe('Identifier of the backup storage location.'),
  schedule: z.string().describe('When to back up, as a cron expression; empty switches backups off.'),
  expiryInHour: z.int().describe('Hours after which a backup is removed.'),
  includeDisks: z.boolean().default(true).describe('Whether volumes are backed up.'),
  includeClusterResources: tf(z.boolean().default(true), { conflictsWith: ['includeClusterResourcesMode'] }).describe(
    'Whether cluster-scoped objects are backed up; the older form of `include_cluster_resources_mode`.',
  ),
  includeClusterResourcesMode: z
    .enum(['always', 'never', 'auto'])
    .optional()
    .describe(
      'Whether cluster-scoped objects are backed up: `always`, `never`, or `auto` for those that namespaces use.',
    ),
  namespaces: strings().describe('Namespaces to back up; all when left out.'),
  includeAllClusters: z.boolean().optional().describe('For workspaces: whether every cluster is backed up.'),
  clusterUids: strings().describe('For workspaces: identifiers of the clusters to back up.'),
});

const scanPolicy = z.object({
  configurationScanSchedule: z.string().describe('When to check the configuration (kube-bench), as a cron expression.'),
  penetrationScanSchedule: z
    .string()
    .describe('When to look for weaknesses from outside (kube-hunter), as a cron expression.'),
  conformanceScanSchedule: z.string().describe('When to run the conformance tests (Sonobuoy), as a cron expression.'),
});

const rbacBinding = z.object({
  type: z.enum(['RoleBinding', 'ClusterRoleBinding']).describe('`RoleBinding` or `ClusterRoleBinding`.'),
  namespace: z.string().optional().describe('Namespace of a `RoleBinding`.'),
  role: z
    .record(z.string(), z.string())
    .optional()
    .describe('The role: its `kind` (`Role` or `ClusterRole`) and `name`.'),
  subjects: z
    .array(
      z.object({
        type: z.enum(['User', 'Group', 'ServiceAccount']).describe('`User`, `Group` or `ServiceAccount`.'),
        name: z.string().describe('Name of the subject.'),
        namespace: z.string().optional().describe('Namespace of a service account.'),
      }),
    )
    .optional()
    .describe('Who gets the role.'),
});

const hostConfig = z.object({
  hostEndpointType: z
    .enum(['Ingress', 'LoadBalancer'])
    .default('Ingress')
    .describe('How virtual clusters are reached: `Ingress` or `LoadBalancer`.'),
  ingressHost: z.string().optional().describe('Host name pattern of the ingress.'),
  externalTrafficPolicy: z.string().optional().describe('External traffic policy of the load balancer.'),
  loadBalancerSourceRanges: z
    .string()
    .optional()
    .describe('Address ranges that may use the load balancer, separated by commas.'),
});

const machinePool = z.object({
  name: z.string().describe('Name of the machine pool.'),
  node: z
    .array(
      z.object({
        nodeId: z.string().optional().describe('Identifier of the node. Give this or `node_name`.'),
        nodeName: z.string().optional().describe('Name of the node. Give this or `node_id`.'),
        action: z.enum(['cordon', 'uncordon']).describe('What to do: `cordon` or `uncordon`.'),
      }),
    )
    .optional()
    .describe('Nodes to take out of service or back.'),
});

const location = z.object({
  countryCode: z.string().describe('Code of the country.'),
  countryName: z.string().describe('Name of the country.'),
  latitude: z.number().describe('Latitude in degrees.'),
  longitude: z.number().describe('Longitude in degrees.'),
  regionCode: z.string().describe('Code of the region.'),
  regionName: z.string().describe('Name of the region.'),
});

export const clusterBrownfieldSchema = z.object({
  name: tf(z.string().min(1), { immutable: true }).describe('Name of the cluster. Cannot be changed after creation.'),
  cloudType: tf(z.string().min(1), { immutable: true }).describe(
    'Where the cluster runs: `aws`, `azure`, `gcp`, `apache-cloudstack`, or `generic` for everything else. Cannot be changed after creation.',
  ),
  context: tf(contextField('project'), { immutable: true }),
  importMode: tf(z.enum(['', 'full', 'read_only']).default(''), { immutable: true }).describe(
    'How much of the cluster is managed: `full`, or `read_only` to look only. Empty is `full`. Cannot be changed after creation.',
  ),
  description: z.string().default('').describe('What the cluster is for.'),
  tags: tagsField(),
  proxy: tf(z.string().default(''), { immutable: true }).describe(
    'HTTP proxy of the agent. Cannot be changed after creation.',
  ),
  noProxy: tf(z.string().default(''), { immutable: true }).describe(
    'Hosts that are reached without the proxy, separated by commas. Cannot be changed after creation.',
  ),
  hostPath: tf(z.string().default(''), { immutable: true }).describe(
    "Path of the proxy's CA certificate on the nodes. Cannot be changed after creation.",
  ),
  containerMountPath: tf(z.string().default(''), { immutable: true }).describe(
    "Path of the proxy's CA certificate in containers. Cannot be changed after creation.",
  ),
  clusterProfile: tf(z.array(attachmentBlock('this cluster')).optional(), { set: true, identifiedBy: 'id' }).describe(
    'Profiles that the cluster runs.',
  ),
  applySetting: z
    .enum(['DownloadAndInstall', 'DownloadAndInstallLater'])
    .default('DownloadAndInstall')
    .describe(
      'When changed profiles take effect: `DownloadAndInstall` at once, `DownloadAndInstallLater` when asked for.',
    ),
  backupPolicy: z.array(backupPolicy).max(1).optional().describe('When and what to back up.'),
  scanPolicy: z.array(scanPolicy).max(1).optional().describe('When to check the cluster.'),
  clusterRbacBinding: z.array(rbacBinding).optional().describe('Role bindings that the cluster gets.'),
  namespaces: z
    .array(
      z.object({
        name: z.string().describe('Name of the namespace, or a regular expression between slashes.'),
        resourceAllocation: z.record(z.string(), z.string()).describe('Quota: `cpu_cores` and `memory_MiB`.'),
      }),
    )
    .optional()
    .describe('Namespaces that the cluster gets, with quotas.'),
  hostConfig: z.array(hostConfig).optional().describe('How the cluster hosts virtual clusters.'),
  machinePool: tf(z.array(machinePool).optional(), { set: true, identifiedBy: 'name' }).describe(
    'Maintenance of single nodes.',
  ),
  clusterTimezone: z
    .string()
    .refine((text) => text === '' || isTimezone(text), 'is not a time zone of the IANA database, such as Europe/Berlin')
    .default('')
    .describe('Time zone in which schedules are read, for example `Europe/Berlin`.'),
  pauseAgentUpgrades: z
    .enum(['lock', 'unlock'])
    .default('unlock')
    .describe('Whether the agent stays at its version: `lock` or `unlock`.'),
  reviewRepaveState: z
    .enum(['', 'Approved', 'Pending'])
    .default('')
    .describe('`Approved` lets a change go on that replaces nodes.'),
  renewK8sCertificatesNow: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a point in time such as 2026-01-31T12:00:00Z')
    .optional()
    .describe('Renews the certificates of Kubernetes when it is set to another point in time (RFC 3339).'),
  skipCompletion: z.boolean().default(false).describe('Whether to return without waiting for the cluster.'),
  forceDelete: z.boolean().default(false).describe('Whether a delete that takes too long is forced.'),
  forceDeleteDelay: z.int().min(20).default(20).describe('Minutes after which a delete is forced; at least 20.'),
  manifestUrl: computed(z.string(), { connection: true }).describe(
    'URL of the manifest that brings the agent to the cluster.',
  ),
  kubectlCommand: computed(z.string(), { connection: true }).describe(
    'Command to run against the cluster, to bring the agent to it.',
  ),
  status: computed(z.string(), { changesWith: ['clusterProfile'] }).describe(
    'State of the cluster, for example `Pending`, `Running` or `Deleting`.',
  ),
  healthStatus: computed(z.string(), { changesWith: ['clusterProfile'] }).describe(
    'Health of the cluster: `Healthy`, `UnHealthy` or `Unknown`.',
  ),
  cloudConfigId: computed(z.string()).describe('Identifier of the cloud config of the cluster.'),
  locationConfig: computed(z.array(location)).describe('Where the cluster is.'),
});
