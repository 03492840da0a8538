/**
 * Day-2 actions: what an agent does once and in time, beside keeping the desired state. A user asks for one by a command,
 * or a schedule in the desired state does. Specs hold no secrets: those are in the desired state (backup locations).
 */
import { z } from 'zod';

import { ContentDigest } from './identifiers.ts';

const DnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be a DNS label');
const Hours = z
  .int()
  .positive()
  .max(24 * 366 * 5);

/** A backup of the cluster's objects and volumes by Velero. */
export const BackupSpec = z.object({
  /** Prefix of the backup's name; the run's time is added. */
  namePrefix: z.string().min(1).max(40),
  /** The whole name, in place of one made of the prefix. */
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,80}[a-z0-9])?$/)
    .optional(),
  /** Of `dayTwo.backupLocations`. */
  locationUid: z.string().min(1),
  expiryHours: Hours,
  /** Empty: every namespace. */
  namespaces: z.array(z.string()),
  includeDisks: z.boolean(),
  includeClusterResources: z.enum(['always', 'never', 'auto']),
});
export type BackupSpec = z.infer<typeof BackupSpec>;

export const RestoreSpec = z.object({
  backupName: z.string().min(1),
  locationUid: z.string().min(1),
  /** Empty: every namespace of the backup. */
  namespaces: z.array(z.string()),
  namespaceMappings: z.record(z.string(), z.string()),
  includeClusterResources: z.enum(['always', 'never', 'auto']),
  restorePersistentVolumes: z.boolean(),
  preserveNodePorts: z.boolean(),
});
export type RestoreSpec = z.infer<typeof RestoreSpec>;

export const DeleteBackupSpec = z.object({
  backupName: z.string().min(1),
  /** Where it is kept; absent: wherever the cluster knows it to be. */
  locationUid: z.string().min(1).optional(),
});
export type DeleteBackupSpec = z.infer<typeof DeleteBackupSpec>;

/** A snapshot of etcd, where the cluster's control plane is within the agent's reach. */
export const EtcdSnapshotSpec = z.object({ keep: z.int().positive().max(100) });
export type EtcdSnapshotSpec = z.infer<typeof EtcdSnapshotSpec>;

/** `certificates`: when those of the control plane expire. */
export const SCAN_DRIVERS = ['kube-bench', 'kube-hunter', 'sonobuoy', 'syft', 'certificates'] as const;
export const ScanDriver = z.enum(SCAN_DRIVERS);
export type ScanDriver = z.infer<typeof ScanDriver>;

export const ScanSpec = z.object({
  driver: ScanDriver,
  /** What syft looks at: images of these namespaces, or of all when empty. */
  namespaces: z.array(z.string()),
  /** Of syft's bill of materials. */
  format: z.enum(['cyclonedx-json', 'github-json', 'spdx-json', 'syft-json']).optional(),
  /** What syft looks at, further: images of Pods with these labels. */
  labelSelector: z.string().optional(),
  /** What syft looks at, further: images of this one Pod. */
  podName: z.string().optional(),
});
export type ScanSpec = z.infer<typeof ScanSpec>;

/** `agent`: the agent's own credentials. `control-plane`: those of the API server, controllers and etcd. */
export const RenewCertificatesSpec = z.object({ scope: z.enum(['agent', 'control-plane']) });
export type RenewCertificatesSpec = z.infer<typeof RenewCertificatesSpec>;

export const PatchOsSpec = z.object({
  rebootIfRequired: z.boolean(),
  /** Only nodes that were never patched: once for each that joins. */
  unpatchedOnly: z.boolean().optional(),
});
export type PatchOsSpec = z.infer<typeof PatchOsSpec>;

export const UpgradeKubernetesSpec = z.object({
  // Scripts on nodes name it.
  version: z
    .string()
    .regex(/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]{1,40})?(\+[0-9A-Za-z.-]{1,40})?$/, 'expected a version such as v1.34.2'),
});
export type UpgradeKubernetesSpec = z.infer<typeof UpgradeKubernetesSpec>;

export const ScaleSpec = z.object({
  pool: DnsLabel,
  replicas: z.int('expected a whole number from 0 to 5000').nonnegative().max(5_000),
});
export type ScaleSpec = z.infer<typeof ScaleSpec>;

/** A version of the agent: an archive on the pack channel, by digest. */
export const AgentRelease = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  content: ContentDigest,
  /** Of the archive's digest, by a key the agent trusts for releases; base64 as cosign writes it. */
  signature: z.string().min(1),
  /** The container image of the same version, by digest; absent where agents run as processes only. */
  image: z.string().optional(),
});
export type AgentRelease = z.infer<typeof AgentRelease>;

