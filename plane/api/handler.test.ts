import { describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';

import type { AgentContext, Handler, PublicContext, Reply, SomeHandlers, UserContext } from './handler.ts';

describe('the types of handlers', () => {
  it('tell who calls: a user, an agent, anybody', () => {
    expectTypeOf<Parameters<Handler<'v1ProjectsUidGet'>>[1]>().toEqualTypeOf<UserContext>();
    expectTypeOf<Parameters<Handler<'v1AgentsCommandsList'>>[1]>().toEqualTypeOf<AgentContext>();
    expectTypeOf<Parameters<Handler<'v1Authenticate'>>[1]>().toEqualTypeOf<PublicContext>();
  });

  it('tell what comes in: parameters, JSON or bytes', () => {
    type Input<Id extends keyof SomeHandlers> = Parameters<Handler<Id>>[0];
    expectTypeOf<Input<'v1ProjectsUidGet'>['path']>().toEqualTypeOf<{ uid: string }>();
    expectTypeOf<Input<'v1ProjectsUidGet'>['body']>().toEqualTypeOf<undefined>();
    expectTypeOf<Input<'v1RegistriesPackUidPacksPush'>['body']>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<Input<'v1AgentsCommandsList'>['query']>().toEqualTypeOf<{ after?: number; types?: string }>();
    // Not required by the contract, so a handler must expect none.
    expectTypeOf<undefined>().toExtend<Input<'v1ProjectsCreate'>['body']>();
  });

  it('let out what the contract documents, and nothing else', () => {
    const fine: Reply<'v1ProjectsCreate'> = { status: 201, body: { uid: 'u' } };
    const unchanged: Reply<'v1AgentsDesiredStateGet'> = { status: 304, headers: { etag: '"d"' } };
    // @ts-expect-error -- the contract says 201
    const wrongStatus: Reply<'v1ProjectsCreate'> = { status: 200, body: { uid: 'u' } };
    // @ts-expect-error -- the body needs a uid
    const wrongBody: Reply<'v1ProjectsCreate'> = { status: 201, body: { id: 'u' } };
    // @ts-expect-error -- 204 has no body
    const surplus: Reply<'v1ProjectsUidDelete'> = { status: 204, body: {} };
    // @ts-expect-error -- not an operation of the contract
    const unknown: SomeHandlers = { v1Nothing: async () => ({ status: 204 }) };
    expect([fine, unchanged, wrongStatus, wrongBody, surplus, unknown]).toHaveLength(6);
  });
});
