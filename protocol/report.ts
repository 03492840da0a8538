/** What an agent tells the plane. Receivers are idempotent: a report is known by its id. */
import { z } from 'zod';

import { ACTION_TYPES } from './actions.ts';
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
  /** It is not ready, and not on its way any more: it does not become ready by waiting. */
  stuck: z.literal(true).optional(),
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

/** A condition of the cluster as Kubernetes writes conditions; `type` is a closed list in the agent's `health/`. */
export const HealthCondition = z.object({
  type: z.string().min(1),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().min(1),
  message: z.string(),
  lastTransitionAt: z.iso.datetime(),
});
export type HealthCondition = z.infer<typeof HealthCondition>;

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
  /** Health of the cluster's parts; absent from agents that do not tell. */
  conditions: z.array(HealthCondition).max(50).optional(),
});
export type StatusReport = z.infer<typeof StatusReport>;

/** Something outside changed an object that the agent manages. */
export const DriftReport = z.object({
  ...common,
  kind: z.literal('drift'),
  object: ObjectReference,
  layer: z.string(),
  change: z.enum(['modified', 'deleted']),
  /** Paths of changed fields. */
  fields: z.array(z.string()).max(50),
  /** What changed, shortened; values of Secrets and of sensitive variables are masked. Absent from agents that do not tell. */
  diff: z
    .array(z.object({ path: z.string(), before: z.string().optional(), after: z.string().optional() }))
    .max(50)
    .optional(),
  /** Field manager that changed it, where the API server says. */
  manager: z.string().optional(),
  action: z.enum(['healed', 'reported', 'ignored', 'failed']),
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
  /** Of an action: whether it was taken on; how it goes on is told by action reports. */
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

/**
 * How an action stands. The newest of a run wins, by `sequence`. The run of a command has the command's id; that of a
 * schedule an id made of the schedule's and the time, so that one is never begun twice.
 */
export const ActionReport = z.object({
  ...common,
  kind: z.literal('action'),
  runId: z.uuid(),
  sequence: z.int().nonnegative(),
  type: z.enum(ACTION_TYPES),
  origin: z.enum(['command', 'schedule']),
  /** Of the schedule, where one asked for it. */
  scheduleId: z.string().optional(),
  /** `waiting`: for a maintenance window, or for another disruptive action to end. */
  phase: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** What it is at, for people. */
  step: z.string(),
  percent: z.int().min(0).max(100).optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  message: z.string(),
  /** Short facts of the outcome, by type: a backup's name, a scan's counts. What is large is uploaded as an artifact. */
  result: z.record(z.string(), z.json()).optional(),
});
export type ActionReport = z.infer<typeof ActionReport>;

/** Something worth telling people. The same thing again is a report with the same `eventId` and a higher count. */
export const EventReport = z.object({
  ...common,
  kind: z.literal('event'),
  /** Absent: a thing of its own, known by the report's id. */
  eventId: z.uuid().optional(),
  severity: z.enum(['info', 'warning', 'error']),
  /** One word in CamelCase from the agent's closed list. */
  reason: z.string().min(1),
  message: z.string(),
  object: ObjectReference.optional(),
  count: z.int().positive(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});
export type EventReport = z.infer<typeof EventReport>;

export const Report = z.discriminatedUnion('kind', [
  StatusReport,
  DriftReport,
  RefusalReport,
  CommandReport,
  PreviewReport,
  ActionReport,
  EventReport,
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
