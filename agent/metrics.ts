/** What the agent counts. Names are part of its interface; all begin with `palette_agent_`. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

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
  /** 1 while the plane answers. */
  readonly planeReachable: Gauge;
  /** Length of a queue, asked when metrics are read. */
  queue(name: string, length: () => number): void;
  objects(count: () => number): void;
}

export function createMetrics(): AgentMetrics {
  const registry = new Registry();
  const registers = [registry];
  const lengths = new Map<string, () => number>();
  let countObjects = (): number => 0;
  const name = (suffix: string): string => `palette_agent_${suffix}`;
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
    planeReachable: new Gauge({
      name: name('plane_reachable'),
      help: '1 while the management plane answers',
      registers,
    }),
    queue: (queue, length) => void lengths.set(queue, length),
    objects: (count) => {
      countObjects = count;
    },
  };
}
