/** The embedded environment, started for a bench in a folder of its own. */
import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { createClient, type PaletteClient } from '#openapi/client/index';
import { palette, paletteUp, type RunningEnvironment, temporaryFolder } from '#test/support/palette';

export type Environment = RunningEnvironment['ready'] & {
  readonly client: PaletteClient;
  /** What `palette env` sets. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
};

export async function startEnvironment(): Promise<Environment> {
  const folder = await temporaryFolder('bench');
  const { ready, home, stop } = await paletteUp(folder.dir);
  const { stdout } = await palette(['env', '--output', 'json', '--home', home]);
  const client = createClient({ host: ready.host, apiKey: ready.apiKey, ca: await readFile(ready.caFile, 'utf8') });
  return {
    ...ready,
    client,
    env: { ...process.env, ...z.record(z.string(), z.string()).parse(JSON.parse(stdout)), CHECKPOINT_DISABLE: '1' },
    stop: async () => {
      client.close();
      await stop();
      await folder.remove();
    },
  };
}
