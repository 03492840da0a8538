import { join } from 'node:path';

import { cacheFolder } from '#cli/folders';
import { type Logger, silentLogger } from '#core/log';

import { buildTool } from './build-tool.ts';
import { findTool } from './find-tool.ts';
import { type ToolName, tools } from './tools.ts';

export type { ToolName } from './tools.ts';

export interface EnsureToolOptions {
  readonly signal: AbortSignal;
  /** One line at a time about what takes long, and about what was found but passed over. */
  readonly onProgress?: (line: string) => void;
  readonly log?: Logger;
  /** Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The absolute path of a tool in a version that fits: from PATH, from KUBEBUILDER_ASSETS, from
 * the cache, or else built into the cache by the Go module that pins it.
 *
 * @throws CliError that says what is missing and how to get it.
 */
export async function ensureTool(name: ToolName, options: EnsureToolOptions): Promise<string> {
  const { signal, env = process.env, log = silentLogger } = options;
  const onProgress = options.onProgress ?? ((line) => log.info({ tool: name }, line));
  const found = await findTool(name, { env, signal });
  if (found.kind === 'found') return found.path;
  if (found.kind === 'passed-over') log.debug({ tool: name, path: found.path }, found.reason);
  const folder = await buildTool(tools[name].build, {
    cache: cacheFolder(env),
    env,
    signal,
    // Why a tool that the user has is not taken is said when it costs a build, and only then.
    onBuild: () => {
      if (found.kind === 'passed-over') onProgress(found.reason);
    },
    onProgress,
  });
  return join(folder, name);
}
