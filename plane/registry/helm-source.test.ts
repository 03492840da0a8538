import { describe, expect, it } from '@jest/globals';

import { createHelmSource } from './helm-source.ts';
import type { Answer, Ask } from './http.ts';

describe('credentials of a chart repository', () => {
  it.each([
    { from: 'https://charts.example.test/a', to: 'https://charts.example.test/web.tgz', sent: true },
    { from: 'http://charts.example.test/a', to: 'http://charts.example.test/web.tgz', sent: true },
    { from: 'http://charts.example.test/a', to: 'https://charts.example.test/web.tgz', sent: true },
    { from: 'https://charts.example.test/a', to: 'https://other.example.test/web.tgz', sent: false },
    { from: 'https://charts.example.test/a', to: 'http://charts.example.test/web.tgz', sent: false },
    { from: 'https://charts.example.test/a', to: 'https://charts.example.test:8443/web.tgz', sent: false },
  ])('of $from go to $to: $sent', async ({ from, to, sent }) => {
    const asked: Ask[] = [];
    const source = createHelmSource({
      endpoint: from,
      credentials: { kind: 'basic', username: 'u', password: 'secret', tlsKey: '' },
      http: {
        ask: async (ask): Promise<Answer> => {
          asked.push(ask);
          return {
            status: 200,
            headers: {},
            url: ask.url,
            drop: () => undefined,
            body: (async function* () {
              yield Buffer.from('chart');
            })(),
          };
        },
        close: () => undefined,
      },
    });
    await source.fetch({ kind: 'helm', url: to }, { publicKeys: [], signal: new AbortController().signal });
    expect(asked.map(({ headers = {} }) => 'authorization' in headers)).toEqual([sent]);
  });
});
