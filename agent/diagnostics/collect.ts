/** The diagnostics bundle: what people need to find out why an agent does not do what they expect, and no secret. */
import { hostname, release } from 'node:os';

import { sha256 } from '#core/digest';
import { writeArchive } from '#packs/archive/write-archive';

import { AGENT_VERSION } from '../version.ts';
import type { LogRing } from './log-ring.ts';
import { createRedactor } from './redact.ts';

/** A part by its file name; text is kept as it is, anything else as JSON. May throw: the others are collected all the same. */
export type DiagnosticsParts = Readonly<Record<string, (options: { readonly signal: AbortSignal }) => unknown>>;

export interface DiagnosticsSources {
  readonly parts: DiagnosticsParts;
  readonly logs: Pick<LogRing, 'lines' | 'lost'>;
  /** Secrets that the agent knows now; they are taken out wherever they stand. */
  readonly secrets: () => Iterable<string>;
  /** The plane's time, as far as it is known. */
  readonly now: () => Date;
}

export interface DiagnosticsBundle {
  /** A name for the file, for example `diagnostics-20260102T030405Z.tgz`. */
  readonly name: string;
  readonly contentType: 'application/gzip';
  readonly bytes: Uint8Array;
  readonly files: readonly string[];
}

const PART_TIMEOUT_MS = 20_000;
/** Of one file; logs give their newest lines. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * Collects everything into one archive. What cannot be had is named in `manifest.json` and does not keep the rest back.
 *
 * @throws the signal's reason
 */
export async function collectDiagnostics(
  { parts, logs, secrets, now }: DiagnosticsSources,
  { sinceHours, signal }: { readonly sinceHours: number; readonly signal: AbortSignal },
): Promise<DiagnosticsBundle> {
  const at = now();
  const redactor = createRedactor(secrets());
  const files = new Map<string, Uint8Array>();
  const missing: { readonly file: string; readonly reason: string }[] = [];
  const add = (file: string, content: string): void => {
    files.set(file, bounded(content));
  };
  for (const [file, part] of Object.entries(parts)) {
    try {
      const content = await inTime(async (how) => part({ signal: how }), signal);
      add(
        file,
        typeof content === 'string'
          ? redactor.text(content)
          : `${JSON.stringify(redactor.json(content) ?? null, undefined, 2)}\n`,
      );
    } catch (error) {
      signal.throwIfAborted();
      missing.push({ file, reason: redactor.text(error instanceof Error ? error.message : String(error)) });
    }
  }
  const lines = logs.lines(sinceHours * 3_600_000).map((line) => redactor.text(line));
  add('logs/agent.ndjson', lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  const manifest = {
    collectedAt: at.toISOString(),
    // The time in log lines; where it differs, the node's clock is wrong.
    nodeTime: new Date().toISOString(),
    agentVersion: AGENT_VERSION,
    node: process.version,
    platform: `${process.platform} ${process.arch} ${release()}`,
    host: hostname(),
    uptimeSeconds: Math.round(process.uptime()),
    memory: process.memoryUsage(),
    logHours: sinceHours,
    logLinesLost: logs.lost,
    files: Object.fromEntries(
      [...files].map(([file, bytes]) => [file, { bytes: bytes.length, digest: sha256(bytes) }]),
    ),
    missing,
  };
  add('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
  return {
    name: `diagnostics-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.tgz`,
    contentType: 'application/gzip',
    bytes: writeArchive(files),
    files: [...files.keys()].sort(),
  };
}

/** The end of what is too long: what happened last tells most. */
function bounded(content: string): Uint8Array {
  const bytes = Buffer.from(content);
  if (bytes.length <= MAX_FILE_BYTES) return bytes;
  const from = bytes.indexOf(0x0a, bytes.length - MAX_FILE_BYTES);
  return bytes.subarray(from === -1 ? bytes.length - MAX_FILE_BYTES : from + 1);
}

/** A part that hangs, as one that asks an API server which is away may, is given up. */
async function inTime<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  const late = AbortSignal.timeout(PART_TIMEOUT_MS);
  const either = AbortSignal.any([signal, late]);
  return new Promise<T>((resolve, reject) => {
    either.addEventListener(
      'abort',
      () => reject(late.aborted ? new Error(`not had within ${PART_TIMEOUT_MS / 1000} s`) : either.reason),
      { once: true },
    );
    work(either).then(resolve, reject);
  });
}
