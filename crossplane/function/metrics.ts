import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface FunctionMetrics {
  readonly registry: Registry;
  /** Calls by outcome: `composed`, `refused`, `error`, or the reason of the first result. */
  readonly calls: Counter<'outcome'>;
  readonly duration: Histogram;
}

export function createFunctionMetrics(connections: () => number): FunctionMetrics {
  const registry = new Registry();
  // At the default of 10 ms measuring takes most of what an idle function needs.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1_000 });
  registry.registerMetric(
    new Gauge({
      name: 'palette_function_connections',
      help: 'APIs that are connected to: one for each host, key and project',
      registers: [],
      collect() {
        this.set(connections());
      },
    }),
  );
  return {
    registry,
    calls: new Counter({
      name: 'palette_function_calls_total',
      help: 'Calls of the function by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    duration: new Histogram({
      name: 'palette_function_call_duration_seconds',
      help: 'Time that calls took',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10],
      registers: [registry],
    }),
  };
}
