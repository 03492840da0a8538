/** Takes questions from the plane one after the other: fetch, verify, look, answer. */
import type { Logger } from '#core/log';
import type { Command } from '#protocol/command';
import type { ClusterUid } from '#protocol/identifiers';
import type { PreviewRequest, PreviewResult } from '#protocol/preview';
import { verifyPreview } from '#protocol/preview';
import type { CommandReport } from '#protocol/report';
import type { TrustedKey } from '#protocol/signature';

import type { PlaneClient } from '../channel/rest.ts';
import { joinSignals } from '../signals.ts';

export interface Previewer {
  /** Begins to answer; what does not work out is reported as the command's outcome. */
  start(command: Command, options: { readonly signal: AbortSignal }): void;
  /** Settles when nothing is under way any more. */
  idle(): Promise<void>;
}

export interface PreviewerOptions {
  readonly plane: Pick<PlaneClient, 'preview'>;
  readonly trust: () => { readonly clusterUid: ClusterUid; readonly trustedKeys: readonly TrustedKey[] };
  readonly preview: (request: PreviewRequest, options: { readonly signal: AbortSignal }) => Promise<PreviewResult>;
  readonly answer: (previewId: string, result: PreviewResult) => void;
  readonly report: (news: Pick<CommandReport, 'commandId' | 'outcome' | 'message'>) => void;
  readonly now: () => Date;
  readonly log: Logger;
}

/** More questions than this at once are turned down: each takes a rendering of the whole cluster. */
const MOST_WAITING = 8;
/** A timer that is set for longer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createPreviewer(options: PreviewerOptions): Previewer {
  const { plane, trust, preview, answer, report, now, log } = options;
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  const answerOne = async ({ id, expiresAt }: Command, signal: AbortSignal): Promise<void> => {
    const leftMs = Date.parse(expiresAt) - now().getTime();
    if (leftMs <= 0) {
      report({ commandId: id, outcome: 'expired', message: `it was to be answered by ${expiresAt}` });
      return;
    }
    const until = joinSignals(signal, AbortSignal.timeout(Math.min(leftMs, MAX_TIMER_MS)));
    try {
      const request = await verifyPreview(await plane.preview(id, { signal: until }), { ...trust(), id });
      answer(id, await preview(request, { signal: until }));
      report({ commandId: id, outcome: 'done', message: '' });
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error, preview: id }, 'preview cannot be answered');
      const message = until.aborted ? 'it took longer than the plane waits' : textOf(error);
      report({ commandId: id, outcome: until.aborted ? 'expired' : 'failed', message });
    }
  };

  return {
    start: (command, { signal }) => {
      if (waiting >= MOST_WAITING) {
        report({
          commandId: command.id,
          outcome: 'failed',
          message: `${waiting} previews are under way; ask again later`,
        });
        return;
      }
      waiting++;
      last = last.then(async () => answerOne(command, signal)).finally(() => waiting--);
    },
    idle: async () => last,
  };
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2_000);
}
