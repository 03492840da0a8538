/** Which failed tries may be repeated: only where repeating cannot do a thing twice. */
import { assertNever } from '#core/assert-never';

import type { TransportFault } from './transport-error.ts';

const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

export type Failure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'transport'; readonly fault: TransportFault }
  /** The try ran out of its time. */
  | { readonly kind: 'timeout' };

/**
 * Whether a failed try may be repeated.
 *
 * Idempotent methods: on broken connections, time-outs, 429, 502, 503 and 504. Others (POST, PATCH) only when the request
 * was certainly not processed: no connection, 429, or 503 with `Retry-After`.
 */
export function mayRetry(method: string, failure: Failure, { repeatable }: { readonly repeatable: boolean }): boolean {
  const idempotent = repeatable || IDEMPOTENT.has(method);
  switch (failure.kind) {
    case 'status': {
      if (failure.status === 429) return true;
      if (failure.status === 503 && failure.retryAfterMs !== undefined) return true;
      return idempotent && [502, 503, 504].includes(failure.status);
    }
    case 'timeout':
      return idempotent;
    case 'transport':
      switch (failure.fault.kind) {
        case 'unconnected':
          return true;
        case 'broken':
          return idempotent;
        case 'unknown-host':
        case 'certificate':
        case 'not-tls':
          return false;
        default:
          return assertNever(failure.fault);
      }
    default:
      return assertNever(failure);
  }
}

/** Milliseconds that a `Retry-After` header asks for: seconds or a date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(value: string | undefined, now: () => number = Date.now): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now());
}
