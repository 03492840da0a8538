/** The embedded environment, started for a bench in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { type PaletteClient, createClient } from '#openapi/client/index';

import { execute } from './processes.ts';

const Ready = z.object({
  host: z.string(),
  apiKey: z.string(),
  caFile: z.string(),
  projectName: z.string(),
  kubeconfig: z.string(),
  natsUrl: z.string(),
  pid: z.int(),
});

export interface Environment extends z.infer<typeof Ready> {
  readonly home: string;
  readonly client: PaletteClient;
  /** What `palette env` sets. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export async function startEnvironment(palette: string): Promise<Environment> {
  const home = await mkdtemp(join(tmpdir(), 'palette-bench-'));
  const child = spawn(process.execPath, [palette, 'up', '--json', '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`palette up ended with exit code ${String(code)}`);
  });
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) =>
    Ready.parse(JSON.parse(String(text))),
  );
  const ready = await Promise.race([line, exited]);
  exited.catch(() => undefined); // From here on it ends when `stop` ends it.
  const { stdout } = await execute(process.execPath, [palette, 'env', '--output', 'json', '--home', home]);
  return {
    ...ready,
    home,
    client: createClient({ host: ready.host, apiKey: ready.apiKey, ca: await readFile(ready.caFile, 'utf8') }),
    env: { ...process.env, ...z.record(z.string(), z.string()).parse(JSON.parse(stdout)), CHECKPOINT_DISABLE: '1' },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      await rm(home, { recursive: true, force: true });
    },
  };
}
