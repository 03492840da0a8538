import { describe, expect, it } from '@jest/globals';

import { isApiError, isNotFound, type PaletteClient } from '#openapi/client/index';

import { guardClient, traceClient, type RequestTrace } from './guarded-client.ts';
import { refusal, unreachable } from './testing/fake-palette.ts';

function clientThat(fails: () => Error, offers = true): PaletteClient {
  const call = async (): Promise<never> => {
    throw fails();
  };
  const client: Partial<PaletteClient> = {
    get: call,
    post: call,
    put: call,
    patch: call,
    delete: call,
    clusterProfile: async () => ({ kind: 'absent' }),
    offers: () => offers,
  };
  // as: the guard uses no other calls
  return client as PaletteClient;
}

const scope = { kind: 'tenant' } as const;

describe('a guarded client', () => {
  it.each([
    { name: 'the API itself', code: 'ResourceNotFound', isAbsent: true },
    { name: 'a proxy', code: 'Http404', isAbsent: false },
  ])('takes not found for absent from $name: $isAbsent', async ({ code, isAbsent }) => {
    const client = guardClient(clientThat(() => refusal(404, code, 'x')));
    const error = await client.get('/v1/projects/{uid}', { path: { uid: 'x' } }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isNotFound(error)).toBe(isAbsent);
  });

  it.each([
    { name: 'is absent when the API itself says so', code: 'ResourceNotFound', want: 'absent' },
    { name: 'is not absent because of a proxy', code: 'Http404', want: 'InvalidResponse' },
  ])('a profile that was found absent piece by piece $name', async ({ code, want }) => {
    const client = guardClient(clientThat(() => refusal(404, code, 'x'), false));
    const found = await client.clusterProfile('x', { scope }).then(
      ({ kind }) => kind,
      (error: unknown) => (isApiError(error) ? error.code : undefined),
    );
    expect(found).toBe(want);
  });

  it('is one for each client, so that what is kept by client is kept', () => {
    const client = clientThat(unreachable);
    expect(guardClient(client)).toBe(guardClient(client));
  });

  it.each([
    { name: 'a refusal', fails: () => refusal(422, 'Invalid', 'x'), want: 'refused' },
    { name: 'a lost answer', fails: unreachable, want: 'sent' },
    { name: 'an error inside the API', fails: () => refusal(500, 'Internal', 'x'), want: 'sent' },
    { name: 'a page of a proxy', fails: () => refusal(403, 'Http403', 'x'), want: 'sent' },
  ])('notes after $name: $want', async ({ fails, want }) => {
    const trace: RequestTrace = { last: 'none' };
    const client = traceClient(clientThat(fails), trace);
    await client.get('/v1/users/info').catch(() => undefined);
    expect(trace.last).toBe('none');
    await client.post('/v1/projects', { body: { metadata: { name: 'x' } } }).catch(() => undefined);
    expect(trace.last).toBe(want);
  });
});
