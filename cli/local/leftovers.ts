/** Processes of a former run that was ended so hard that not even its guard could end them. */
import { z } from 'zod';

import { readIfThere, writeFileAtomic } from '#cli/atomic-file';
import { ProcessIdentity, identify, isAlive } from '#cli/process-identity';
import type { Logger } from '#core/log';
import { delay } from '#core/retry';

const Recorded = z.array(ProcessIdentity.extend({ name: z.string() }));
type Recorded = z.infer<typeof Recorded>;

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE_MS = 5_000;
const POLL_MS = 50;

export interface ProcessRecord {
  /** Writes down who runs now; calls may overlap, the last one wins. */
  readonly update: (running: Readonly<Record<string, number>>) => void;
  readonly close: () => Promise<void>;
}

/** Keeps the file up to date with what runs. */
export function recordProcesses(file: string, log: Logger): ProcessRecord {
  let writing = Promise.resolve();
  return {
    update: (running) => {
      writing = writing.then(async () => {
        const found = await Promise.all(
          Object.entries(running).map(async ([name, pid]) => ({ name, identity: await identify(pid) })),
        );
        const recorded: Recorded = found.flatMap(({ name, identity }) =>
          identity === undefined ? [] : [{ name, ...identity }],
        );
        await writeFileAtomic(file, `${JSON.stringify(recorded, undefined, 2)}\n`).catch((error: unknown) => {
          log.warn({ err: error, file }, 'the list of running processes cannot be written');
        });
      });
    },
    close: async () => writing,
  };
}

/** Ends what is left of a former run and waits until it is gone; a number that somebody else has now is left alone. */
export async function endLeftovers(
  file: string,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const text = await readIfThere(file);
  const recorded = Recorded.safeParse(text === undefined ? [] : JSON.parse(text));
  for (const one of recorded.success ? recorded.data : []) {
    if (!(await isAlive(one))) continue;
    log.warn({ service: one.name, pid: one.pid }, 'ending a process that a former run left behind');
    const deadline = Date.now() + GRACE_MS;
    kill(one.pid, 'SIGTERM');
    while (await isAlive(one)) {
      if (Date.now() > deadline) kill(one.pid, 'SIGKILL');
      await delay(POLL_MS, { signal });
    }
  }
}

function kill(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone meanwhile.
  }
}
