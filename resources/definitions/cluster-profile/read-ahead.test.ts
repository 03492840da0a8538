import { describe, expect, it } from '@jest/globals';

import { fakeContext, type Answers, type FakeContext } from '../testing/fake-context.ts';
import { createReadAhead, type ReadAhead } from './read-ahead.ts';

const scope = { kind: 'tenant' } as const;
const BULK = 'POST /v1/bulk/clusterprofiles';
const LIST = 'GET /v1/dashboard/clusterprofiles/metadata';

const uids = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`);

function world(count: number): Answers {
  return {
    [LIST]: { items: uids(count).map((uid) => ({ metadata: { uid, name: uid } })) },
    [BULK]: ({ body }: { body: { uids: string[] } }) => ({
      items: body.uids
        .filter((uid) => uids(count).includes(uid))
        .map((uid) => ({ uid, profile: { metadata: { name: uid } }, variables: [], manifests: [] })),
      missing: [],
    }),
  };
}

const read = async (ahead: ReadAhead, ctx: FakeContext, uid: string): ReturnType<ReadAhead['read']> =>
  ahead.read(ctx.client, uid, { scope, signal: ctx.signal });

/** Reads one after another, which is the worst that can come. */
async function readAll(ahead: ReadAhead, ctx: FakeContext, wanted: readonly string[]): Promise<void> {
  for (const uid of wanted)
    expect(await read(ahead, ctx, uid)).toMatchObject({ kind: 'present', profile: { metadata: { name: uid } } });
}

describe('createReadAhead', () => {
  it('reads a hundred profiles one after another with a handful of requests', async () => {
    const ctx = fakeContext(world(100), { bulk: true });
    await readAll(createReadAhead(), ctx, uids(100));
    expect(ctx.operations()).toEqual([BULK, BULK, BULK, BULK, BULK, LIST, BULK]);
  });

  it('reads nothing ahead for a few profiles', async () => {
    const ctx = fakeContext(world(100), { bulk: true });
    await readAll(createReadAhead(), ctx, uids(5));
    expect(ctx.operations()).not.toContain(LIST);
  });

  it('does not fetch a thousand profiles for a configuration with ten', async () => {
    const ctx = fakeContext(world(1000), { bulk: true });
    await readAll(createReadAhead(), ctx, uids(10));
    expect(ctx.operations()).toEqual([BULK, BULK, BULK, BULK, BULK, LIST, BULK, BULK, BULK, BULK, BULK]);
    expect(ctx.calls.at(-1)?.body).toEqual({ uids: ['p9'] });
  });

  it('looks anew after a pause, and after a change', async () => {
    let time = 0;
    const ctx = fakeContext(world(10), { bulk: true });
    const ahead = createReadAhead({ now: () => time });
    const refresh = async (): Promise<number> => {
      const before = ctx.calls.length;
      await readAll(ahead, ctx, uids(10));
      return ctx.calls.length - before;
    };
    const first = await refresh();
    const again = await refresh();
    time += 2000;
    const afterPause = await refresh();
    ahead.forget(ctx.client);
    const afterChange = await refresh();
    expect({ first, again, afterPause, afterChange }).toEqual({ first: 7, again: 0, afterPause: 7, afterChange: 7 });
  });

  it('asks for a profile alone that is not in the list, or when the list fails', async () => {
    const ctx = fakeContext({ ...world(7), [LIST]: new Error('no list') }, { bulk: true });
    await readAll(createReadAhead(), ctx, uids(7));
    const partial = fakeContext(
      { ...world(7), [LIST]: { items: [{ metadata: { uid: 'p0', name: 'p0' } }] } },
      { bulk: true },
    );
    await readAll(createReadAhead(), partial, uids(7));
    expect([ctx.operations().at(-1), partial.operations().at(-1)]).toEqual([BULK, BULK]);
  });

  it('stays out of the way of an API without bulk reads', async () => {
    const ctx = fakeContext({
      'GET /v1/clusterprofiles/{uid}': { metadata: {} },
      'GET /v1/clusterprofiles/{uid}/variables': { variables: [] },
    });
    const ahead = createReadAhead();
    for (const uid of uids(10)) await read(ahead, ctx, uid);
    expect(ctx.calls).toHaveLength(20);
  });
});
