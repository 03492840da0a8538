import { describe, expect, it } from '@jest/globals';

import { mayRetry, parseRetryAfter, type Failure } from './retry-policy.ts';

const status = (code: number, retryAfterMs?: number): Failure => ({ kind: 'status', status: code, retryAfterMs });
const fault = (kind: 'unconnected' | 'unknown-host' | 'broken' | 'certificate' | 'not-tls'): Failure => ({
  kind: 'transport',
  fault: { kind, reason: kind },
});

describe('mayRetry', () => {
  it.each<{ name: string; method: string; failure: Failure; repeatable?: boolean; want: boolean }>([
    { name: 'a GET after a broken connection', method: 'GET', failure: fault('broken'), want: true },
    { name: 'a PUT after a time-out', method: 'PUT', failure: { kind: 'timeout' }, want: true },
    { name: 'a DELETE after 502', method: 'DELETE', failure: status(502), want: true },
    { name: 'a GET after 503', method: 'GET', failure: status(503), want: true },
    { name: 'a GET after 504', method: 'GET', failure: status(504), want: true },
    { name: 'a GET after 429', method: 'GET', failure: status(429), want: true },
    { name: 'a GET after 500: the same request fails the same way', method: 'GET', failure: status(500), want: false },
    { name: 'a GET after 404', method: 'GET', failure: status(404), want: false },
    { name: 'a POST that met no server', method: 'POST', failure: fault('unconnected'), want: true },
    { name: 'a POST that was limited', method: 'POST', failure: status(429), want: true },
    { name: 'a POST after 503 with a time to come back', method: 'POST', failure: status(503, 1000), want: true },
    {
      name: 'a POST after 503 without one: it may have been processed',
      method: 'POST',
      failure: status(503),
      want: false,
    },
    { name: 'a POST after a broken connection', method: 'POST', failure: fault('broken'), want: false },
    { name: 'a PATCH after a time-out', method: 'PATCH', failure: { kind: 'timeout' }, want: false },
    { name: 'a POST after 502', method: 'POST', failure: status(502), want: false },
    { name: 'a search by POST after 502', method: 'POST', failure: status(502), repeatable: true, want: true },
    { name: 'a GET with an untrusted certificate', method: 'GET', failure: fault('certificate'), want: false },
    { name: 'a GET to a name that does not exist', method: 'GET', failure: fault('unknown-host'), want: false },
    { name: 'a GET to a server without TLS', method: 'GET', failure: fault('not-tls'), want: false },
  ])('$name: $want', ({ method, failure, repeatable, want }) => {
    expect(mayRetry(method, failure, { repeatable: repeatable ?? false })).toBe(want);
  });
});

describe('parseRetryAfter', () => {
  const now = (): number => Date.parse('2026-01-01T00:00:00Z');
  it.each([
    { text: undefined, want: undefined },
    { text: '0', want: 0 },
    { text: ' 7 ', want: 7000 },
    { text: 'Thu, 01 Jan 2026 00:00:30 GMT', want: 30_000 },
    { text: 'Wed, 31 Dec 2025 00:00:00 GMT', want: 0 },
    { text: 'soon', want: undefined },
  ])('reads $text as $want ms', ({ text, want }) => {
    expect(parseRetryAfter(text, now)).toBe(want);
  });
});
