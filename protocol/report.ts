/** What an agent tells the plane. Receivers are idempotent: a report is known by its id. */
import { z } from 'zod';

import { ClusterUid, ContentDigest } from './identifiers.ts';
import { PreviewResult } from './preview.ts';

export const ObjectReference = z.object({
  /** Group and version, for example `apps/v1`. */
  apiVersion: z.string(),
  kind: z.string(),
  /** Absent for cluster-scoped kinds. */
  namespace: z.string().optional(),
  name: z.string(),
});
export type ObjectReference = z.infer<typeof ObjectReference>;

/** One object that is not as it should be, and why. */
export const ObjectProblem = ObjectReference.extend({
  /** Field path as the API server names it, when it names one. */
  field: z.string().optional(),
  message: z.string(),
});
export type ObjectProblem = z.infer<typeof ObjectProblem>;

export const LayerCondition = z.enum(['Pending', 'Applying', 'NotReady', 'Ready', 'Error']);
export type LayerCondition = z.infer<typeof LayerCondition>;

export const LayerStatus = z.object({
  name: z.string(),
  version: z.string(),
  profileUid: z.string(),
  /** Content address of the profile that the layer is of; absent where the desired state does not have it. */
  profileDigest: ContentDigest.optional(),
  condition: LayerCondition,
  message: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** Objects under management in this layer. */
  objects: z.int().nonnegative(),
  /** At most 20; the worst first. */
  problems: z.array(ObjectProblem).max(20),
});
export type LayerStatus = z.infer<typeof LayerStatus>;

export const NodeStatus = z.object({ name: z.string(), ready: z.boolean(), kubeletVersion: z.string() });
export type NodeStatus = z.infer<typeof NodeStatus>;

const common = {
  /** Unique for each report; the same report sent twice has the same id. */
  id: z.uuid(),
  clusterUid: ClusterUid,
  sentAt: z.iso.datetime(),
};

/** The whole status of the cluster: the newest one wins. */
export const StatusReport = z.object({
  ...common,
  kind: z.literal('status'),
  agentVersion: z.string(),
  kubernetesVersion: z.string(),
  /** Revision and digest in force; 0 and absent before the first document. */
  revision: z.int().nonnegative(),
  digest: ContentDigest.optional(),
  /**
   * `applying`: on the way to the revision; `applied`: every layer is applied and ready;
   * `failed`: some layer cannot be applied; `cleaned`: everything was removed, as a deleting
   * document asks.
   */
  phase: z.enum(['applying', 'applied', 'failed', 'cleaned']),
  healthy: z.boolean(),
  layers: z.array(LayerStatus),
  nodes: z.array(NodeStatus),
});
export type StatusReport = z.infer<typeof StatusReport>;

/** Something outside changed an object that the agent manages. */
export const DriftReport = z.object({
  ...common,
  kind: z.literal('drift'),
  object: ObjectReference,
  layer: z.string(),
  change: z.enum(['modified', 'deleted']),
  /** Paths of changed fields, without their values: they may be secret. */
  fields: z.array(z.string()).max(50),
  action: z.enum(['healed', 'reported', 'failed']),
  /** Milliseconds from noticing to healed. */
  tookMs: z.number().nonnegative(),
  message: z.string(),
});
export type DriftReport = z.infer<typeof DriftReport>;

/** A document that was not applied; the last known policy stays in force. */
export const RefusalReport = z.object({
  ...common,
  kind: z.literal('refusal'),
  reason: z.string(),
  message: z.string(),
});
export type RefusalReport = z.infer<typeof RefusalReport>;

/** The outcome of a command, by the command's id. */
export const CommandReport = z.object({
  ...common,
  kind: z.literal('command'),
  commandId: z.uuid(),
  outcome: z.enum(['done', 'failed', 'expired']),
  message: z.string(),
});
export type CommandReport = z.infer<typeof CommandReport>;

/** The answer to a preview; sent once, before the outcome of the command that asked for it. */
export const PreviewReport = z.object({
  ...common,
  kind: z.literal('preview'),
  previewId: z.uuid(),
  result: PreviewResult,
});
export type PreviewReport = z.infer<typeof PreviewReport>;

export const Report = z.discriminatedUnion('kind', [
  StatusReport,
  DriftReport,
  RefusalReport,
  CommandReport,
  PreviewReport,
]);
export type Report = z.infer<typeof Report>;

/** A sign of life; the plane calls a cluster unhealthy after 60 seconds without one. */
export const Heartbeat = z.object({
  clusterUid: ClusterUid,
  sentAt: z.iso.datetime(),
  agentVersion: z.string(),
  revision: z.int().nonnegative(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