export const UpgradeAgentSpec = z.object({ release: AgentRelease });
export type UpgradeAgentSpec = z.infer<typeof UpgradeAgentSpec>;

export const CollectLogsSpec = z.object({
  /** Log lines of the last so many hours. */
  sinceHours: z
    .int()
    .positive()
    .max(24 * 14),
});
export type CollectLogsSpec = z.infer<typeof CollectLogsSpec>;

/** An action of any type with the spec of its type. */
export const Action = z.discriminatedUnion('type', [
  z.object({ type: z.literal('backup'), spec: BackupSpec }),
  z.object({ type: z.literal('restore'), spec: RestoreSpec }),
  z.object({ type: z.literal('delete-backup'), spec: DeleteBackupSpec }),
  z.object({ type: z.literal('etcd-snapshot'), spec: EtcdSnapshotSpec }),
  z.object({ type: z.literal('scan'), spec: ScanSpec }),
  z.object({ type: z.literal('renew-certificates'), spec: RenewCertificatesSpec }),
  z.object({ type: z.literal('patch-os'), spec: PatchOsSpec }),
  z.object({ type: z.literal('upgrade-kubernetes'), spec: UpgradeKubernetesSpec }),
  z.object({ type: z.literal('scale'), spec: ScaleSpec }),
  z.object({ type: z.literal('upgrade-agent'), spec: UpgradeAgentSpec }),
  z.object({ type: z.literal('collect-logs'), spec: CollectLogsSpec }),
]);
export type Action = z.infer<typeof Action>;
export type ActionType = Action['type'];
export type ActionOf<T extends ActionType> = Extract<Action, { readonly type: T }>;
export type ActionSpec<T extends ActionType> = ActionOf<T>['spec'];
export const ACTION_TYPES = [
  'backup',
  'restore',
  'delete-backup',
  'etcd-snapshot',
  'scan',
  'renew-certificates',
  'patch-os',
  'upgrade-kubernetes',
  'scale',
  'upgrade-agent',
  'collect-logs',
] as const satisfies readonly ActionType[];

const DISRUPTIVE: ReadonlySet<ActionType> = new Set([
  'restore',
  'patch-os',
  'upgrade-kubernetes',
  'upgrade-agent',
  'renew-certificates',
]);

/** Whether it interrupts workloads or the control plane: one at a time, and in maintenance windows only where there are some. */
export function isDisruptive(action: Action): boolean {
  if (action.type === 'renew-certificates' && action.spec.scope === 'agent') return false;
  return DISRUPTIVE.has(action.type);
}

/** Where backups are kept. Credentials are in here: the document travels sealed and signed, and is never logged. */
export const BackupLocation = z.object({
  uid: z.string().min(1),
  name: z.string().min(1),
  isDefault: z.boolean(),
  /** Velero's name of the provider, for example `aws`, `azure`, `gcp`. */
  provider: z.string().min(1),
  bucket: z.string(),
  /** As Velero's BackupStorageLocation takes it: region, s3Url, ... */
  config: z.record(z.string(), z.string()),
  ca: z.string().optional(),
  /** The content of Velero's credentials file; absent where the node's identity is used. */
  credentials: z.string().optional(),
  /** Volumes are copied file by file, where the cloud takes no snapshots of them. */
  fileSystemBackup: z.boolean().optional(),
});
export type BackupLocation = z.infer<typeof BackupLocation>;

/** An action that comes again and again. */
export const ScheduledAction = z.object({
  /** Stable while the schedule stands, so that a run is known by schedule and time. */
  id: z.string().min(1),
  /** Cron in the cluster's time zone; absent, as is `at`: once for each node that joins (patch on boot). */
  cron: z.string().optional(),
  /** Once, at this time or as soon after it as can be; instead of `cron`. */
  at: z.iso.datetime().optional(),
  action: Action,
});
export type ScheduledAction = z.infer<typeof ScheduledAction>;

export const MaintenanceWindow = z.object({
  name: z.string(),
  startCron: z.string(),
  durationHrs: z.int().min(1).max(24),
});
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

/** What the agent does on its own besides enforcing; kept with the last known policy, so it goes on without the plane. */
export const DayTwo = z.object({
  /** IANA name. */
  timezone: z.string(),
  /** Empty: disruptive actions may run at any time. */
  windows: z.array(MaintenanceWindow),
  schedules: z.array(ScheduledAction),
  backupLocations: z.array(BackupLocation),
  /** The release that agents are to run; absent: the one they run. */
  agentRelease: AgentRelease.optional(),
  /** `paused`: the agent stays as it is, whatever `agentRelease` says. */
  agentUpgrades: z.enum(['automatic', 'paused']),
});
export type DayTwo = z.infer<typeof DayTwo>;
