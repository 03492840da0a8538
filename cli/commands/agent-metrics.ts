import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { CliError } from '#cli/cli-error';
import { home, requireReady } from '#cli/local/home';
import { write } from '#cli/output';

import type { HomeOptions } from './options.ts';

const TIMEOUT_MS = 10_000;

export async function printAgentMetrics(options: HomeOptions): Promise<void> {
  const layout = home(options.home);
  await requireReady(layout);
  const { agent } = z.object({ agent: z.number() }).parse(JSON.parse(await readFile(layout.portsFile, 'utf8')));
  const response = await fetch(`http://127.0.0.1:${agent}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause: unknown) => {
      throw new CliError('the agent does not answer', { cause, hint: '`palette service list` shows whether it runs.' });
    },
  );
  if (!response.ok) throw new CliError(`the agent answered ${response.status}`);
  write(await response.text());
}
