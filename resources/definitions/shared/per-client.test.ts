import { describe, expect, it } from '@jest/globals';

import { derive } from '#openapi/client/index';

import { perClient } from './per-client.ts';

describe('perClient', () => {
  it('asks once for one client and the same arguments, even by many callers at a time', async () => {
    const asked: string[] = [];
    const look = perClient(async (_: object, name: string) => {
      asked.push(name);
      return Promise.resolve(name.length);
    });
    const client = {};
    expect(await Promise.all([look(client, 'abc'), look(client, 'abc'), look(client, 'de')])).toEqual([3, 3, 2]);
    expect(asked).toEqual(['abc', 'de']);
  });

  it('asks again for another client', async () => {
    let asked = 0;
    const look = perClient(async (_: object) => Promise.resolve((asked += 1)));
    expect([await look({}), await look({})]).toEqual([1, 2]);
  });

  it('asks once for clients that were made of one', async () => {
    let asked = 0;
    const look = perClient(async (_: object) => Promise.resolve((asked += 1)));
    const client = {};
    const derived = derive(client, {});
    expect([await look(derived), await look(client), await look(derive(derived, {}))]).toEqual([1, 1, 1]);
  });

  it('forgets a failure', async () => {
    let asked = 0;
    const look = perClient(async (_: object) => {
      asked += 1;
      if (asked === 1) throw new Error('down');
      return Promise.resolve('up');
    });
    const client = {};
    await expect(look(client)).rejects.toThrow('down');
    await expect(look(client)).resolves.toBe('up');
  });

  it('asks again when the answer is old', async () => {
    let asked = 0;
    let time = 0;
    const look = perClient(async (_: object) => Promise.resolve((asked += 1)), { lifeMs: 10, now: () => time });
    const client = {};
    const answers = [await look(client)];
    time = 9;
    answers.push(await look(client));
    time = 10;
    answers.push(await look(client));
    expect(answers).toEqual([1, 1, 2]);
  });
});
