/** What the agent counts. Names are part of its interface; all begin with `palette_agent_`. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import { LayerCondition } from '#protocol/report';

export interface AgentMetrics {
  readonly registry: Registry;
  /** Writes of desired objects; a dry run is none. */
  readonly applies: Counter;
  readonly deletes: Counter;
  /** Walks over the whole document that came to their end. */
  readonly passes: Counter;
  readonly heals: Counter;
  readonly drifts: Counter<'action'>;
  /** From noticing a change to having it healed. */
  readonly healSeconds: Histogram;
  readonly refusals: Counter<'reason'>;
  readonly reportsSent: Counter<'channel'>;
  readonly reportsDropped: Counter;
  readonly revision: Gauge;
  /** 1 while the bus is connected. */
  readonly busConnected: Gauge;
  /** 1 while this replica works, 0 while it stands by. */
  readonly leader: Gauge;
  /** Which channel tells of news: one of them is 1. */
  heardBy(channel: 'bus' | 'long-poll' | 'poll'): void;
  /** 1 while the plane answers. */
  readonly planeReachable: ReachableGauge;
  readonly events: Counter<'severity' | 'reason'>;
  /** Events that were too many at once to be told. */
  readonly eventsDropped: Counter;
  readonly heartbeats: Counter<'outcome'>;
  /** Health of the cluster, asked when metrics are read. */
  health(facts: () => HealthFigures): void;
  /** Length of a queue, asked when metrics are read. */
  queue(name: string, length: () => number): void;
  objects(count: () => number): void;
}

/** A gauge that the agent itself looks at, too. */
export interface ReachableGauge {
  set(value: 0 | 1): void;
  /** Undefined before the first answer, or the first that failed to come. */
  readonly value: 0 | 1 | undefined;
}

export interface HealthFigures {
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  readonly nodes: readonly { readonly ready: boolean }[];
  readonly podsFailing: number | undefined;
  readonly layers: readonly { readonly condition: string }[];
}

export function createMetrics(): AgentMetrics {
  const registry = new Registry();
  const registers = [registry];
  const lengths = new Map<string, () => number>();
  let countObjects = (): number => 0;
  const name = (suffix: string): string => `palette_agent_${suffix}`;
  const planeReachable = createReachable(
    new Gauge({ name: name('plane_reachable'), help: '1 while the management plane answers', registers }),
  );
  const health = createHealthGauges(registers, name);
  const queues = new Gauge({
    name: name('queue_length'),
    help: 'Items that wait, by queue',
    labelNames: ['queue'],
    registers,
    collect: () => lengths.forEach((length, queue) => queues.set({ queue }, length())),
  });
  const objects: Gauge = new Gauge({
    name: name('objects'),
    help: 'Objects under management',
    registers,
    collect: () => objects.set(countObjects()),
  });
  const rss: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory',
    registers,
    collect: () => rss.set(process.memoryUsage.rss()),
  });
  const channels = new Gauge({
    name: name('channel'),
    help: 'Which channel tells of news: 1 for that one',
    labelNames: ['channel'],
    registers,
  });
  return {
    registry,
    applies: new Counter({ name: name('applies_total'), help: 'Desired objects written to the API server', registers }),
    deletes: new Counter({ name: name('deletes_total'), help: 'Objects removed', registers }),
    passes: new Counter({
      name: name('passes_total'),
      help: 'Walks over the whole document that came to their end',
      registers,
    }),
    heals: new Counter({
      name: name('heals_total'),
      help: 'Objects brought back after a change from outside',
      registers,
    }),
    drifts: new Counter({
      name: name('drifts_total'),
      help: 'Changes from outside, by what was done',
      labelNames: ['action'],
      registers,
    }),
    healSeconds: new Histogram({
      name: name('heal_seconds'),
      help: 'Seconds from noticing a change to having it healed',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      registers,
    }),
    refusals: new Counter({
      name: name('refusals_total'),
      help: 'Documents that were refused, by reason',
      labelNames: ['reason'],
      registers,
    }),
    reportsSent: new Counter({
      name: name('reports_sent_total'),
      help: 'Reports sent, by channel',
      labelNames: ['channel'],
      registers,
    }),
    reportsDropped: new Counter({
      name: name('reports_dropped_total'),
      help: 'Reports dropped since their queue was full',
      registers,
    }),
    revision: new Gauge({ name: name('revision'), help: 'Revision of the document in force', registers }),
    busConnected: new Gauge({ name: name('bus_connected'), help: '1 while the bus is connected', registers }),
    planeReachable,
    leader: new Gauge({ name: name('leader'), help: '1 while this replica works, 0 while it stands by', registers }),
    heardBy: (channel) => {
      for (const known of ['bus', 'long-poll', 'poll']) channels.set({ channel: known }, known === channel ? 1 : 0);
    },
    events: new Counter({
      name: name('events_total'),
      help: 'Events told, by severity and reason',
      labelNames: ['severity', 'reason'],
      registers,
    }),
    eventsDropped: new Counter({
      name: name('events_dropped_total'),
      help: 'Events that were too many at once to be told',
      registers,
    }),
    heartbeats: new Counter({
      name: name('heartbeats_total'),
      help: 'Heartbeats, by outcome: bus, rest, or lost',
      labelNames: ['outcome'],
      registers,
    }),
    health,
    queue: (queue, length) => void lengths.set(queue, length),
    objects: (count) => {
      countObjects = count;
    },
  };
}

function createReachable(gauge: Gauge): ReachableGauge {
  let value: 0 | 1 | undefined;
  return {
    set: (next) => {
      value = next;
      gauge.set(next);
    },
    get value() {
      return value;
    },
  };
}

const STATUSES = ['True', 'False', 'Unknown'] as const;
const LAYER_CONDITIONS = LayerCondition.options;

/** Gauges that are filled from one look at the cluster's health. */
function createHealthGauges(registers: Registry[], name: (suffix: string) => string): AgentMetrics['health'] {
  let look: (() => HealthFigures) | undefined;
  const conditions: Gauge<'type' | 'status'> = new Gauge({
    name: name('condition'),
    help: '1 for the status that a condition of the cluster has',
    labelNames: ['type', 'status'],
    registers,
    collect: () => {
      for (const { type, status } of look?.().conditions ?? []) {
        for (const one of STATUSES) conditions.set({ type, status: one }, one === status ? 1 : 0);
      }
    },
  });
  const nodes: Gauge<'ready'> = new Gauge({
    name: name('nodes'),
    help: 'Nodes of the cluster, by whether they are ready',
    labelNames: ['ready'],
    registers,
    collect: () => {
      const all = look?.().nodes;
      if (!all) return;
      const ready = all.filter((node) => node.ready).length;
      nodes.set({ ready: 'true' }, ready);
      nodes.set({ ready: 'false' }, all.length - ready);
    },
  });
  const pods: Gauge = new Gauge({
    name: name('pods_failing'),
    help: 'Pods of the cluster that are in trouble, when they were looked at last',
    registers,
    // Not known is not none.
    collect: () => pods.set(look?.().podsFailing ?? Number.NaN),
  });
  const layers: Gauge<'condition'> = new Gauge({
    name: name('layers'),
    help: 'Layers of the desired state, by condition',
    labelNames: ['condition'],
    registers,
    collect: () => {
      const all = look?.().layers;
      if (!all) return;
      for (const condition of LAYER_CONDITIONS) {
        layers.set({ condition }, all.filter((layer) => layer.condition === condition).length);
      }
    },
  });
  return (facts) => {
    look = facts;
  };
}
