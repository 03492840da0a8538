/** The newest log lines, kept so that they can be looked at later: in memory, or on disk where there is a folder for it. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger, LogLevel } from '#core/log';

import { createRedactor } from './redact.ts';

type Level = Exclude<LogLevel, 'silent'>;

export interface LogRing {
  /** A logger that writes to the given one and into the ring. */
  tee(log: Logger): Logger;
  /** Lines of the last so many milliseconds, or all, oldest first, each a JSON object. By the clock that is in them. */
  lines(lastMs?: number): readonly string[];
  /** Lines that could not be kept, since the disk is full or gone. */
  readonly lost: number;
}

export interface LogRingOptions {
  /** Bytes that are kept in memory where there is no folder. Default 1 MiB. */
  readonly memoryBytes?: number;
  /** Keeps the lines in files of this folder, so that they outlive the process. */
  readonly dir?: string | undefined;
  /** Bytes of one file; so many files are kept. Default 2 MiB and 4. */
  readonly fileBytes?: number;
  readonly files?: number;
  /** Lines below this level are not kept. Default `info`. */
  readonly level?: Level;
  readonly now?: () => Date;
}

const ORDER: readonly Level[] = ['debug', 'info', 'warn', 'error'];
/** A longer line is cut off. */
const MAX_LINE = 16 * 1024;
const MAX_CAUSES = 5;

export function createLogRing({
  memoryBytes = 1024 * 1024,
  dir,
  fileBytes = 2 * 1024 * 1024,
  files = 4,
  level: least = 'info',
  now = () => new Date(),
}: LogRingOptions = {}): LogRing {
  const store = dir === undefined ? memoryStore(memoryBytes) : fileStore(dir, { fileBytes, files, memoryBytes });
  const redactor = createRedactor();
  const keep = (level: Level, bound: object, fields: object, message: string): void => {
    if (ORDER.indexOf(level) < ORDER.indexOf(least)) return;
    store.add(lineOf(redactor.json, { time: now().toISOString(), level }, { ...bound, ...fields }, message));
  };
  const tee = (log: Logger, bound: object): Logger => {
    const write =
      (level: Level) =>
      (fields: object, message: string): void => {
        log[level](fields, message);
        keep(level, bound, fields, message);
      };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => tee(log.child(fields), { ...bound, ...fields }),
    };
  };
  return {
    tee: (log) => tee(log, {}),
    lines: (lastMs) => {
      const from = lastMs === undefined ? '' : new Date(now().getTime() - lastMs).toISOString();
      // Each line begins with its time, in a form that sorts as text.
      return store.lines().filter((line) => line.slice(TIME_AT, TIME_AT + from.length) >= from);
    },
    get lost() {
      return store.lost();
    },
  };
}

const TIME_AT = '{"time":"'.length;

interface LineStore {
  add(line: string): void;
  lines(): readonly string[];
  lost(): number;
}

function memoryStore(maxBytes: number): LineStore {
  let lines: string[] = [];
  let bytes = 0;
  let first = 0;
  return {
    add: (line) => {
      lines.push(line);
      bytes += line.length;
      while (bytes > maxBytes && first < lines.length - 1) bytes -= lines[first++]?.length ?? 0;
      if (first > 1_000) {
        lines = lines.slice(first);
        first = 0;
      }
    },
    lines: () => lines.slice(first),
    lost: () => 0,
  };
}

/** `agent.log` is written to; `agent.1.log` is the one before it. A disk that is full never stops the agent. */
function fileStore(
  dir: string,
  {
    fileBytes,
    files,
    memoryBytes,
  }: { readonly fileBytes: number; readonly files: number; readonly memoryBytes: number },
): LineStore {
  const path = (age: number): string => join(dir, age === 0 ? 'agent.log' : `agent.${age}.log`);
  const memory = memoryStore(memoryBytes);
  let size: number | undefined;
  let lost = 0;
  const rotate = (): void => {
    rmSync(path(files - 1), { force: true });
    for (let age = files - 2; age >= 0; age--) if (existsSync(path(age))) renameSync(path(age), path(age + 1));
    size = 0;
  };
  return {
    add: (line) => {
      try {
        if (size === undefined) {
          mkdirSync(dir, { recursive: true, mode: 0o700 });
          size = existsSync(path(0)) ? statSync(path(0)).size : 0;
          // A process that was killed may have left half a line.
          if (size > 0) {
            appendFileSync(path(0), '\n', { mode: 0o600 });
            size++;
          }
        }
        if (size > fileBytes) rotate();
        const bytes = Buffer.from(`${line}\n`);
        appendFileSync(path(0), bytes, { mode: 0o600 });
        size += bytes.length;
      } catch {
        lost++;
        size = undefined;
        memory.add(line);
      }
    },
    lines: () => {
      const found: string[] = [];
      for (let age = files - 1; age >= 0; age--) {
        try {
          found.push(...readFileSync(path(age), 'utf8').split('\n').filter(isLine));
        } catch {
          // There is no such file, or none that can be read: what is there is shown.
        }
      }
      return lost === 0 ? found : [...found, ...memory.lines()].sort();
    },
    lost: () => lost,
  };
}

function isLine(text: string): boolean {
  return text.startsWith('{"time":"') && text.endsWith('}');
}

function lineOf(redact: (value: unknown) => unknown, head: object, fields: object, message: string): string {
  try {
    const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainOf(value)]));
    const line = JSON.stringify({ ...head, msg: message, ...Object(redact(plain)) });
    if (line.length <= MAX_LINE) return line;
  } catch {
    // Something that JSON has no form for.
  }
  return JSON.stringify({ ...head, msg: message, fields: 'too large to keep, or without a form in JSON' });
}

function plainOf(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error) && !(Object.prototype.toString.call(value) === '[object Error]')) return value;
  // Any error has these by the language.
  const { name, message, code, cause } = value as Error & { readonly code?: unknown };
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : { cause: plainOf(cause, depth + 1) }),
  };
}
