/** What the controller counts. Names are part of its interface; all of its own begin with `palette_controller_`. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export type ReconcileOutcome = 'poll' | 'progressing' | 'failed' | 'conflict' | 'rest';
/** What made the controller look at a managed resource before its time. */
export type WakeCause = 'api' | 'stream' | 'provider-config' | 'secret' | 'reference' | 'external-name';

export interface ControllerMetrics {
  readonly registry: Registry;
  readonly reconciles: Counter<'kind' | 'scope' | 'result'>;
  readonly reconcileSeconds: Histogram<'kind'>;
  readonly wakes: Counter<'cause'>;
  /** Requests to the management plane. */
  readonly apiRequests: Counter<'config' | 'method' | 'status'>;
  readonly apiSeconds: Histogram<'method'>;
  /** How long requests waited for their turn under the rate limit of their provider configuration. */
  readonly limitSeconds: Histogram;
  readonly leader: Gauge;
  /** Numbers that are asked for when metrics are read. */
  observe(numbers: ObservedNumbers): void;
}

export interface ObservedNumbers {
  /** Managed resources that wait to be reconciled or are being reconciled. */
  readonly queueLength: () => number;
  readonly resources: () => readonly {
    readonly kind: string;
    readonly scope: string;
    readonly exist: number;
    readonly ready: number;
    readonly synced: number;
  }[];
  readonly streams: () => { readonly open: number; readonly wanted: number };
  readonly eventsDropped: () => number;
  readonly requestsWaiting: () => number;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(): ControllerMetrics {
  const registry = new Registry();
  const registers = [registry];
  let numbers: ObservedNumbers | undefined;
  const name = (suffix: string): string => `palette_controller_${suffix}`;
  const gauge = (suffix: string, help: string, read: (from: ObservedNumbers) => number): void => {
    const made: Gauge = new Gauge({
      name: name(suffix),
      help,
      registers,
      collect: () => made.set(numbers === undefined ? 0 : read(numbers)),
    });
  };
  gauge('queue_length', 'Managed resources that wait or are being reconciled', (from) => from.queueLength());
  gauge('event_streams_open', 'Event streams of management planes that are open', (from) => from.streams().open);
  gauge('event_streams_wanted', 'Event streams that should be open', (from) => from.streams().wanted);
  gauge('events_dropped', 'Kubernetes events that were not written', (from) => from.eventsDropped());
  gauge('api_requests_waiting', 'Requests that wait under a rate limit', (from) => from.requestsWaiting());
  const labelNames = ['kind', 'scope'] as const;
  const perKind = (suffix: string, help: string, count: 'exist' | 'ready' | 'synced'): void => {
    const made: Gauge<'kind' | 'scope'> = new Gauge({
      name: name(suffix),
      help,
      labelNames,
      registers,
      collect: () => {
        made.reset();
        for (const { kind, scope, ...counts } of numbers?.resources() ?? []) made.set({ kind, scope }, counts[count]);
      },
    });
  };
  perKind('managed_resources', 'Managed resources that exist', 'exist');
  perKind('managed_resources_ready', 'Managed resources that were found Ready', 'ready');
  perKind('managed_resources_synced', 'Managed resources that were found Synced', 'synced');
  const rss: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory',
    registers,
    collect: () => rss.set(process.memoryUsage.rss()),
  });
  const cpu: Counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, user and system',
    registers,
    collect: () => {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / 1e6);
    },
  });
  return {
    registry,
    reconciles: new Counter({
      name: name('reconciles_total'),
      help: 'Reconciles, by how they ended',
      labelNames: ['kind', 'scope', 'result'],
      registers,
    }),
    reconcileSeconds: new Histogram({
      name: name('reconcile_seconds'),
      help: 'How long a reconcile took',
      labelNames: ['kind'],
      buckets: SECONDS,
      registers,
    }),
    wakes: new Counter({
      name: name('wakes_total'),
      help: 'Managed resources that were looked at before their time, by cause',
      labelNames: ['cause'],
      registers,
    }),
    apiRequests: new Counter({
      name: name('api_requests_total'),
      help: 'Requests to management planes; status 0: no answer',
      labelNames: ['config', 'method', 'status'],
      registers,
    }),
    apiSeconds: new Histogram({
      name: name('api_request_seconds'),
      help: 'How long a management plane took to answer',
      labelNames: ['method'],
      buckets: SECONDS,
      registers,
    }),
    limitSeconds: new Histogram({
      name: name('rate_limit_wait_seconds'),
      help: 'How long requests waited under the rate limit of their provider configuration',
      buckets: SECONDS,
      registers,
    }),
    leader: new Gauge({ name: name('leader'), help: '1 while this replica is the leader', registers }),
    observe: (given) => {
      numbers = given;
    },
  };
}
