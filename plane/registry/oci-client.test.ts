import { describe, expect, it } from '@jest/globals';

import type { Answer, Ask, RegistryHttp } from './http.ts';
import { createOciClient, type OciClient } from './oci-client.ts';

const signal = new AbortController().signal;
const BASE = new URL('https://registry.example.test/');

interface Given {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Where the answer comes from after redirects; the question's own address when left out. */
  readonly from?: string;
}

function clientOver(answer: (ask: Ask) => Given): { readonly client: OciClient; readonly asked: Ask[] } {
  const asked: Ask[] = [];
  const http: RegistryHttp = {
    ask: async (ask): Promise<Answer> => {
      asked.push(ask);
      const { status, headers = {}, body = '', from } = answer(ask);
      return {
        status,
        headers,
        url: from === undefined ? ask.url : new URL(from),
        drop: () => undefined,
        body: (async function* () {
          yield Buffer.from(body);
        })(),
      };
    },
    close: () => undefined,
  };
  const login = async (): Promise<{ username: string; password: string }> => ({ username: 'u', password: 'secret' });
  return { client: createOciClient({ base: BASE, login, http }), asked };
}

describe('an OCI registry', () => {
  it('with tags without end is told as too large, whatever a page holds', async () => {
    const tags = Array.from({ length: 150_000 }, (_, tag) => `1.0.${tag}`);
    const { client } = clientOver(() => ({
      status: 200,
      headers: { link: '</v2/web/tags/list?n=1000&last=x>; rel="next"' },
      body: JSON.stringify({ tags }),
    }));
    await expect(client.tags('web', { signal })).rejects.toMatchObject({ code: 'RegistryLimit' });
  });

  it('is logged in to where it says', async () => {
    const { client, asked } = clientOver(({ url, headers = {} }) => {
      if (url.host === 'auth.example.test') return { status: 200, body: '{"token":"t"}' };
      if (headers['authorization'] === 'Bearer t') return { status: 200, body: '{"tags":["1.0.0"]}' };
      return { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://auth.example.test/token"' } };
    });
    expect(await client.tags('web', { signal })).toEqual(['1.0.0']);
    expect(asked.map(({ url }) => url.host)).toEqual([BASE.host, 'auth.example.test', BASE.host]);
  });

  it('that sends on to another host has no login asked for by that one', async () => {
    const { client, asked } = clientOver(({ url }) =>
      url.host === BASE.host
        ? {
            status: 401,
            headers: { 'www-authenticate': 'Bearer realm="https://thief.example.test/token"' },
            from: 'https://elsewhere.example.test/blob',
          }
        : { status: 200, body: '{"token":"t"}' },
    );
    await expect(client.tags('web', { signal })).rejects.toMatchObject({ code: 'RegistryUnauthorized' });
    expect(asked.map(({ url }) => url.host)).toEqual([BASE.host]);
  });
});
