/** Events on objects, for `kubectl describe`: written behind the caller's back, counted when they repeat. */
import { sha256 } from '#core/digest';
import type { Logger } from '#core/log';

import type { KubeClient } from './client.ts';
import { isNotFound } from './error.ts';
import type { KubeObject, ObjectRef } from './object.ts';

export interface RecordedEvent {
  readonly object: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface EventRecorder {
  /** Never throws and never waits: an event is a hint. */
  record(event: RecordedEvent): void;
  /** Waits until what was recorded is written, or the signal is aborted. */
  flush(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Events that were dropped: too many of one object, or the API server did not take them. */
  readonly dropped: number;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** Who reports: the controller's name. */
  readonly component: string;
  /** Ends the writing. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Different events that wait to be written. */
const MAX_WAITING = 1_000;
/** Events that are remembered, to be counted when they come again, and objects whose limits are: as many as client-go does. */
const MAX_KNOWN = 4_096;
/** One object may have so many events at once, and one more every five minutes: the limits of client-go. */
const BURST = 25;
const REFILL_MS = 5 * 60_000;
/** The API server refuses longer ones. */
const MAX_MESSAGE = 1_024;

interface Known {
  readonly ref: ObjectRef;
  readonly count: number;
}

interface Waiting {
  readonly event: RecordedEvent;
  readonly times: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, component, signal, log, now = Date.now } = options;
  const waiting = new Map<string, Waiting>();
  const known = new Map<string, Known>();
  const limits = createLimits(now);
  let writing: Promise<void> | undefined;
  let dropped = 0;

  const record = (event: RecordedEvent): void => {
    if (signal.aborted) return;
    const { object, type, reason } = event;
    const message = shorten(event.message);
    const key = sha256(JSON.stringify([object.metadata.uid ?? object.metadata.name, type, reason, message]));
    const at = new Date(now()).toISOString();
    const before = waiting.get(key);
    if (!before && (waiting.size >= MAX_WAITING || !limits.take(object.metadata.uid ?? object.metadata.name))) {
      dropped++;
      return;
    }
    const firstAt = before?.firstAt ?? at;
    // The object itself may be large; its name is enough until the event is written.
    const lean = { object: nameOnly(object), type, reason, message };
    waiting.set(key, { event: lean, times: (before?.times ?? 0) + 1, firstAt, lastAt: at });
    write();
  };
  const write = (): void => {
    writing ??= drain().finally(() => {
      writing = undefined;
      // Recorded just after the last look at what waits.
      if (waiting.size > 0 && !signal.aborted) write();
    });
  };
  const drain = async (): Promise<void> => {
    // Let what is recorded together be counted together.
    await Promise.resolve();
    for (const [key, next] of waiting) {
      if (signal.aborted) return;
      waiting.delete(key);
      try {
        remember(known, key, await send(client, component, next, known.get(key), { signal }));
      } catch (error) {
        dropped += next.times;
        if (!signal.aborted) log.debug({ err: error, reason: next.event.reason }, 'an event could not be written');
      }
    }
  };
  return {
    record,
    flush: async ({ signal: limit }) => {
      while (writing !== undefined && !limit.aborted) {
        await Promise.race([
          writing,
          new Promise((resolve) => limit.addEventListener('abort', resolve, { once: true })),
        ]);
      }
    },
    get dropped() {
      return dropped;
    },
  };
}

async function send(
  client: KubeClient,
  component: string,
  { event, times, firstAt, lastAt }: Waiting,
  before: Known | undefined,
  options: { readonly signal: AbortSignal },
): Promise<Known> {
  if (before) {
    const count = before.count + times;
    try {
      await client.mergePatch(before.ref, { count, lastTimestamp: lastAt }, options);
      return { ref: before.ref, count };
    } catch (error) {
      // Events live for an hour.
      if (!isNotFound(error)) throw error;
    }
  }
  const { metadata, apiVersion, kind } = event.object;
  const namespace = metadata.namespace ?? 'default';
  const made = await client.create(
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: `${metadata.name.slice(0, 200)}.`, namespace },
      involvedObject: {
        apiVersion,
        kind,
        name: metadata.name,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
        ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
        ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
      },
      type: event.type,
      reason: event.reason,
      message: event.message,
      count: times,
      firstTimestamp: firstAt,
      lastTimestamp: lastAt,
      source: { component },
      reportingComponent: component,
      reportingInstance: component,
    },
    options,
  );
  return { ref: { apiVersion: 'v1', kind: 'Event', namespace, name: made.metadata.name }, count: times };
}

/** Keeps the newest. */
function remember(known: Map<string, Known>, key: string, value: Known): void {
  known.delete(key);
  known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
}

function nameOnly({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}

function shorten(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}

interface Limits {
  take(objectUid: string): boolean;
}

/** A bucket for each object that had events lately. */
function createLimits(now: () => number): Limits {
  const buckets = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    take: (uid) => {
      const known = buckets.get(uid) ?? { left: BURST, at: now() };
      const left = Math.min(BURST, known.left + (now() - known.at) / REFILL_MS);
      buckets.delete(uid);
      buckets.set(uid, { left: left >= 1 ? left - 1 : left, at: now() });
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_KNOWN && oldest !== undefined) buckets.delete(oldest);
      return left >= 1;
    },
  };
}
