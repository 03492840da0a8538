/**
 * What people at the cluster may see of the agent: made of what it reports anyway, so that nothing is shown here that is not
 * fit to leave the cluster. Bounded, in memory; it outlives a membership.
 */
import type { Run } from '../day2/run.ts';
import type { Status } from '../health/status.ts';
import type { DesiredState } from '#protocol/desired-state';
import type { ClusterUid, ContentDigest } from '#protocol/identifiers';
import type { DriftReport, ObjectReference, Report } from '#protocol/report';
import type { TrustedKey } from '#protocol/signature';
import { assertNever } from '#core/assert-never';
import type { Schemas } from './contract.ts';

/** What a running membership gives. */
export interface LocalMembership {
  readonly clusterUid: ClusterUid;
  readonly clusterName: () => string;
  readonly planeUrl: () => string;
  readonly trustedKeys: () => readonly TrustedKey[];
  readonly document: () => { readonly document: DesiredState; readonly digest: ContentDigest } | undefined;
  readonly status: () => Status;
  readonly busConnected: () => boolean;
  /** Asks the plane something. @throws Error when it does not answer */
  readonly reachPlane: (signal: AbortSignal) => Promise<void>;
  readonly planeReachable: () => boolean;
  readonly resync: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Runs of day-2 actions that are under way and those that ended of late, the oldest first. */
  readonly actions: () => readonly Run[];
  /** Puts the document in force once more, since what people set here changed. */
  readonly reapply: () => void;
  /** Everything that people need to find out what is wrong, and no secret: a tar.gz. */
  readonly collect: (options: {
    readonly sinceHours: number;
    readonly signal: AbortSignal;
  }) => Promise<{ readonly name: string; readonly bytes: Uint8Array }>;
}

export type FeedItem = { readonly seq: number } & (
  | { readonly event: 'changed' }
  | { readonly event: 'event'; readonly data: Schemas['Event'] }
  | { readonly event: 'drift'; readonly data: Schemas['Drift'] }
);

export interface AgentView {
  membership(): LocalMembership | undefined;
  /** `starting` until the agent knows whether it has credentials, or whether it is the replica that works. */
  standing(): Schemas['Membership'];
  waiting(): void;
  /** Another replica of the agent works. */
  standby(): void;
  /** A membership began; what is given back ends it. */
  attach(membership: LocalMembership): () => void;
  /** Takes what is reported to the plane. */
  take(report: Report): void;
  /** Something that happened here alone. */
  tell(news: Pick<Schemas['Event'], 'severity' | 'reason' | 'message'>): void;
  /** The newest first. */
  drift(): readonly Schemas['Drift'][];
  /** The newest first. */
  events(): readonly Schemas['Event'][];
  /** What comes after `after`, as it comes, until the signal is aborted. One that cannot keep up misses the oldest. */
  follow(options: { readonly after?: number; readonly signal: AbortSignal }): AsyncIterable<FeedItem>;
}

const MAX_DRIFT = 500;
const MAX_EVENTS = 500;
const MAX_FEED = 500;

export function createAgentView({ now }: { readonly now: () => Date }): AgentView {
  let current: LocalMembership | undefined;
  let standing: Schemas['Membership'] = 'starting';
  let drift: readonly Schemas['Drift'][] = [];
  let events: readonly Schemas['Event'][] = [];
  let feed: readonly FeedItem[] = [];
  // Goes on growing over restarts, so that a page that was open meanwhile misses nothing.
  let seq = now().getTime() * 1000;
  const followers = new Set<() => void>();

  const publish = (item: FeedItem): void => {
    // A reader that wants to know what changed looks at how it is now: one note of it is enough.
    const others = item.event === 'changed' ? feed.filter(({ event }) => event !== 'changed') : feed;
    feed = [...others, item].slice(-MAX_FEED);
    for (const wake of followers) wake();
  };
  const happened = (event: Schemas['Event']): void => {
    events = [event, ...events.filter(({ id }) => id !== event.id)].slice(0, MAX_EVENTS);
    publish({ seq: ++seq, event: 'event', data: event });
  };

  const stand = (as: typeof standing): void => {
    standing = as;
    publish({ seq: ++seq, event: 'changed' });
  };

  return {
    membership: () => current,
    standing: () => standing,
    waiting: () => stand('waiting'),
    standby: () => stand('standby'),
    attach: (membership) => {
      current = membership;
      stand('member');
      return () => {
        if (current === membership) current = undefined;
      };
    },
    take: (report) => {
      if (report.kind === 'drift') {
        const item = asDrift(report);
        drift = [item, ...drift.filter(({ id }) => id !== item.id)].slice(0, MAX_DRIFT);
        publish({ seq: ++seq, event: 'drift', data: item });
      }
      const event = asEvent(report);
      if (event) happened(event);
      else publish({ seq: ++seq, event: 'changed' });
    },
    tell: (news) => happened({ id: `local-${seq + 1}`, at: now().toISOString(), kind: 'local', count: 1, ...news }),
    drift: () => drift,
    events: () => events,
    // A clock that was put back over a restart counts from further behind: such a reader goes on from now.
    follow: ({ after, signal }) => follow(() => feed, followers, Math.min(after ?? seq, seq), signal),
  };
}

async function* follow(
  feed: () => readonly FeedItem[],
  followers: Set<() => void>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<FeedItem, void, undefined> {
  let last = after;
  let wake: () => void = () => undefined;
  const onWake = (): void => wake();
  followers.add(onWake);
  signal.addEventListener('abort', onWake, { once: true });
  try {
    for (;;) {
      const news = feed().filter(({ seq }) => seq > last);
      for (const item of news) {
        if (signal.aborted) return;
        last = item.seq;
        yield item;
      }
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        // It may have come while the last one was taken.
        if (signal.aborted || feed().some(({ seq }) => seq > last)) resolve();
      });
    }
  } finally {
    followers.delete(onWake);
    signal.removeEventListener('abort', onWake);
  }
}

function asDrift(report: DriftReport): Schemas['Drift'] {
  const { id, sentAt, object, layer, change, action, manager, tookMs, message, diff, fields } = report;
  return {
    id,
    at: sentAt,
    object: asObject(object),
    layer,
    change,
    action,
    ...(manager === undefined ? {} : { manager }),
    tookMs,
    message,
    diff: (diff ?? fields.map((path) => ({ path, before: undefined, after: undefined }))).map(
      ({ path, before, after }) => ({
        path,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      }),
    ),
  };
}

function asObject({ apiVersion, kind, namespace, name }: ObjectReference): Schemas['Object'] {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

const COMMAND_REASONS = { failed: 'CommandFailed', expired: 'CommandExpired' } as const;

/** What a report says to people who read along; undefined for what is looked at instead, or told as an event of its own. */
function asEvent(report: Report): Schemas['Event'] | undefined {
  switch (report.kind) {
    case 'status':
    case 'preview':
    // These are told as events as well.
    case 'drift':
    case 'refusal':
    case 'action':
      return undefined;
    case 'command':
      // What came of one that was carried out tells itself.
      if (report.outcome === 'done') return undefined;
      return {
        id: report.id,
        at: report.sentAt,
        kind: 'command',
        severity: 'warning',
        reason: COMMAND_REASONS[report.outcome],
        message: report.message,
        count: 1,
      };
    case 'event':
      return {
        id: report.eventId ?? report.id,
        at: report.lastAt,
        kind: 'event',
        severity: report.severity,
        reason: report.reason,
        message: report.message,
        ...(report.object === undefined ? {} : { object: asObject(report.object) }),
        count: report.count,
      };
    default:
      return assertNever(report);
  }
}
