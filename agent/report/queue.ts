/**
 * Reports that wait to be sent, in the order they were made. Bounded in number and bytes: what a newer report says all
 * the same is left out, then the oldest of what matters least goes first.
 */
import type { Report } from '#protocol/report';

export interface ReportQueue {
  /** One that waits already is not added again. */
  add(report: Report): void;
  /** What waits, oldest first, the status last; stays until it is taken off. The status is always among them. */
  peek(max: number, maxBytes?: number): readonly Report[];
  /** Takes off what was sent. */
  done(ids: Iterable<string>): void;
  has(id: string): boolean;
  /** What waits of the positions in between, oldest first, but for the status, which is made anew after a restart. */
  between(from: number, before: number): readonly Report[];
  /** The position that the next report gets. */
  readonly position: number;
  readonly length: number;
  readonly bytes: number;
  clear(): void;
}

/** At most so many of each kind: weeks of a quiet cluster, an hour of one where much happens. */
const BOUNDS = {
  status: 1,
  drift: 10_000,
  event: 10_000,
  refusal: 64,
  command: 1_000,
  preview: 8,
  action: 512,
} as const satisfies Record<Report['kind'], number>;
/** Of all together. */
const MAX_REPORTS = 12_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** What goes first when all together are too many: outcomes that somebody waits for go last. */
const LEAST_FIRST: readonly Report['kind'][] = ['event', 'drift', 'preview', 'refusal', 'action', 'command'];
/** So many drifts are told one by one; beyond, the newest stands for those before it on the same object. */
const DRIFTS_ONE_BY_ONE = 1_000;

interface Waiting {
  readonly report: Report;
  readonly bytes: number;
  readonly position: number;
  readonly key: string | undefined;
  /** Reports that this one stands for besides. */
  readonly standsFor: number;
}

export function createReportQueue({ onDrop }: { readonly onDrop: (report: Report) => void }): ReportQueue {
  const waiting = new Map<string, Waiting>();
  const byKind = new Map<Report['kind'], Map<string, Waiting>>();
  /** The newest report of what newer ones replace, by what they are about. */
  const byKey = new Map<string, string>();
  let bytes = 0;
  let next = 0;

  const ofKind = (kind: Report['kind']): Map<string, Waiting> => {
    const known = byKind.get(kind);
    if (known) return known;
    const made = new Map<string, Waiting>();
    byKind.set(kind, made);
    return made;
  };
  const remove = (id: string): Waiting | undefined => {
    const item = waiting.get(id);
    if (!item) return undefined;
    waiting.delete(id);
    ofKind(item.report.kind).delete(id);
    if (item.key !== undefined && byKey.get(item.key) === id) byKey.delete(item.key);
    bytes -= item.bytes;
    return item;
  };
  const dropOldest = (kinds: readonly Report['kind'][]): boolean => {
    for (const kind of kinds) {
      const [oldest] = ofKind(kind).keys();
      const item = oldest === undefined ? undefined : remove(oldest);
      if (item) {
        onDrop(item.report);
        return true;
      }
    }
    return false;
  };

  return {
    add: (given) => {
      if (waiting.has(given.id)) return;
      const key = replacedBy(given);
      const older = key === undefined ? undefined : byKey.get(key);
      const mayReplace = given.kind !== 'drift' || ofKind('drift').size >= DRIFTS_ONE_BY_ONE;
      const replaced = older !== undefined && mayReplace ? remove(older) : undefined;
      const standsFor = given.kind === 'drift' ? countIn(given) + (replaced ? replaced.standsFor + 1 : 0) : 0;
      const report = standsFor > 0 && given.kind === 'drift' ? countedDrift(given, standsFor) : given;
      const item: Waiting = { report, bytes: JSON.stringify(report).length, position: next++, key, standsFor };
      waiting.set(report.id, item);
      ofKind(report.kind).set(report.id, item);
      if (key !== undefined) byKey.set(key, report.id);
      bytes += item.bytes;
      while (ofKind(report.kind).size > BOUNDS[report.kind]) dropOldest([report.kind]);
      while (waiting.size > MAX_REPORTS || (bytes > MAX_BYTES && waiting.size > 1)) {
        if (!dropOldest(LEAST_FIRST)) break;
      }
    },
    peek: (max, maxBytes = Number.POSITIVE_INFINITY) => {
      const [status] = ofKind('status').values();
      const found: Report[] = [];
      let left = maxBytes - (status?.bytes ?? 0);
      for (const item of waiting.values()) {
        if (item.report.kind === 'status') continue;
        left -= item.bytes;
        // One goes however large it is.
        if (found.length >= max - (status ? 1 : 0) || (left < 0 && found.length > 0)) break;
        found.push(item.report);
      }
      return status && max > 0 ? [...found, status.report] : found;
    },
    done: (ids) => {
      for (const id of ids) remove(id);
    },
    has: (id) => waiting.has(id),
    between: (from, before) =>
      [...waiting.values()].flatMap(({ position, report }) =>
        position >= from && position < before && report.kind !== 'status' ? [report] : [],
      ),
    get position() {
      return next;
    },
    get length() {
      return waiting.size;
    },
    get bytes() {
      return bytes;
    },
    clear: () => {
      waiting.clear();
      byKind.clear();
      byKey.clear();
      bytes = 0;
    },
  };
}

/** What a report is about, where a newer one about the same says all that it says. */
function replacedBy(report: Report): string | undefined {
  switch (report.kind) {
    case 'status':
      return 'status';
    case 'action':
      return `action ${report.runId}`;
    case 'event':
      return report.eventId === undefined ? undefined : `event ${report.eventId}`;
    case 'drift': {
      const { apiVersion, kind, namespace, name } = report.object;
      return `drift ${apiVersion} ${kind} ${namespace ?? ''} ${name} ${report.change} ${report.action} ${report.manager ?? ''}`;
    }
    case 'refusal':
    case 'command':
    case 'preview':
      return undefined;
  }
}

const COUNTED = /(?:; )?and (\d+) more like it before$/;

/** What a report of a former life stood for already. */
function countIn({ message }: { readonly message: string }): number {
  return Number(COUNTED.exec(message)?.[1] ?? 0);
}

function countedDrift<T extends { readonly message: string }>(report: T, before: number): T {
  const message = report.message.replace(COUNTED, '');
  return { ...report, message: `${message}${message === '' ? '' : '; '}and ${before} more like it before` };
}
