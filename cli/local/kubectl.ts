import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { CliError } from '#cli/cli-error';
import { ensureTool } from '#cli/toolchain/ensure-tool';

/** Milliseconds one call may take. */
const TIMEOUT_MS = 60_000;

/** Found once a process. */
let known: string | undefined;

export interface KubectlOptions {
  readonly signal: AbortSignal;
  readonly input?: string;
  readonly onProgress?: (line: string) => void;
}

/** Runs kubectl and gives what it printed. @throws CliError with kubectl's own words. */
export async function runKubectl(
  kubeconfig: string,
  args: readonly string[],
  options: KubectlOptions,
): Promise<string> {
  const { signal, onProgress } = options;
  const command = (known ??= await ensureTool('kubectl', {
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
  }));
  const running = promisify(execFile)(command, ['--kubeconfig', kubeconfig, ...args], {
    timeout: TIMEOUT_MS,
    maxBuffer: 16 << 20,
    signal,
  });
  running.child.stdin?.on('error', () => undefined).end(options.input ?? ''); // kubectl may end before it has read all
  try {
    return (await running).stdout;
  } catch (error) {
    signal.throwIfAborted();
    const said = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new CliError(`kubectl ${args.slice(0, 2).join(' ')} failed: ${said === '' ? 'it gave no reason' : said}`, {
      cause: error,
    });
  }
}
