/** What runs send to the plane that is large: kept in files until the plane has it, so that no run waits for the plane. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';

import { isPlaneAway } from '../channel/rest.ts';
import { createWake } from '../wake.ts';
import type { Artifact } from './action.ts';

export interface Outbox {
  /** Keeps it until it is sent. @throws Error when it is too large or the disk is full */
  put(runId: string, artifact: Artifact): Promise<void>;
  /** Sends what there is until the signal is aborted. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface OutboxOptions {
  readonly dir: string;
  readonly send: (runId: string, artifact: Artifact, options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Bytes that may wait in all. Default 256 MiB; the oldest goes first then. */
  readonly maxBytes?: number;
  readonly log: Logger;
}

const Label = z.object({ runId: z.uuid(), name: z.string(), contentType: z.string() });
/** What the plane takes. */
const MAX_ARTIFACT_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
/** A plane that knows nothing of the run yet may be told of it soon; one that refuses for other reasons goes on doing so. */
const REFUSALS = 12;
const AWAY = { baseMs: 1_000, maxMs: 60_000 };

export function createOutbox({ dir, send, maxBytes = DEFAULT_MAX_BYTES, log }: OutboxOptions): Outbox {
  const wake = createWake();
  const refusals = new Map<string, number>();
  let count = 0;

  let swept: Promise<void> | undefined;

  /** Once in a life, before anything else: what a former one was killed over has no label, and would never go. */
  const sweep = async (): Promise<void> => {
    const names = new Set(await readdir(dir).catch(() => []));
    for (const name of names) {
      const label = name.replace(/\.content$/, '.label');
      const whole = label.endsWith('.label') && names.has(label);
      if (!whole) await rm(join(dir, name), { force: true });
    }
  };
  const waiting = async (): Promise<readonly string[]> =>
    (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.label')).sort();
  const drop = async (label: string): Promise<void> => {
    refusals.delete(label);
    // The label goes first: without it there is nothing to send.
    await rm(join(dir, label), { force: true });
    await rm(join(dir, contentOf(label)), { force: true });
  };
  const makeRoom = async (bytes: number): Promise<void> => {
    const labels = await waiting();
    const sizes = await Promise.all(
      labels.map(async (label) => (await stat(join(dir, contentOf(label))).catch(() => ({ size: 0 }))).size),
    );
    let total = sizes.reduce((sum, size) => sum + size, bytes);
    for (const [at, label] of labels.entries()) {
      if (total <= maxBytes) return;
      log.warn({ label }, 'what a run brought is dropped unsent: too much waits for the plane');
      await drop(label);
      total -= sizes[at] ?? 0;
    }
  };
  /** @returns whether to go on with the next */
  const sendOne = async (label: string, how: { readonly signal: AbortSignal }): Promise<boolean> => {
    let artifact: Artifact & { readonly runId: string };
    try {
      const { runId, name, contentType } = Label.parse(JSON.parse(await readFile(join(dir, label), 'utf8')));
      artifact = { runId, name, contentType, bytes: await readFile(join(dir, contentOf(label))) };
    } catch (error) {
      log.warn({ err: error, label }, 'what a run brought cannot be read and is dropped');
      await drop(label);
      return true;
    }
    try {
      await send(artifact.runId, artifact, how);
      await drop(label);
    } catch (error) {
      if (how.signal.aborted || isPlaneAway(error)) return false;
      const refused = (refusals.get(label) ?? 0) + 1;
      refusals.set(label, refused);
      log.warn(
        { err: error, runId: artifact.runId, name: artifact.name },
        'the plane does not take what a run brought',
      );
      if (refused < REFUSALS) return false;
      await drop(label);
    }
    return true;
  };

  return {
    put: async (runId, { name, contentType, bytes }) => {
      if (bytes.length > MAX_ARTIFACT_BYTES)
        throw new Error(`${name} has ${bytes.length} bytes; the plane takes ${MAX_ARTIFACT_BYTES} at most`);
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await (swept ??= sweep());
      await makeRoom(bytes.length);
      const label = `${String(Date.now()).padStart(15, '0')}-${String(count++).padStart(6, '0')}-${runId}.label`;
      await writeFile(join(dir, contentOf(label)), bytes, { mode: 0o600 });
      await writeFile(join(dir, `${label}.new`), JSON.stringify({ runId, name, contentType }), { mode: 0o600 });
      await rename(join(dir, `${label}.new`), join(dir, label));
      wake.notify();
    },
    run: async ({ signal }) => {
      await (swept ??= sweep());
      for (let failures = 0; !signal.aborted;) {
        let stuck = false;
        for (const label of await waiting()) {
          if (signal.aborted) return;
          if (!(await sendOne(label, { signal }))) stuck = true;
        }
        failures = stuck ? failures + 1 : 0;
        await wake.next({ signal, ...(stuck ? { timeoutMs: backoffDelay(failures, AWAY) } : {}) });
      }
    },
  };
}

/**
 * In the agent's folder, where it outlives a restart; without one in a new folder of the system's for temporary files.
 * It is made when there is something to keep: an agent starts on a disk that is full.
 */
export function outboxDirectory({ stateDir }: { readonly stateDir?: string | undefined }, clusterUid: string): string {
  if (stateDir !== undefined) return join(stateDir, 'outbox', clusterUid);
  return join(tmpdir(), `palette-agent-outbox-${randomUUID()}`);
}

function contentOf(label: string): string {
  return label.replace(/label$/, 'content');
}
