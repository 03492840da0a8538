/** Which pods are in trouble. Looked at page by page from time to time: a watch would keep every pod of the cluster in memory. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';

import type { KubeClient } from '#kubernetes/client';
import { conditionsOf, isMap, mapAt, valueAt, type JsonMap } from '#kubernetes/object';

import { withLimit } from '../signals.ts';

/** What can be the matter with a pod; a closed list. */
export type PodTrouble =
  | 'CrashLoop'
  | 'ImageNotPulled'
  | 'Unschedulable'
  | 'ContainerNotCreated'
  | 'Evicted'
  | 'OutOfMemory'
  | 'NotReady';

export interface PodInTrouble {
  readonly namespace: string;
  readonly name: string;
  readonly trouble: PodTrouble;
  readonly message: string;
}

export interface PodHealth {
  readonly total: number;
  /** How many are in trouble. */
  readonly failing: number;
  /** The first so many of them, by namespace and name. */
  readonly worst: readonly PodInTrouble[];
}

export interface PodTracker {
  /** Undefined until they could be looked at, and when that was too long ago. */
  pods(): PodHealth | undefined;
  /** Looks until the signal is aborted. */
  run(): Promise<void>;
}

const INTERVAL_MS = 45_000;
const PAGE = 250;
const TIMEOUT_MS = 60_000;
const MAX_WORST = 20;
/** After so many looks in vain what was seen last is too old to go by. */
const MISSES = 3;
/** A pod may take so long from its making to being ready. */
const PATIENCE_MS = 5 * 60_000;
/** So many crashes are no accident. */
const RESTARTS = 3;

export function trackPods(options: {
  readonly client: Pick<KubeClient, 'read'>;
  readonly log: Logger;
  readonly now: () => Date;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
  /** Milliseconds between looks; default 45 s. */
  readonly intervalMs?: number;
}): PodTracker {
  const { client, log, now, onChange, signal, intervalMs = INTERVAL_MS } = options;
  let pods: PodHealth | undefined;
  const look = async (limit: AbortSignal): Promise<PodHealth> => {
    let total = 0;
    let failing = 0;
    const worst: PodInTrouble[] = [];
    for (let next = ''; ;) {
      const query = new URLSearchParams({ limit: String(PAGE), fieldSelector: 'status.phase!=Succeeded' });
      if (next !== '') query.set('continue', next);
      const page = await client.read('/api/v1/pods', { query, signal: limit });
      for (const pod of itemsOf(page)) {
        total++;
        const trouble = troubleOf(pod, now());
        if (!trouble) continue;
        failing++;
        worst.push(trouble);
      }
      worst.sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1)).splice(MAX_WORST);
      const more = valueAt(page, 'metadata', 'continue');
      if (typeof more !== 'string' || more === '') return { total, failing, worst };
      next = more;
    }
  };
  return {
    pods: () => pods,
    run: async () => {
      for (let misses = 0; !signal.aborted;) {
        try {
          pods = await withLimit(TIMEOUT_MS, signal, look);
          misses = 0;
          onChange();
        } catch (error) {
          if (signal.aborted) return;
          misses++;
          if (misses === MISSES) {
            log.warn({ err: error }, 'pods cannot be looked at; whether they are well is not known');
            pods = undefined;
            onChange();
          }
        }
        await delay(intervalMs * (0.9 + Math.random() * 0.2), { signal }).catch(() => undefined);
      }
    },
  };
}

function itemsOf(page: unknown): readonly JsonMap[] {
  const items = valueAt(page, 'items');
  return Array.isArray(items) ? items.filter(isMap) : [];
}

const WAITING: Readonly<Record<string, PodTrouble>> = {
  CrashLoopBackOff: 'CrashLoop',
  ErrImagePull: 'ImageNotPulled',
  ImagePullBackOff: 'ImageNotPulled',
  InvalidImageName: 'ImageNotPulled',
  ErrImageNeverPull: 'ImageNotPulled',
  CreateContainerConfigError: 'ContainerNotCreated',
  CreateContainerError: 'ContainerNotCreated',
  RunContainerError: 'ContainerNotCreated',
};

/** What is the matter with a pod, if anything. One that is new, or about to go, is in no trouble yet. */
export function troubleOf(pod: JsonMap, now: Date): PodInTrouble | undefined {
  const metadata = mapAt(pod, 'metadata');
  const found = (trouble: PodTrouble, message: unknown): PodInTrouble => ({
    namespace: text(metadata['namespace']),
    name: text(metadata['name']),
    trouble,
    message: text(message).slice(0, 200),
  });
  if (metadata['deletionTimestamp'] !== undefined) return undefined;
  const status = mapAt(pod, 'status');
  if (status['phase'] === 'Failed') {
    // Pods of Jobs that failed are the Job's to tell.
    return status['reason'] === 'Evicted' ? found('Evicted', status['message']) : undefined;
  }
  for (const container of [...listOf(status['initContainerStatuses']), ...listOf(status['containerStatuses'])]) {
    const waiting = mapAt(container, 'state', 'waiting');
    const trouble = WAITING[text(waiting['reason'])];
    const last = mapAt(container, 'lastState', 'terminated');
    if (trouble === 'CrashLoop' && last['reason'] === 'OOMKilled')
      return found('OutOfMemory', `container ${text(container['name'])} was killed for its memory`);
    if (trouble) return found(trouble, `container ${text(container['name'])}: ${text(waiting['message'])}`);
    if (crashedLately(container, now))
      return found(
        last['reason'] === 'OOMKilled' ? 'OutOfMemory' : 'CrashLoop',
        `container ${text(container['name'])} was started ${String(container['restartCount'])} times anew`,
      );
  }
  const conditions = conditionsOf(pod);
  const condition = (type: string): JsonMap | undefined => conditions.find((one) => one['type'] === type);
  const age = now.getTime() - Date.parse(text(metadata['creationTimestamp']));
  if (!(age > PATIENCE_MS)) return undefined;
  const scheduled = condition('PodScheduled');
  if (scheduled?.['status'] === 'False') return found('Unschedulable', scheduled['message']);
  const ready = condition('Ready');
  const since = now.getTime() - Date.parse(text(ready?.['lastTransitionTime']));
  if (ready?.['status'] === 'False' && ready['reason'] !== 'PodCompleted' && since > PATIENCE_MS)
    return found('NotReady', ready['message']);
  return undefined;
}

/** Between two crashes a container runs for a while; it is well when it has run for longer than that. */
function crashedLately(container: JsonMap, now: Date): boolean {
  const restarts = container['restartCount'];
  const exitCode = valueAt(container, 'lastState', 'terminated', 'exitCode');
  const startedAt = Date.parse(text(valueAt(container, 'state', 'running', 'startedAt')));
  return (
    typeof restarts === 'number' &&
    restarts >= RESTARTS &&
    typeof exitCode === 'number' &&
    exitCode !== 0 &&
    now.getTime() - startedAt < PATIENCE_MS
  );
}

function listOf(value: unknown): readonly JsonMap[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
