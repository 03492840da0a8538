import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures of one plane, in a registry of its own; other parts of the plane may register theirs there. */
export interface Metrics {
  readonly registry: Registry;
  request(labels: { readonly operation: string; readonly status: number }, seconds: number): void;
  inFlight(change: 1 | -1): void;
  refusedCredential(): void;
}

/** Makes the registry with the figures of process and HTTP. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'palette_plane_' });
  const requests = new Histogram({
    name: 'palette_plane_request_seconds',
    help: 'Time from a request to its answer (of an event stream: to its start)',
    labelNames: ['operation', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const inFlight = new Gauge({
    name: 'palette_plane_requests_in_flight',
    help: 'Requests that wait for their answer',
    registers,
  });
  const refused = new Counter({
    name: 'palette_plane_credentials_refused_total',
    help: 'Requests with credentials that are not valid',
    registers,
  });
  return {
    registry,
    request: ({ operation, status }, seconds) => requests.observe({ operation, status: String(status) }, seconds),
    inFlight: (change) => inFlight.inc(change),
    refusedCredential: () => refused.inc(),
  };
}
