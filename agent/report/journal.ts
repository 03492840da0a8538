/**
 * Keeps reports that could not be sent in Secrets of the agent's namespace, so that they outlive the agent and its node.
 *
 * Segments are numbered and hold the reports of a stretch of time; only the newest one is written again, and a segment
 * goes once everything in it was sent. A killed agent loses what came within twice `delayMs` before its end, nothing else;
 * what was sent and not yet taken off is sent once more, and known to the plane by its id.
 */
import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { isTransient } from '#kubernetes/error';
import { refOf } from '#kubernetes/object';
import { secretData, secretRef, writeSecret } from '#kubernetes/secret';
import type { ClusterUid } from '#protocol/identifiers';
import { Report } from '#protocol/report';

import type { ReportQueue } from './queue.ts';

export interface ReportJournal {
  /** Puts what a former life left into the queue, once the API server gives it. @throws the signal's reason */
  restore(options: CallOptions): Promise<void>;
  /** Keeps what waits now, and forgets what does not any more. @throws KubeError */
  flush(options: CallOptions): Promise<void>;
  /** Does so from time to time until the signal is aborted. */
  run(options: CallOptions): Promise<void>;
  /** Removes everything, and keeps nothing more. @throws KubeError */
  remove(options: CallOptions): Promise<void>;
}

export interface ReportJournalOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly clusterUid: ClusterUid;
  readonly queue: ReportQueue;
  readonly log: Logger;
  /** A report that is sent within this time is not written. Default 2 s. */
  readonly delayMs?: number;
}

interface Segment {
  readonly number: number;
  readonly ids: readonly string[];
}

const PREFIX = 'palette-agent-reports-';
const LABEL = { 'palette-iac.dev/part': 'report-queue' };
const KEY = 'reports.ndjson.gz';
/** A Secret holds 1 MiB; reports become a tenth of their size. */
const SEGMENT_REPORTS = 500;
const SEGMENT_BYTES = 2 * 1024 * 1024;
/** Segments that are mostly sent are written together when there are more than this. */
const MAX_SEGMENTS = 64;
const MAX_UNPACKED = 32 * 1024 * 1024;
const DEFAULT_DELAY_MS = 2_000;
const AWAY = { baseMs: 1_000, maxMs: 30_000 };

