/**
 * Runs a container to its end as a Job and reads what came of it. A Job is known by its name: after a restart of the agent
 * the same request finds the one that is under way, or has ended.
 */
import { stripVTControlCharacters } from 'node:util';

import { sha256 } from '#core/digest';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import { conditionsOf, isMap, mapAt, textAt, valueAt, type JsonMap, type KubeObject } from '#kubernetes/object';

import { Cancelled } from './action.ts';
import { POD } from './nodes.ts';
import { until } from './until.ts';

export interface JobRequest {
  /** Unique for the step of the run that it belongs to: see `jobName`. */
  readonly name: string;
  readonly runId: string;
  readonly pod: JsonMap;
  readonly timeoutSeconds: number;
  /**
   * What is read of a container that ended well: everything it printed, or the few words that it left in its termination
   * message, which come with the Pod's status and need no log.
   */
  readonly reads: 'log' | 'last words';
}

export type JobEnd =
  | {
      readonly kind: 'succeeded';
      readonly output: string;
      /** The image that ran, by digest, as far as its node tells. */
      readonly image: string;
    }
  | { readonly kind: 'failed'; readonly message: string };

export interface JobOptions extends CallOptions {
  readonly client: KubeClient;
  /** The agent's own; Jobs get one beside it. */
  readonly namespace: string;
  /** How often to look, in milliseconds. */
  readonly everyMs?: number | undefined;
  /** How long a log that cannot be read is asked for again, in milliseconds. Default 1 min. */
  readonly logGraceMs?: number | undefined;
  /** How long a container that cannot start is given, in milliseconds. Default 3 min: registries have bad minutes. */
  readonly startGraceMs?: number | undefined;
}

export const RUN_LABEL = 'palette-iac.dev/action-run';
const MADE_LABEL = 'palette-iac.dev/part';
const MAX_LOG_BYTES = 48 * 1024 * 1024;
const START_GRACE_MS = 180_000;
const LOG_GRACE_MS = 60_000;
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

