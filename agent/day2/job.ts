/**
 * Runs a container to its end as a Job and reads what it printed. A Job is known by its name: after a restart of the agent
 * the same request finds the one that is under way, or has ended.
 */
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { conditionsOf, isMap, mapAt, textAt, valueAt, type JsonMap, type KubeObject } from '#kubernetes/object';

import { Cancelled } from './action.ts';
import { until } from './until.ts';

export interface JobRequest {
  /** Unique for the step of the run that it belongs to. */
  readonly name: string;
  readonly runId: string;
  readonly pod: JsonMap;
  /** Annotations of the Pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export type JobEnd =
  | { readonly kind: 'succeeded'; readonly log: string }
  | { readonly kind: 'failed'; readonly message: string; readonly log: string };

export interface JobOptions extends CallOptions {
  readonly client: KubeClient;
  /** The agent's own; Jobs get one beside it. */
  readonly namespace: string;
  /** How often to look, in milliseconds. */
  readonly everyMs?: number | undefined;
}

export const RUN_LABEL = 'palette-iac.dev/action-run';
const MAX_LOG_BYTES = 48 * 1024 * 1024;
/** A container that cannot start is given so long: registries have bad minutes. */
const START_GRACE_MS = 180_000;
/** What is left behind by an agent that never comes back goes away by itself. */
const KEEP_SECONDS = 24 * 3600;
const CLEAN_UP_MS = 10_000;
const CANNOT_START = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

/** Where Jobs are: beside the agent's own namespace, which admits no Pods that look into their node. */
export function jobNamespace(namespace: string): string {
  return `${namespace}-jobs`;
}

/** @throws KubeError, and the signal's reason; a cancelled Job is removed */
export async function runJob(request: JobRequest, options: JobOptions): Promise<JobEnd> {
  const { client, signal } = options;
  const namespace = jobNamespace(options.namespace);
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: request.name };
  if ((await client.get(ref, { signal })) === undefined) {
    await ensureNamespace(client, namespace, { signal });
    await client.apply(jobOf(request, namespace), { signal });
  }
  let stuckSince: number | undefined;
  try {
    const end = await until(
      async (): Promise<JobEnd | undefined> => {
        const job = await client.get(ref, { signal });
        if (job === undefined) return failed('the Job was deleted by somebody else');
        const ended = conditionsOf(job).find(
          ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
        );
        const pod = await newestPod(client, namespace, request.name, { signal });
        if (ended === undefined) {
          const stuck = cannotStart(pod);
          stuckSince = stuck === undefined ? undefined : (stuckSince ?? performance.now());
          return stuck !== undefined && performance.now() - (stuckSince ?? 0) > START_GRACE_MS
            ? failed(`its container cannot start: ${stuck}`)
            : undefined;
        }
        const log = await logOf(client, namespace, pod, { signal });
        if (ended['type'] === 'Complete') return { kind: 'succeeded', log };
        return failed(whyFailed(ended, pod), log);
      },
      // The Job has a deadline of its own, which counts; this one is for a cluster that carries no Jobs out.
      { timeoutMs: request.timeoutSeconds * 1_000 + START_GRACE_MS, everyMs: options.everyMs, signal },
    );
    return end ?? failed('the Job did not end in time: nothing in this cluster carries Jobs out');
  } catch (error) {
    if (signal.aborted && signal.reason instanceof Cancelled)
      await client.delete(ref, { signal: AbortSignal.timeout(CLEAN_UP_MS) }).catch(() => undefined);
    throw error;
  }
}

/** Removes the Jobs of a run with their Pods. */
export async function removeJobs(runId: string, { client, namespace, signal }: JobOptions): Promise<void> {
  const type = { apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs', namespaced: true, verbs: [] };
  const { items } = await client.list(type, {
    signal,
    namespace: jobNamespace(namespace),
    labelSelector: `${RUN_LABEL}=${runId}`,
  });
  for (const { apiVersion, kind, metadata } of items)
    await client.delete(
      { apiVersion, kind, name: metadata.name, namespace: jobNamespace(namespace) },
      { signal, uid: metadata.uid },
    );
}

function failed(message: string, log = ''): JobEnd {
  return { kind: 'failed', message, log };
}

/** Pods that look into their node need a namespace that admits them; nobody but the agent has a reason to be in it. */
async function ensureNamespace(client: KubeClient, name: string, options: CallOptions): Promise<void> {
  await client.apply(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: { 'app.kubernetes.io/part-of': 'palette', 'pod-security.kubernetes.io/enforce': 'privileged' },
      },
    },
    options,
  );
}

function jobOf({ name, runId, pod, annotations, timeoutSeconds }: JobRequest, namespace: string): KubeObject {
  const labels = { [RUN_LABEL]: runId, 'app.kubernetes.io/part-of': 'palette' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: timeoutSeconds,
      ttlSecondsAfterFinished: KEEP_SECONDS,
      template: {
        metadata: { labels, ...(annotations === undefined ? {} : { annotations }) },
        spec: { restartPolicy: 'Never', ...pod },
      },
    },
  };
}

async function newestPod(
  client: KubeClient,
  namespace: string,
  job: string,
  { signal }: CallOptions,
): Promise<KubeObject | undefined> {
  const type = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };
  const { items } = await client.list(type, { namespace, labelSelector: `job-name=${job}`, signal });
  return items.toSorted((left, right) =>
    (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? ''),
  )[0];
}

async function logOf(
  client: KubeClient,
  namespace: string,
  pod: KubeObject | undefined,
  { signal }: CallOptions,
): Promise<string> {
  if (pod === undefined) return '';
  return client.readText(`/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/log`, {
    signal,
    maxBytes: MAX_LOG_BYTES,
  });
}

function containerStates(pod: KubeObject | undefined): readonly JsonMap[] {
  const statuses = valueAt(pod, 'status', 'containerStatuses');
  return (Array.isArray(statuses) ? statuses : []).filter(isMap).map((status) => mapAt(status, 'state'));
}

function cannotStart(pod: KubeObject | undefined): string | undefined {
  for (const state of containerStates(pod)) {
    const reason = textAt(state, 'waiting', 'reason');
    if (CANNOT_START.has(reason)) return `${reason}: ${textAt(state, 'waiting', 'message')}`;
  }
  return undefined;
}

function whyFailed(condition: JsonMap, pod: KubeObject | undefined): string {
  if (condition['reason'] === 'DeadlineExceeded') return 'it did not end in the time that it is given';
  for (const state of containerStates(pod)) {
    const { exitCode, reason } = mapAt(state, 'terminated');
    if (typeof exitCode === 'number' && exitCode !== 0)
      return `it ended with exit code ${exitCode}${typeof reason === 'string' && reason !== 'Error' ? ` (${reason})` : ''}`;
  }
  return textAt(condition, 'message') || textAt(condition, 'reason') || 'it failed';
}
