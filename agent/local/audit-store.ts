/**
 * Keeps the newest lines of the audit log in Secrets of the agent's namespace, for agents whose folder goes with their pod.
 *
 * Segments are numbered; only the newest one is written, and the oldest goes when there are too many. Replicas write the
 * same segments. A killed agent loses what was noted within `delayMs` before its end; its own log has that too.
 */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { secretData, secretRef } from '#kubernetes/secret';

import { changeSecret } from './own-secret.ts';

export interface AuditStore {
  /** What is kept, the oldest first. Asked once, before anything is added. @throws KubeError */
  load(options: CallOptions): Promise<readonly string[]>;
  /** Takes a line without its end. Never waits, never throws. */
  add(line: string): void;
  /** Writes what was added. @throws KubeError */
  flush(options: CallOptions): Promise<void>;
  /** Does so from time to time until the signal is aborted. */
  run(options: CallOptions): Promise<void>;
}

export interface AuditStoreOptions {
  readonly client: Pick<KubeClient, 'get' | 'create' | 'replace' | 'delete' | 'list' | 'discovery'>;
  readonly namespace: string;
  readonly log: Logger;
  /** Default 2 s. */
  readonly delayMs?: number;
}

const PREFIX = 'palette-agent-local-audit-';
const LABEL = { name: 'palette-iac.dev/part', value: 'local-audit' };
const KEY = 'audit.log.gz';
/** Of text, which becomes a tenth of it. */
const SEGMENT_BYTES = 64 * 1024;
const MAX_SEGMENTS = 16;
/** Lines that wait while the API server is away. */
const MAX_WAITING = 1_000;
const DEFAULT_DELAY_MS = 2_000;
const AWAY = { baseMs: 1_000, maxMs: 30_000 };

export function createAuditStore({
  client,
  namespace,
  log,
  delayMs = DEFAULT_DELAY_MS,
}: AuditStoreOptions): AuditStore {
  let waiting: readonly string[] = [];
  let newest = 1;
  const nameOf = (number: number): string => `${PREFIX}${String(number).padStart(8, '0')}`;

  /** Adds lines to a segment as far as it has room; gives those for which it has none. */
  const append = async (number: number, lines: readonly string[], options: CallOptions): Promise<readonly string[]> => {
    let left: readonly string[] = [];
    await changeSecret(
      client,
      { namespace, name: nameOf(number), labels: { [LABEL.name]: LABEL.value } },
      async (data) => {
        const before = await linesIn(data.get(KEY), log);
        // A write whose answer was lost may have been done.
        const known = new Set(before);
        const fresh = lines.filter((line) => !known.has(line));
        let room = SEGMENT_BYTES - sizeOf(before);
        const fits = fresh.findIndex((line, at) => (room -= line.length + 1) < 0 && (at > 0 || before.length > 0));
        left = fits < 0 ? [] : fresh.slice(fits);
        if (left.length === fresh.length) return undefined;
        const all = [...before, ...fresh.slice(0, fresh.length - left.length)];
        return { [KEY]: await promisify(gzip)(all.join('\n')) };
      },
      options,
    );
    return left;
  };

  const flush = async (options: CallOptions): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      let left = lines;
      try {
        left = await append(newest, lines, options);
      } finally {
        // What came meanwhile follows.
        waiting = [...left, ...waiting].slice(-MAX_WAITING);
      }
      if (left.length === 0) continue;
      newest++;
      if (newest > MAX_SEGMENTS) await client.delete(secretRef(namespace, nameOf(newest - MAX_SEGMENTS)), options);
    }
  };

  return {
    load: async (options) => {
      const type = await client.discovery.resourceType({ apiVersion: 'v1', kind: 'Secret' }, options);
      if (!type) return [];
      const { items } = await client.list(type, {
        ...options,
        namespace,
        labelSelector: `${LABEL.name}=${LABEL.value}`,
      });
      const found = items.flatMap((secret) => {
        const number = Number(new RegExp(`^${PREFIX}(\\d{8})$`).exec(secret.metadata.name)?.[1]);
        return Number.isNaN(number) ? [] : [{ number, data: secretData(secret) }];
      });
      const lines: string[] = [];
      for (const { number, data } of found.toSorted((a, b) => a.number - b.number)) {
        lines.push(...(await linesIn(data.get(KEY), log)));
        newest = Math.max(newest, number);
      }
      return lines;
    },
    add: (line) => {
      waiting = [...waiting, line].slice(-MAX_WAITING);
    },
    flush,
    run: async ({ signal }) => {
      for (let failures = 0; !signal.aborted;) {
        await delay(failures > 0 ? backoffDelay(failures, AWAY) : delayMs, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        try {
          await flush({ signal });
          failures = 0;
        } catch (error) {
          if (signal.aborted) return;
          log.debug({ err: error, attempt: failures++ }, 'audit entries cannot be kept in the cluster now');
        }
      }
    },
  };
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** What somebody else wrote into it is left out. */
async function linesIn(content: Buffer | undefined, log: Logger): Promise<readonly string[]> {
  if (content === undefined) return [];
  try {
    const text = (await promisify(gunzip)(content, { maxOutputLength: 4 * SEGMENT_BYTES })).toString('utf8');
    return text.split('\n').filter((line) => line !== '');
  } catch (error) {
    log.warn({ err: error }, 'stored audit entries cannot be read and are left out');
    return [];
  }
}
