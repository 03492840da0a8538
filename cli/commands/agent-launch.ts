/** `palette agent run --upgrades-dir`: the launcher, which starts the agent as its child and can replace it. */
import { resolve } from 'node:path';

import { runLauncher } from '#agent/upgrade/launcher';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { untilTold } from '#cli/until-told';
import { version } from '#cli/version';
import { createLogger } from '#core/log';

import type { AgentRunOptions } from './agent.ts';

/** Runs the launcher until it is told to end. Its children get the same command line. */
export async function launchAgent({ upgradesDir = '', helm, logLevel }: AgentRunOptions): Promise<void> {
  const log = createLogger({ name: 'palette-agent-launcher', level: logLevel });
  const { signal } = untilTold();
  const [, entry = '', ...args] = process.argv;
  // A version that was downloaded has no tools of its own to build it.
  const withHelm = helm === undefined ? ['--helm', await ensureTool('helm', { signal, log })] : [];
  await runLauncher({
    dir: resolve(upgradesDir),
    builtIn: { version, entry: resolve(entry) },
    nodeArgs: process.execArgv,
    args: [...args, ...withHelm],
    log,
    signal,
  });
}
