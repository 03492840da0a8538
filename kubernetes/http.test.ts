import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { readBytes, type HttpResponse } from './http.ts';

function answer(): { readonly body: PassThrough; readonly response: HttpResponse } {
  const body = new PassThrough();
  // as: reading uses nothing that a request of HTTP has beyond a stream
  return { body, response: { status: 200, headers: {}, body: body as unknown as IncomingMessage } };
}

describe('readBytes', () => {
  it('waits for a slow line as long as something comes', async () => {
    const { body, response } = answer();
    const reading = readBytes(response, { timeoutMs: 60_000, silenceMs: 150 });
    for (let part = 0; part < 8; part++) {
      body.write('x');
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    body.end('y');
    expect((await reading).toString()).toBe('xxxxxxxxy');
  });

  it.each([
    { name: 'on which nothing comes any more', limits: { timeoutMs: 60_000, silenceMs: 20 }, message: /nothing more/ },
    { name: 'that does not end in time', limits: { timeoutMs: 20 }, message: /did not end in 20 ms/ },
  ])('gives up a line $name', async ({ limits, message }) => {
    const { body, response } = answer();
    body.write('x');
    await expect(readBytes(response, limits)).rejects.toThrow(message);
  });

  it('refuses more than it may hold', async () => {
    const { body, response } = answer();
    body.end('four');
    await expect(readBytes(response, { maxBytes: 3 })).rejects.toThrow('longer than 3 bytes');
  });
});