export function createReportJournal({
  client,
  namespace,
  clusterUid,
  queue,
  log,
  delayMs = DEFAULT_DELAY_MS,
}: ReportJournalOptions): ReportJournal {
  let segments: Segment[] = [];
  let position = 0;
  let nextNumber = 1;
  let isRemoved = false;

  const nameOf = (number: number): string => `${PREFIX}${String(number).padStart(8, '0')}`;
  const write = async (segment: Segment, reports: readonly Report[], options: CallOptions): Promise<void> => {
    const data = await promisify(gzip)(reports.map((report) => JSON.stringify(report)).join('\n'));
    await writeSecret(
      client,
      { namespace, name: nameOf(segment.number), labels: LABEL, data: { [KEY]: data } },
      options,
    );
  };
  const drop = async (gone: readonly Segment[], options: CallOptions): Promise<void> => {
    for (const { number } of gone) {
      await client.delete(secretRef(namespace, nameOf(number)), options);
      segments = segments.filter((segment) => segment.number !== number);
    }
  };
  /** Writes reports into new segments, after those that are there. */
  const append = async (reports: readonly Report[], options: CallOptions): Promise<void> => {
    for (const part of split(reports)) {
      const segment = { number: nextNumber, ids: part.map(({ id }) => id) };
      await write(segment, part, options);
      nextNumber++;
      segments = [...segments, segment];
    }
  };

  /** Keeps what came before a position. */
  const keep = async (before: number, options: CallOptions): Promise<void> => {
    if (isRemoved) return;
    await drop(
      segments.filter(({ ids }) => !ids.some((id) => queue.has(id))),
      options,
    );
    const fresh = queue.between(position, before);
    if (segments.length >= MAX_SEGMENTS) {
      const former = segments;
      await append(queue.between(0, before), options);
      position = before;
      await drop(former, options);
      return;
    }
    if (fresh.length === 0) {
      position = before;
      return;
    }
    // The newest segment takes more in as long as there is room.
    const last = segments.at(-1);
    const known = new Set(last?.ids);
    const kept = last === undefined ? [] : queue.between(0, position).filter(({ id }) => known.has(id));
    const reports = [...kept, ...fresh];
    if (last !== undefined && reports.length <= SEGMENT_REPORTS && fits(reports)) {
      const segment = { number: last.number, ids: reports.map(({ id }) => id) };
      await write(segment, reports, options);
      segments = [...segments.slice(0, -1), segment];
    } else {
      await append(fresh, options);
    }
    position = before;
  };

  const stored = async (options: CallOptions) => {
    const type = await client.discovery.resourceType({ apiVersion: 'v1', kind: 'Secret' }, options);
    if (!type) return [];
    const [name, value] = Object.entries(LABEL)[0] ?? [];
    const { items } = await client.list(type, { ...options, namespace, labelSelector: `${name}=${value}` });
    return items.filter(({ metadata }) => metadata.name.startsWith(PREFIX));
  };

  const restore = async (options: CallOptions): Promise<void> => {
    const found = (await stored(options)).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    for (const secret of found) {
      const number = Number(secret.metadata.name.slice(PREFIX.length));
      const reports = await readSegment(secretData(secret).get(KEY)).catch((error: unknown) => {
        log.warn({ err: error, secret: secret.metadata.name }, 'stored reports cannot be read and are left out');
        return [];
      });
      const own = reports.filter((report) => report.clusterUid === clusterUid);
      for (const report of own) if (!queue.has(report.id)) queue.add(report);
      segments = [...segments.filter((segment) => segment.number !== number), { number, ids: own.map(({ id }) => id) }];
      nextNumber = Math.max(nextNumber, number + 1);
    }
    position = queue.position;
    if (queue.length > 0) log.info({ reports: queue.length }, 'reports of a former life wait to be sent');
  };

  return {
    restore: async ({ signal }) => {
      for (let attempt = 0; ; attempt++) {
        try {
          await restore({ signal });
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (!isTransient(error)) {
            log.error({ err: error }, 'reports of a former life cannot be read');
            return;
          }
          log.warn({ err: error, attempt }, 'reports of a former life cannot be read now, trying again');
          await delay(backoffDelay(attempt, AWAY), { signal });
        }
      }
    },
    flush: async (options) => keep(queue.position, options),
    run: async ({ signal }) => {
      let before = queue.position;
      for (let failures = 0; !signal.aborted;) {
        await delay(failures > 0 ? backoffDelay(failures, AWAY) : delayMs, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        try {
          // What came since the last look may be sent by the next.
          await keep(before, { signal });
          before = queue.position;
          failures = 0;
        } catch (error) {
          if (signal.aborted) return;
          // Said once: an API server that is away, or whose disk is full, stays so for a while.
          log[failures === 0 ? 'warn' : 'debug'](
            { err: error },
            'reports that wait cannot be kept now: a kill would lose them',
          );
          failures++;
        }
      }
    },
    remove: async (options) => {
      isRemoved = true;
      for (const secret of await stored(options)) await client.delete(refOf(secret), options);
    },
  };
}

function fits(reports: readonly Report[]): boolean {
  return reports.reduce((sum, report) => sum + JSON.stringify(report).length, 0) <= SEGMENT_BYTES;
}

function split(reports: readonly Report[]): Report[][] {
  const parts: Report[][] = [];
  let bytes = 0;
  for (const report of reports) {
    const size = JSON.stringify(report).length;
    const last = parts.at(-1);
    if (last && last.length < SEGMENT_REPORTS && bytes + size <= SEGMENT_BYTES) {
      last.push(report);
      bytes += size;
    } else {
      parts.push([report]);
      bytes = size;
    }
  }
  return parts;
}

/** Reports of another version of the agent that this one does not know are left out. @throws Error for what is damaged */
async function readSegment(bytes: Buffer | undefined): Promise<readonly Report[]> {
  if (bytes === undefined) throw new Error(`it has no ${KEY}`);
  const text = (await promisify(gunzip)(bytes, { maxOutputLength: MAX_UNPACKED })).toString('utf8');
  return text.split('\n').flatMap((line) => {
    const parsed = Report.safeParse(line === '' ? undefined : JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  });
}
