/** Which walk belongs to the trace of the request that led to a document: the first ones, until it is carried out. */
import type { SpanOptions } from '#core/tracing/trace';

import type { PolicyInForce } from './policy-in-force.ts';

/** A document that is older was carried out by a former run, or came over a detour: nobody waits for it in a trace. */
const FRESH_MS = 15 * 60_000;

export interface PassTrace {
  /** Of the span of the walk that comes. */
  options(policy: PolicyInForce): SpanOptions;
  /** The walk came to its end. */
  done(policy: PolicyInForce): void;
}

export function createPassTrace(now: () => Date): PassTrace {
  let ended: string | undefined;
  return {
    options: ({ digest, document }) => {
      const isFresh = now().getTime() - Date.parse(document.issuedAt) < FRESH_MS;
      return {
        ...(digest !== ended && isFresh && document.trace !== undefined ? { parent: document.trace } : {}),
        attributes: { 'palette.cluster_uid': document.clusterUid, 'palette.revision': document.revision },
      };
    },
    done: ({ digest }) => {
      ended = digest;
    },
  };
}
