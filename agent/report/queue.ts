/**
 * Reports that wait to be sent. Bounded: of statuses the newest only, of the others the newest
 * so many of each kind.
 */
import type { Report } from '#protocol/report';

export interface ReportQueue {
  add(report: Report): void;
  /** What waits, oldest first, the status last; stays until it is taken off. */
  peek(max: number): readonly Report[];
  /** Takes off what was sent. */
  done(ids: Iterable<string>): void;
  readonly length: number;
  clear(): void;
}

const BOUNDS = {
  status: 1,
  drift: 256,
  refusal: 16,
  command: 64,
  preview: 8,
  action: 256,
  event: 256,
} as const satisfies Record<Report['kind'], number>;

export function createReportQueue({ onDrop }: { readonly onDrop: (report: Report) => void }): ReportQueue {
  let waiting: readonly Report[] = [];
  return {
    add: (report) => {
      const same = waiting.filter(({ kind }) => kind === report.kind);
      const oldest = same.length >= BOUNDS[report.kind] ? same[0] : undefined;
      // A status that a newer one replaces is not lost: the newer one says it all.
      if (oldest && report.kind !== 'status') onDrop(oldest);
      waiting = [...waiting.filter((other) => other !== oldest), report];
    },
    peek: (max) =>
      [...waiting.filter(({ kind }) => kind !== 'status'), ...waiting.filter(({ kind }) => kind === 'status')].slice(
        0,
        max,
      ),
    done: (ids) => {
      const sent = new Set(ids);
      waiting = waiting.filter(({ id }) => !sent.has(id));
    },
    get length() {
      return waiting.length;
    },
    clear: () => {
      waiting = [];
    },
  };
}
