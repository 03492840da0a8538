/**
 * Who did what at the cluster: lines as RFC 5424 has them, with JSON as the message, in files that are rotated and kept for
 * a year as far as their bound allows. Read from the end, in pages.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { z } from 'zod';

import type { Logger } from '#core/log';
import type { CallOptions } from '#kubernetes/client';

import type { AuditStore } from './audit-store.ts';
import type { LocalConfig } from './config.ts';

export const AUDIT_ACTION_TYPES = ['create', 'update', 'delete', 'activity', 'action'] as const;

const AuditMessage = z.object({
  id: z.string(),
  edgeHostId: z.string(),
  actor: z.string(),
  actorType: z.enum(['user', 'anonymous', 'agent']),
  action: z.string(),
  actionType: z.enum(AUDIT_ACTION_TYPES),
  resourceKind: z.string(),
  resourceId: z.string(),
  resourceName: z.string(),
  contentMsg: z.string(),
});

export type AuditEntry = z.infer<typeof AuditMessage> & { readonly at: string };
export type AuditNews = Omit<AuditEntry, 'at' | 'id' | 'edgeHostId'>;

export interface AuditQuery {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly actor?: string | undefined;
  readonly resourceKind?: string | undefined;
  readonly actionType?: string | undefined;
  readonly limit: number;
  readonly continue?: string | undefined;
}

export interface AuditLog {
  /** Brings back what was kept of a former life, where the folder is empty and can be written. @throws KubeError */
  begin(options: CallOptions): Promise<void>;
  /** Never throws: what cannot be written stands in the agent's own log. */
  note(news: AuditNews): void;
  /** The newest first. */
  query(query: AuditQuery): Promise<{ readonly items: readonly AuditEntry[]; readonly continue?: string }>;
  /** The lines as they are written, the oldest first. */
  download(): Promise<Readable>;
  /** Values that occur among the newest entries. */
  filters(): Promise<{ readonly users: readonly string[]; readonly resourceKinds: readonly string[] }>;
  /** Waits until what was noted is written. */
  flush(): Promise<void>;
}

const CURRENT = 'audit.log';
const ROTATED = /^audit-(\d{8}T\d{9}Z)-[0-9a-f]{8}\.log$/;
const CONTINUE = /^(audit(?:-\d{8}T\d{9}Z-[0-9a-f]{8})?\.log):(\d{1,15})$/;
/** Facility 13 (log audit), severity 6 (informational). */
const PRIORITY = 13 * 8 + 6;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_TEXT = 512;
/** Bytes that one page may cost to find; a query that matches little goes on in the next one. */
const MAX_SCAN = 16 * 1024 * 1024;
const FILTER_ENTRIES = 1_000;

