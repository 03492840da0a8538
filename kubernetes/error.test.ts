import { describe, expect, it } from '@jest/globals';

import { isAway, isTransient, kubeErrorFrom } from './error.ts';

describe('what the API server says no to', () => {
  it.each([
    {
      name: 'names the fields of its causes',
      status: 422,
      body: {
        reason: 'Invalid',
        message: 'x is invalid',
        details: { causes: [{ field: 'spec.replicas', message: 'must be positive' }, { message: 'without a field' }] },
      },
      want: { status: 422, reason: 'Invalid', fields: [{ field: 'spec.replicas', message: 'must be positive' }] },
      transient: false,
    },
    {
      name: 'finds the field that server-side apply hides in a sentence, under status 500',
      status: 500,
      body: {
        message:
          'failed to create typed patch object (default/x; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
      },
      want: {
        status: 422,
        reason: 'Invalid',
        fields: [{ field: 'spec.foo', message: 'field not declared in schema' }],
      },
      transient: false,
    },
    {
      name: 'finds several of them',
      status: 500,
      body: {
        message:
          'failed to create typed patch object (default/x; v1, Kind=Pod): errors:\n  .spec.a: field not declared in schema\n  .spec.b: expected string, got 1',
      },
      want: {
        fields: [
          { field: 'spec.a', message: 'field not declared in schema' },
          { field: 'spec.b', message: 'expected string, got 1' },
        ],
      },
      transient: false,
    },
    {
      name: 'is no trouble of the server when the object is too large to be stored',
      status: 500,
      body: { message: 'etcdserver: request is too large' },
      want: { status: 413, reason: 'RequestEntityTooLarge' },
      transient: false,
    },
    {
      name: 'may pass by itself when a webhook breaks, which is about one object',
      status: 500,
      body: { reason: 'InternalError', message: 'Internal error occurred: failed calling webhook "x.dev": EOF' },
      want: { status: 500 },
      transient: true,
    },
    {
      name: 'may pass by itself when the server is in trouble',
      status: 503,
      body: { message: 'later' },
      want: { status: 503 },
      transient: true,
    },
    {
      name: 'says when to come again',
      status: 429,
      body: { message: 'slow down', details: { retryAfterSeconds: 2 } },
      want: { retryAfterMs: 2_000 },
      transient: true,
    },
  ])('$name', ({ status, body, want, transient }) => {
    const error = kubeErrorFrom('apply Deployment default/x', status, JSON.stringify(body), undefined);
    expect(error).toMatchObject(want);
    expect(error.message).toMatch(/^apply Deployment default\/x: /);
    expect(isTransient(error)).toBe(transient);
    expect(isAway(error)).toBe(transient && status !== 500);
  });

  it('is readable when a proxy answers in HTML', () => {
    const error = kubeErrorFrom('list Pod', 502, '<html>Bad gateway</html>\n<body>', undefined);
    expect(error.message).toBe('list Pod: <html>Bad gateway</html>');
  });
});
