/**
 * What the agent tells people: written as Kubernetes events, reported to the plane and to the local interface. The same
 * thing again is not told anew: it is counted.
 */
import { randomUUID } from 'node:crypto';

import { sha256 } from '#core/digest';
import { delay } from '#core/retry';
import type { EventRecorder } from '#kubernetes/event-recorder';
import type { EventReport } from '#protocol/report';

import type { AgentMetrics } from '../metrics.ts';
import { EVENT_SEVERITIES, type AgentEvent, type EventReason } from './reasons.ts';

/** An event as it stands now. */
export interface ToldEvent extends AgentEvent {
  /** The same for each telling of it. */
  readonly eventId: string;
  readonly severity: EventReport['severity'];
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface AgentEvents {
  /** Never throws and never waits. */
  emit(event: AgentEvent): void;
  /** Reports counts that were held back. */
  flush(): void;
  /** Does so from time to time until the signal is aborted. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface AgentEventsOptions {
  /** Writes Kubernetes events; absent where the agent may not. */
  readonly recorder?: Pick<EventRecorder, 'record'> | undefined;
  /** The agent's own namespace, to which events of the whole cluster belong. */
  readonly namespace: string;
  readonly report: (event: ToldEvent) => void;
  readonly metrics: Pick<AgentMetrics, 'events' | 'eventsDropped'>;
  readonly now: () => Date;
}

/** Events are remembered for so long after they happened last: happening later, they are new. */
const REMEMBERED_MS = 60 * 60_000;
const MAX_REMEMBERED = 512;
/** A count is reported after this at the earliest, then twice as long each time. */
const FIRST_PAUSE_MS = 15_000;
const MAX_PAUSE_MS = 10 * 60_000;
/** So many different things may be told at once, and one more each second. */
const BURST = 100;
/** So many errors besides: a storm of something else must not keep them from being told. */
const FOR_ERRORS = 20;
const REFILL_MS = 1_000;
const LOOK_MS = 5_000;
const MAX_MESSAGE = 1_024;

interface Known {
  event: ToldEvent;
  reportedAt: number;
  reportedCount: number;
  pauseMs: number;
}

export function createAgentEvents(options: AgentEventsOptions): AgentEvents {
  const { metrics, now } = options;
  const known = new Map<string, Known>();
  let tokens = BURST + FOR_ERRORS;
  let refilledAt = now().getTime();

  const takeToken = (at: number, severity: EventReport['severity']): boolean => {
    // A clock that was put back must not take tokens away.
    tokens = Math.min(BURST + FOR_ERRORS, tokens + Math.max(0, at - refilledAt) / REFILL_MS);
    refilledAt = at;
    if (tokens < (severity === 'error' ? 1 : FOR_ERRORS + 1)) return false;
    tokens--;
    return true;
  };
  const tell = (entry: Known, at: number): void => {
    entry.reportedAt = at;
    entry.reportedCount = entry.event.count;
    options.report(entry.event);
  };
  const emit = ({ reason, object, message: whole }: AgentEvent): void => {
    const at = now();
    const message = shorten(whole);
    const severity = EVENT_SEVERITIES[reason];
    metrics.events.inc({ severity, reason });
    const key = sha256(
      JSON.stringify([reason, message, object?.apiVersion, object?.kind, object?.namespace, object?.name]),
    );
    const before = known.get(key);
    if (before && at.getTime() - Date.parse(before.event.lastAt) < REMEMBERED_MS) {
      before.event = { ...before.event, count: before.event.count + 1, lastAt: at.toISOString() };
      known.delete(key);
      known.set(key, before);
      record(options, before.event);
      if (isOver(before, at.getTime())) {
        before.pauseMs = Math.min(MAX_PAUSE_MS, before.pauseMs * 2);
        tell(before, at.getTime());
      }
      return;
    }
    if (!takeToken(at.getTime(), severity)) {
      metrics.eventsDropped.inc();
      return;
    }
    const event: ToldEvent = {
      eventId: randomUUID(),
      reason,
      severity,
      message,
      ...(object === undefined ? {} : { object }),
      count: 1,
      firstAt: at.toISOString(),
      lastAt: at.toISOString(),
    };
    const entry: Known = { event, reportedAt: 0, reportedCount: 0, pauseMs: FIRST_PAUSE_MS };
    known.set(key, entry);
    dropOldest(known, MAX_REMEMBERED);
    record(options, event);
    tell(entry, at.getTime());
  };
  const report = (due: (entry: Known) => boolean): void => {
    for (const entry of known.values()) {
      if (entry.event.count > entry.reportedCount && due(entry)) {
        entry.pauseMs = Math.min(MAX_PAUSE_MS, entry.pauseMs * 2);
        tell(entry, now().getTime());
      }
    }
  };

  return {
    emit,
    flush: () => report(() => true),
    run: async ({ signal }) => {
      while (!signal.aborted) {
        await delay(LOOK_MS, { signal }).catch(() => undefined);
        report((entry) => isOver(entry, now().getTime()));
      }
    },
  };
}

/** Those that tell of a good state are many and of no use in `kubectl describe`: an object's own status says so. */
const NOT_IN_KUBERNETES: ReadonlySet<EventReason> = new Set(['NodeReady', 'NodeAdded', 'NodeRemoved']);

function record({ recorder, namespace }: AgentEventsOptions, { reason, severity, message, object }: ToldEvent): void {
  if (NOT_IN_KUBERNETES.has(reason)) return;
  const target = object ?? { apiVersion: 'v1', kind: 'Namespace', name: namespace };
  recorder?.record({
    object: {
      apiVersion: target.apiVersion,
      kind: target.kind,
      metadata: {
        name: target.name,
        ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      },
    },
    type: severity === 'info' ? 'Normal' : 'Warning',
    reason,
    message,
  });
}

/** Whether a count was held back for long enough; a clock that was put back holds none back. */
function isOver({ reportedAt, pauseMs }: Known, at: number): boolean {
  return at < reportedAt || at - reportedAt >= pauseMs;
}

function dropOldest(map: Map<string, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}

function shorten(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}
