/** The way of one provider configuration to its API: within its rate limit, counted, and watched for faults. */
import type { Fetch } from '#openapi/client/index';

import type { ControllerMetrics } from '../../metrics.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface LimitedFetchOptions {
  readonly fetch: Fetch;
  readonly bucket: TokenBucket;
  readonly metrics: Pick<ControllerMetrics, 'apiRequests' | 'apiSeconds' | 'limitSeconds'>;
  /** The configuration's name, for metrics. */
  readonly config: string;
  /** Until an answer begins, in milliseconds. Waiting for the turn does not count. */
  readonly timeoutMs: number;
  /** The key was refused, or no answer came: the connection as a whole may be of no use. */
  readonly onFault: () => void;
}

export function limitFetch(options: LimitedFetchOptions): Fetch {
  const { bucket, metrics, config } = options;
  return async (request) => {
    const { method } = request;
    const askedAt = performance.now();
    await bucket.take({ signal: request.signal });
    const startedAt = performance.now();
    metrics.limitSeconds.observe((startedAt - askedAt) / 1000);
    const limit = new AbortController();
    const onAbort = (): void => limit.abort(request.signal.reason);
    request.signal.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => {
      limit.abort(Object.assign(new Error(`no answer within ${options.timeoutMs} ms`), { code: 'ETIMEDOUT' }));
    }, options.timeoutMs);
    try {
      const response = await options.fetch({ ...request, signal: limit.signal });
      metrics.apiSeconds.observe({ method }, (performance.now() - startedAt) / 1000);
      metrics.apiRequests.inc({ config, method, status: String(response.status) });
      if (response.status === 401) options.onFault();
      // The request's signal still ends the body.
      return { ...response, body: until(response.body, () => request.signal.removeEventListener('abort', onAbort)) };
    } catch (error) {
      request.signal.removeEventListener('abort', onAbort);
      metrics.apiRequests.inc({ config, method, status: '0' });
      if (request.signal.aborted) throw error;
      options.onFault();
      // Node's own error says only that the request was aborted.
      throw limit.signal.aborted ? limit.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  };
}

async function* until(body: AsyncIterable<Uint8Array>, ended: () => void): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } finally {
    ended();
  }
}