export function createAuditLog(options: {
  readonly dir: string;
  readonly settings: Pick<LocalConfig['audit'], 'rotateBytes' | 'keepDays' | 'keepFiles'>;
  /** Names the host in each entry. */
  readonly hostId: () => string;
  /** Where the newest lines are kept besides, when the folder does not outlive the agent. */
  readonly kept?: Pick<AuditStore, 'load' | 'add'> | undefined;
  readonly log: Logger;
  readonly now: () => Date;
}): AuditLog {
  const { dir, settings, log, now } = options;
  const current = join(dir, CURRENT);
  let writing: Promise<void> = Promise.resolve();
  let size: number | undefined;
  const mayNote = createFloodGate(now);

  const write = async (line: string): Promise<void> => {
    if (size === undefined) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await removeOld(dir, settings, now());
      size = await endLine(current);
    }
    if (size > 0 && size + line.length > settings.rotateBytes) {
      await rename(
        current,
        join(dir, `audit-${now().toISOString().replaceAll(/[-:.]/g, '')}-${randomUUID().slice(0, 8)}.log`),
      );
      size = 0;
      await removeOld(dir, settings, now());
    }
    await appendFile(current, line, { mode: 0o600 });
    size += line.length;
  };

  /** Files, the newest first. */
  const files = async (): Promise<readonly string[]> => {
    const names: readonly string[] = await readdir(dir).catch(() => []);
    const rotated = names
      .filter((name) => ROTATED.test(name))
      .toSorted()
      .toReversed();
    return names.includes(CURRENT) ? [CURRENT, ...rotated] : rotated;
  };

  const query: AuditLog['query'] = async (asked) => {
    await writing;
    const found: AuditEntry[] = [];
    const [, startFile, startAt] = CONTINUE.exec(asked.continue ?? '') ?? [];
    let scanned = 0;
    let skipping = startFile !== undefined;
    for (const name of await files()) {
      if (skipping && name !== startFile) continue;
      const before = skipping ? Number(startAt) : undefined;
      skipping = false;
      for await (const { text, offset } of linesBackwards(join(dir, name), before)) {
        scanned += text.length + 1;
        const entry = parseLine(text);
        if (entry && asked.from && new Date(entry.at) < asked.from) return { items: found };
        if (entry && matches(entry, asked)) found.push(entry);
        if (found.length >= asked.limit || scanned > MAX_SCAN) return { items: found, continue: `${name}:${offset}` };
      }
    }
    return { items: found };
  };

  return {
    begin: async (how) => {
      if (!options.kept) return;
      const lines = await options.kept.load(how);
      if (lines.length === 0 || (await files()).length > 0) return;
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        await writeFile(current, `${lines.join('\n')}\n`, { mode: 0o600 });
      } catch (error) {
        // What is kept stays in the cluster. Half of it here would pass for all of it at the next start.
        await rm(current, { force: true }).catch(() => undefined);
        log.error({ err: error }, 'audit entries of before cannot be written to their file');
      }
    },
    note: (given) => {
      const news = mayNote(given);
      if (!news) return;
      const entry = { id: randomUUID(), edgeHostId: options.hostId(), ...bounded(news) };
      log.info({ audit: entry }, 'audit');
      const line = formatLine(entry, now());
      options.kept?.add(line);
      writing = writing
        .then(async () => write(`${line}\n`))
        .catch((error: unknown) => {
          size = undefined;
          log.error({ err: error, audit: entry.id }, 'audit entry cannot be written to its file');
        });
    },
    query,
    download: async () => {
      await writing;
      const names = (await files()).toReversed();
      const all = async function* (): AsyncGenerator<Buffer, void, undefined> {
        for (const name of names) {
          // Without an encoding it yields buffers only; a file that was removed meanwhile is one less.
          const chunks: AsyncIterable<Buffer> = createReadStream(join(dir, name));
          try {
            yield* chunks;
          } catch (error) {
            log.debug({ err: error, file: name }, 'audit file cannot be read');
          }
        }
      };
      return Readable.from(all(), { objectMode: false });
    },
    filters: async () => {
      const { items } = await query({ limit: FILTER_ENTRIES });
      const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
      return {
        users: distinct(items.map(({ actor }) => actor)),
        resourceKinds: distinct(items.map(({ resourceKind }) => resourceKind)),
      };
    },
    flush: async () => writing,
  };
}

/** One line. JSON holds no raw line break, and beyond ASCII only escapes: a reader need not know the encoding. */
function formatLine(message: z.infer<typeof AuditMessage>, at: Date): string {
  const json = JSON.stringify(message).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const host =
    hostname()
      .replaceAll(/[^\u0021-\u007e]/g, '')
      .slice(0, 255) || '-';
  return `<${PRIORITY}>1 ${at.toISOString()} ${host} palette-agent ${process.pid} audit - ${json}`;
}

/** Entries about people who are not signed in: so many at once, then one a minute. */
const FLOOD_BURST = 60;
const FLOOD_REFILL_MS = 60_000;