/** The name of a run's Job for one of its targets: the same in every life of the agent, whatever other targets there are by then. */
export function jobName(what: string, runId: string, target: string): string {
  return `${what}-${sha256(`${runId}\n${target}`).slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

/** @throws KubeError, and the signal's reason; a cancelled Job is removed */
export async function runJob(request: JobRequest, options: JobOptions): Promise<JobEnd> {
  const { client, signal, startGraceMs = START_GRACE_MS } = options;
  const namespace = jobNamespace(options.namespace);
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: request.name };
  if ((await client.get(ref, { signal })) === undefined) {
    await ensureNamespace(client, namespace, { signal });
    await client.apply(jobOf(request, namespace), { signal });
  }
  let stuckSince: number | undefined;
  let waitsFor = '';
  const log = patientLog(client, namespace, options);
  /** Nobody would look after what a Job does that begins later. */
  const giveUp = async (message: string): Promise<JobEnd> => {
    await client.delete(ref, { signal });
    return failed(message);
  };
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
          waitsFor = whyWaiting(pod);
          const stuck = cannotStart(pod);
          stuckSince = stuck === undefined ? undefined : (stuckSince ?? performance.now());
          return stuck !== undefined && performance.now() - (stuckSince ?? 0) > startGraceMs
            ? giveUp(`its container cannot start: ${stuck}`)
            : undefined;
        }
        if (ended['type'] === 'Failed') return failed(whyFailed(ended, pod, waitsFor));
        if (request.reads === 'last words') return succeeded(terminationMessage(pod), pod);
        if (pod === undefined) return failed('its Pod was removed, and what it printed with it');
        const found = await log(pod);
        switch (found.kind) {
          case 'read':
            return succeeded(found.text, pod);
          case 'unreadable':
            return failed(`what it printed cannot be read: ${found.why}`);
          case 'try again':
            return undefined;
        }
      },
      // The Job has a deadline of its own, which counts; this one is for a cluster that carries no Jobs out.
      { timeoutMs: request.timeoutSeconds * 1_000 + startGraceMs, everyMs: options.everyMs, signal },
    );
    return end ?? (await giveUp('the Job did not end in time: nothing in this cluster carries Jobs out'));
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

function failed(message: string): JobEnd {
  return { kind: 'failed', message };
}

function succeeded(output: string, pod: KubeObject | undefined): JobEnd {
  const [status] = containerStatuses(pod);
  return { kind: 'succeeded', output, image: textAt(status, 'imageID') };
}

/**
 * Removes what the agent made for Jobs, with Jobs that are left in it; a namespace of that name that somebody else made stays.
 *
 * @throws KubeError
 */
export async function removeJobNamespace(client: KubeClient, namespace: string, options: CallOptions): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: jobNamespace(namespace) };
  const found = await client.get(ref, options);
  if (found?.metadata.labels?.[MADE_LABEL] === 'jobs')
    await client.delete(ref, { ...options, uid: found.metadata.uid });
}

/** Pods that look into their node need a namespace that admits them; nobody but the agent has a reason to be in it. */
async function ensureNamespace(client: KubeClient, name: string, options: CallOptions): Promise<void> {
  await client.apply(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: {
          'app.kubernetes.io/part-of': 'palette',
          [MADE_LABEL]: 'jobs',
          'pod-security.kubernetes.io/enforce': 'privileged',
        },
      },
    },
    options,
  );
}

function jobOf({ name, runId, pod, timeoutSeconds }: JobRequest, namespace: string): KubeObject {
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
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          ...pod,
          // Why a container failed stands in the Pod's status then, and needs no log.
          containers: mapsAt(pod, 'containers').map((one) => ({
            ...one,
            terminationMessagePolicy: 'FallbackToLogsOnError',
          })),
        },
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
  const { items } = await client.list(POD, { namespace, labelSelector: `job-name=${job}`, signal });
  return items.toSorted((left, right) =>
    (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? ''),
  )[0];
}

type Log =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'try again' };

/** Reads logs, which pass through the node's kubelet: that may be away for a moment, or have lost them for ever. */
function patientLog(
  client: KubeClient,
  namespace: string,
  { signal, logGraceMs = LOG_GRACE_MS }: JobOptions,
): (pod: KubeObject) => Promise<Log> {
  let since: number | undefined;
  return async ({ metadata: { name } }) => {
    try {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
      return { kind: 'read', text: await client.readText(path, { signal, maxBytes: MAX_LOG_BYTES }) };
    } catch (error) {
      // Without the API server nothing is known of the log.
      if (!(error instanceof KubeError) || error.status === 0) throw error;
      since ??= performance.now();
      return performance.now() - since < logGraceMs
        ? { kind: 'try again' }
        : { kind: 'unreadable', why: error.message };
    }
  };
}

function mapsAt(value: unknown, ...path: readonly string[]): readonly JsonMap[] {
  const found = valueAt(value, ...path);
  return (Array.isArray(found) ? found : []).filter(isMap);
}

function containerStatuses(pod: KubeObject | undefined): readonly JsonMap[] {
  return mapsAt(pod, 'status', 'containerStatuses');
}

function cannotStart(pod: KubeObject | undefined): string | undefined {
  for (const status of containerStatuses(pod)) {
    const reason = textAt(status, 'state', 'waiting', 'reason');
    if (CANNOT_START.has(reason)) return `${reason}: ${textAt(status, 'state', 'waiting', 'message')}`;
  }
  return undefined;
}

/** What keeps a Pod from running; empty where it runs. */
function whyWaiting(pod: KubeObject | undefined): string {
  if (pod === undefined) return 'no Pod was made for it';
  const scheduled = conditionsOf(pod).find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (scheduled !== undefined) return textAt(scheduled, 'message') || textAt(scheduled, 'reason');
  const waiting = containerStatuses(pod).map((status) => mapAt(status, 'state', 'waiting'));
  const [first] = waiting.filter((one) => textAt(one, 'reason') !== '');
  if (first !== undefined) return [textAt(first, 'reason'), textAt(first, 'message')].filter(Boolean).join(': ');
  return textAt(pod, 'status', 'phase') === 'Pending' ? 'its node has not begun with it' : '';
}

function whyFailed(condition: JsonMap, pod: KubeObject | undefined, waitsFor: string): string {
  if (condition['reason'] === 'DeadlineExceeded')
    return `it did not end in the time that it is given${waitsFor === '' ? '' : `; it waited for its start: ${waitsFor}`}`;
  for (const status of containerStatuses(pod)) {
    const { exitCode, reason } = mapAt(status, 'state', 'terminated');
    if (typeof exitCode !== 'number' || exitCode === 0) continue;
    const told = typeof reason === 'string' && reason !== 'Error' ? ` (${reason})` : '';
    const words = lastWords(terminationMessage(pod));
    return `it ended with exit code ${exitCode}${told}${words === '' ? '' : `: ${words}`}`;
  }
  // Of a Pod that its node took no further.
  const refused = [textAt(pod, 'status', 'reason'), textAt(pod, 'status', 'message')].filter(Boolean).join(': ');
  return refused || textAt(condition, 'message') || textAt(condition, 'reason') || 'it failed';
}

function terminationMessage(pod: KubeObject | undefined): string {
  return containerStatuses(pod)
    .map((status) => textAt(status, 'state', 'terminated', 'message'))
    .join('\n')
    .trim();
}

/** The end of what was printed, for a message: a few lines, without colours. */
function lastWords(text: string): string {
  return stripVTControlCharacters(text).trim().split('\n').slice(-3).join(' | ').slice(-500);
}
