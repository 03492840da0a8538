/** What suites of one test run share: made by the first that asks, ended when the test run ends. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { z } from 'zod';

import { lock } from '#cli/file-lock';
import { type Guard, startGuard } from '#cli/local/guard';
import { identify } from '#cli/process-identity';

/** A first start may have to build what is asked for. */
export const START_MS = 20 * 60_000;

export interface SharedStart {
  /** Removed after the test run. */
  readonly dir: string;
  /** Knows the processes that end with the test run. */
  readonly guard: Guard;
  readonly signal: AbortSignal;
}

/**
 * What `start` gave in this test run, in whichever process it was called. It is kept as JSON, so a caller gets data, not
 * the objects that made it.
 */
export async function oncePerTestRun<T>(
  name: string,
  schema: z.ZodType<T>,
  start: (shared: SharedStart) => Promise<T>,
): Promise<T> {
  const owner = testRunPid();
  const started = (await identify(owner))?.started.replaceAll(/\W/g, '') ?? '';
  const dir = join(tmpdir(), `palette-test-run-${owner}-${started}-${name}`);
  // A server that runs as another user passes through.
  await mkdir(dir, { recursive: true, mode: 0o711 });
  const signal = AbortSignal.timeout(START_MS);
  const held = await lock(join(dir, 'lock'), { signal });
  try {
    const file = join(dir, 'shared.json');
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present !== undefined) return schema.parse(JSON.parse(present));
    const made = await start({ dir, guard: startGuard({ ownerPid: owner, removeAfter: dir }), signal });
    await writeFile(file, JSON.stringify(made), { mode: 0o600 });
    return made;
  } finally {
    await held.release();
  }
}

/** The process that lives as long as the test run: Jest itself, also when this is a worker of it. */
function testRunPid(): number {
  return process.send === undefined ? process.pid : process.ppid;
}