/** Lets nobody who is not signed in wash out what others did: what is left out is counted in the next such entry. */
function createFloodGate(now: () => Date): (news: AuditNews) => AuditNews | undefined {
  let tokens = FLOOD_BURST;
  let refilledAt = now().getTime();
  let leftOut = 0;
  return (news) => {
    if (news.actorType !== 'anonymous') return news;
    const at = now().getTime();
    // A clock that was put back must not take tokens away.
    tokens = Math.min(FLOOD_BURST, tokens + Math.max(0, at - refilledAt) / FLOOD_REFILL_MS);
    refilledAt = at;
    if (tokens < 1) {
      leftOut++;
      return undefined;
    }
    tokens--;
    const more = leftOut;
    leftOut = 0;
    return more === 0 ? news : { ...news, contentMsg: `${news.contentMsg}; ${more} more like it are not listed` };
  };
}

function parseLine(line: string): AuditEntry | undefined {
  const [, at, json] = /^<\d+>1 (\S+) \S+ \S+ \S+ \S+ - (.*)$/.exec(line) ?? [];
  if (at === undefined || json === undefined) return undefined;
  try {
    const parsed = AuditMessage.safeParse(JSON.parse(json));
    return parsed.success ? { at, ...parsed.data } : undefined;
  } catch {
    return undefined;
  }
}

function matches(entry: AuditEntry, { to, actor, resourceKind, actionType }: AuditQuery): boolean {
  return (
    (to === undefined || new Date(entry.at) <= to) &&
    (actor === undefined || entry.actor === actor) &&
    (resourceKind === undefined || entry.resourceKind === resourceKind) &&
    (actionType === undefined || entry.actionType === actionType)
  );
}

function bounded(news: AuditNews): AuditNews {
  const short = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
  return {
    ...news,
    actor: short(news.actor),
    resourceId: short(news.resourceId),
    resourceName: short(news.resourceName),
    contentMsg: short(news.contentMsg),
  };
}

/** Ends a line that a killed process, or a full disk, left half written. Gives the size of the file; 0 where there is none. */
async function endLine(file: string): Promise<number> {
  const handle = await open(file, 'r+').catch(() => undefined);
  if (!handle) return 0;
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size === 0) return 0;
    await handle.read(last, 0, 1, size - 1);
    if (last[0] === 0x0a) return size;
    await handle.write('\n', size);
    return size + 1;
  } finally {
    await handle.close();
  }
}

async function removeOld(
  dir: string,
  { keepDays, keepFiles }: Pick<LocalConfig['audit'], 'keepDays' | 'keepFiles'>,
  now: Date,
): Promise<void> {
  const rotated = (await readdir(dir))
    .filter((name) => ROTATED.test(name))
    .toSorted()
    .toReversed();
  const oldest = new Date(now.getTime() - keepDays * DAY_MS).toISOString().replaceAll(/[-:.]/g, '');
  for (const [at, name] of rotated.entries()) {
    const rotatedAt = ROTATED.exec(name)?.[1] ?? '';
    if (at >= keepFiles - 1 || rotatedAt < oldest) await rm(join(dir, name), { force: true });
  }
}

const CHUNK = 64 * 1024;
/** A line of ours is shorter by far; what is not is skipped. */
const MAX_LINE = 16 * 1024;

/** Lines of a file from its end, with the offset at which each begins. A file that is gone has none. */
async function* linesBackwards(
  file: string,
  before?: number,
): AsyncGenerator<{ readonly text: string; readonly offset: number }, void, undefined> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return;
  try {
    let position = Math.min(before ?? Number.POSITIVE_INFINITY, (await handle.stat()).size);
    let rest: Buffer = Buffer.alloc(0);
    while (position > 0) {
      const length = Math.min(CHUNK, position);
      position -= length;
      const chunk = Buffer.alloc(length);
      await handle.read(chunk, 0, length, position);
      let text: Buffer = Buffer.concat([chunk, rest]);
      for (let end = text.lastIndexOf(0x0a); end >= 0; end = text.lastIndexOf(0x0a)) {
        const line = text.subarray(end + 1);
        if (line.length > 0) yield { text: line.toString('utf8'), offset: position + end + 1 };
        text = text.subarray(0, end);
      }
      rest = text.length > MAX_LINE ? Buffer.alloc(0) : text;
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), offset: 0 };
  } finally {
    await handle.close();
  }
}
