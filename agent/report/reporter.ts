/** Makes reports of what happens: the status whenever it differs, drift and refusals one by one. */
import { randomUUID } from 'node:crypto';

import { uuidOf } from '#core/digest';
import { canonicalDigest } from '#protocol/canonical';
import type { ClusterUid } from '#protocol/identifiers';
import type { ActionReport, CommandReport, DriftReport, PreviewReport, RefusalReport, Report } from '#protocol/report';

import type { DriftNews } from '../enforce/enforcer.ts';
import type { ToldEvent } from '../events/events.ts';
import type { Status } from '../health/status.ts';
import type { Wake } from '../wake.ts';
import type { ReportQueue } from './queue.ts';

/** How a run stands, without what every report has. */
export type ActionNews = Omit<ActionReport, 'id' | 'clusterUid' | 'sentAt' | 'kind'>;

export interface Reporter {
  /** Something may have changed: the status is looked at soon. */
  touch(): void;
  /** The status as it would be reported now. */
  status(): Status;
  drift(news: DriftNews): void;
  refusal(news: Pick<RefusalReport, 'reason' | 'message'>): void;
  /** Told again it is the same report. */
  command(news: Pick<CommandReport, 'commandId' | 'outcome' | 'message'>): void;
  preview(previewId: string, result: PreviewReport['result']): void;
  action(news: ActionNews): void;
  event(news: ToldEvent): void;
  /** Reports the status now when it differs from the last one reported. */
  flush(): void;
  /** Reports the status from time to time in any case, until the signal is aborted. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Changes within this many milliseconds make one report. */
const DEBOUNCE_MS = 75;
const REPEAT_MS = 120_000;

export function createReporter(options: {
  readonly clusterUid: ClusterUid;
  readonly status: () => Status;
  readonly queue: ReportQueue;
  readonly wake: Wake;
  /** Told of each report as it is made. */
  readonly onReport?: (report: Report) => void;
  readonly now: () => Date;
}): Reporter {
  let timer: NodeJS.Timeout | undefined;
  let last: string | undefined;

  const add = (report: Report): void => {
    options.queue.add(report);
    options.wake.notify();
    options.onReport?.(report);
  };
  const common = (): { readonly id: string; readonly clusterUid: ClusterUid; readonly sentAt: string } => ({
    id: randomUUID(),
    clusterUid: options.clusterUid,
    sentAt: options.now().toISOString(),
  });
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const status = options.status();
    const digest = canonicalDigest(status);
    if (digest === last) return;
    last = digest;
    add({ ...common(), ...status });
  };

  return {
    status: options.status,
    touch: () => {
      timer ??= setTimeout(flush, DEBOUNCE_MS);
    },
    drift: ({ drift, action, tookMs, message }) => {
      const { ref, layer, change, fields, diff, manager } = drift;
      const report: DriftReport = {
        ...common(),
        kind: 'drift',
        object: ref,
        layer,
        change,
        fields: [...fields],
        ...(diff.length === 0 ? {} : { diff: [...diff] }),
        ...(manager === undefined ? {} : { manager }),
        action,
        tookMs: Math.round(tookMs),
        message,
      };
      add(report);
    },
    refusal: (news) => add({ ...common(), kind: 'refusal', ...news }),
    command: (news) => add({ ...common(), id: uuidOf(`outcome of ${news.commandId}`), kind: 'command', ...news }),
    preview: (previewId, result) => add({ ...common(), kind: 'preview', previewId, result }),
    action: (news) => add({ ...common(), kind: 'action', ...news }),
    event: ({ eventId, severity, reason, message, object, count, firstAt, lastAt }) =>
      add({
        ...common(),
        kind: 'event',
        eventId,
        severity,
        reason,
        message,
        ...(object === undefined ? {} : { object }),
        count,
        firstAt,
        lastAt,
      }),
    flush,
    run: async ({ signal }) => {
      const repeat = setInterval(
        () => {
          last = undefined;
          flush();
          // Not all agents at once, which may have begun together.
        },
        REPEAT_MS * (0.9 + Math.random() * 0.2),
      );
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      clearInterval(repeat);
      clearTimeout(timer);
    },
  };
}
