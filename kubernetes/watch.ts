/** List, then watch, for as long as it takes: a stream of what is and what changes. */
import { StringDecoder } from 'node:string_decoder';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import { withType, type KubeClient } from './client.ts';
import type { ResourceType } from './discovery.ts';
import { KubeError, kubeErrorFrom } from './error.ts';
import { isMap, mapAt, valueAt, type KubeObject } from './object.ts';

export type WatchEvent =
  /** Everything there is now; whatever the reader knew beyond it is gone. */
  | { readonly kind: 'synced'; readonly objects: readonly KubeObject[] }
  | { readonly kind: 'changed'; readonly object: KubeObject }
  | { readonly kind: 'deleted'; readonly object: KubeObject };

export interface WatchOptions {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Called each time that the API server refuses for want of a right; it is asked again all the same. */
  readonly onForbidden?: (error: KubeError) => void;
}

/** The API server ends a watch after this; a connection that died without a word is noticed then at the latest. */
const WATCH_SECONDS = 240;
/** A watch that ends within this without a word was no watch. */
const SHORT_MS = 1_000;
const SILENCE_MS = (WATCH_SECONDS + 20) * 1000;

/**
 * Events of one kind, without end until the signal is aborted: resumed where it broke off,
 * listed anew when the API server no longer knows that place.
 */
export async function* watchKind(
  client: KubeClient,
  type: ResourceType,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal, log } = options;
  let position: string | undefined;
  for (let failures = 0; !signal.aborted;) {
    let maxMs = 2_000;
    try {
      if (position === undefined) {
        const list = await client.list(type, options);
        position = list.resourceVersion;
        yield { kind: 'synced', objects: list.items };
      }
      const openedAt = performance.now();
      let isQuiet = true;
      for await (const line of openLines(client, type, position, options)) {
        failures = 0;
        isQuiet = false;
        const { event, resourceVersion } = readEvent(line, type);
        position = resourceVersion;
        if (event) yield event;
      }
      // A server that is about to go answers, and ends the answer at once.
      failures = isQuiet && performance.now() - openedAt < SHORT_MS ? failures + 1 : 0;
    } catch (error) {
      if (signal.aborted) return;
      // 410: the place to resume at is no longer kept.
      if (error instanceof KubeError && error.status === 410) position = undefined;
      else failures++;
      log.debug({ err: error, kind: type.kind }, 'watch broke off, resuming');
      if (error instanceof KubeError && error.status === 403) options.onForbidden?.(error);
      // A kind that is gone comes back with its definition only: no hurry.
      if (error instanceof KubeError && error.status === 404) maxMs = 10_000;
    }
    if (failures > 0) await delay(backoffDelay(failures - 1, { baseMs: 50, maxMs }), { signal }).catch(() => undefined);
  }
}

async function* openLines(
  client: KubeClient,
  type: ResourceType,
  position: string,
  options: WatchOptions,
): AsyncGenerator<string, void, undefined> {
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: position,
    timeoutSeconds: String(WATCH_SECONDS - Math.floor(Math.random() * 60)),
  });
  if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
  const { body } = await client.openWatch(type, query, options);
  const silence = setTimeout(() => body.destroy(new Error('the watch fell silent')), SILENCE_MS);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    // Without an encoding set, node gives buffers.
    const parts: AsyncIterable<Buffer> = body;
    for await (const part of parts) {
      silence.refresh();
      const lines = (rest + decoder.write(part)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield line;
    }
  } finally {
    clearTimeout(silence);
    body.destroy();
  }
}

/** Reads one event. @throws KubeError for an error event, for example 410 Gone. */
function readEvent(
  line: string,
  type: ResourceType,
): { readonly event?: WatchEvent; readonly resourceVersion: string } {
  const value: unknown = JSON.parse(line);
  const object = valueAt(value, 'object');
  const kind = valueAt(value, 'type');
  if (kind === 'ERROR')
    throw kubeErrorFrom(
      `watch ${type.kind}`,
      Number(valueAt(object, 'code') ?? 500),
      JSON.stringify(object),
      undefined,
    );
  const resourceVersion = mapAt(object, 'metadata')['resourceVersion'];
  if (!isMap(object) || typeof resourceVersion !== 'string') {
    throw new KubeError(`watch ${type.kind}: an event without an object`, { status: 500, reason: 'Malformed' });
  }
  switch (kind) {
    case 'ADDED':
    case 'MODIFIED':
      return { event: { kind: 'changed', object: withType(object, type) }, resourceVersion };
    case 'DELETED':
      return { event: { kind: 'deleted', object: withType(object, type) }, resourceVersion };
    default:
      // BOOKMARK, and whatever a later API server adds: only the place moves on.
      return { resourceVersion };
  }
}
