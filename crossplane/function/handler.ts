/** One call of the function, from wire to wire. */
import type { RunFunctionRequest, RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';

import type { Logger } from '#core/log';

import { compose, type ComposeDependencies } from './compose.ts';
import { readRequest } from './from-request.ts';
import type { FunctionMetrics } from './metrics.ts';
import { refuse, toResponse } from './to-response.ts';

export type Handler = (request: RunFunctionRequest) => Promise<RunFunctionResponse>;

export interface HandlerDependencies extends ComposeDependencies {
  readonly metrics: FunctionMetrics;
  readonly log: Logger;
}

/** Never rejects: an error of its own is a fatal result, after which Crossplane leaves everything as it is. */
export function createHandler({ metrics, log, ...deps }: HandlerDependencies): Handler {
  return async (request) => {
    const started = performance.now();
    const read = readRequest(request);
    if (read.kind === 'refused') {
      metrics.calls.inc({ outcome: 'refused' });
      log.warn({ reason: read.message }, 'refused a request');
      return refuse(request, read.message);
    }
    const { composite, required } = read.request;
    const { kind, metadata } = composite.object;
    const about = { kind, name: metadata.name, namespace: metadata.namespace };
    try {
      const composition = await compose(read.request, deps);
      const [first] = composition.results;
      const outcome = first === undefined ? 'composed' : first.reason;
      metrics.calls.inc({ outcome });
      metrics.duration.observe((performance.now() - started) / 1000);
      log.debug({ ...about, outcome, asked: required.selectors.size }, 'composed');
      return toResponse(request, composition, required.selectors);
    } catch (error) {
      metrics.calls.inc({ outcome: 'error' });
      log.error({ ...about, err: error }, 'cannot compose');
      return refuse(request, `${kind} ${metadata.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}
