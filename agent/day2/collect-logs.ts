/** `collect-logs`: the diagnostics bundle, sent to the plane as the run's artifact. */
import type { DiagnosticsBundle } from '../diagnostics/collect.ts';
import type { ActionHandler } from './action.ts';

export type Collect = (options: {
  readonly sinceHours: number;
  readonly signal: AbortSignal;
}) => Promise<DiagnosticsBundle>;

/** Nothing is noted on the way: after a restart of the agent a fresh bundle is better than an old one. */
export function collectLogs(collect: Collect): ActionHandler<'collect-logs'> {
  return async ({ sinceHours }, { progress, upload, signal }) => {
    progress('collecting', 10);
    const { name, contentType, bytes, files } = await collect({ sinceHours, signal });
    progress('sending', 70);
    // One name for all times of a run: what is sent again takes the place of what was sent.
    await upload({ name: 'diagnostics.tgz', contentType, bytes });
    return {
      message: `${files.length} files, ${Math.ceil(bytes.length / 1024)} KiB`,
      result: { artifact: 'diagnostics.tgz', name, bytes: bytes.length, files: [...files] },
    };
  };
}
