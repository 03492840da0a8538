import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, it } from '@jest/globals';

import { startTracing } from './start.ts';
import { traced } from './trace.ts';

let receiver: Server | undefined;
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
  receiver?.closeAllConnections();
  receiver?.close();
});

async function receive(answers: readonly number[]): Promise<{ readonly bodies: string[] }> {
  const left = [...answers];
  const bodies: string[] = [];
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(left.shift() ?? 200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  // The library reads where to send to from the environment of the process.
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '10';
  return { bodies };
}

it('says once that traces are not taken, and when they are again', async () => {
  const { bodies } = await receive([400, 400, 200]);
  const said: string[] = [];
  const told = async (): Promise<void> => {
    const count = bodies.length;
    await traced('work', { root: true }, async () => undefined);
    while (bodies.length === count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const tracing = await startTracing({
    service: 'test',
    version: '1',
    env: process.env,
    log: { warn: (_fields, message) => void said.push(message), debug: () => undefined },
  });
  await told();
  await told();
  await told();
  await tracing.stop();
  expect(said).toEqual([expect.stringMatching(/traces are not taken; check OTEL_/), 'traces are taken again']);
  expect(bodies.every((body) => body.includes('"work"'))).toBe(true);
});

it('loads and measures nothing without an endpoint', async () => {
  const tracing = await startTracing({ service: 'test', version: '1', env: {}, log: { warn: fail, debug: fail } });
  expect(await traced('x', { root: true }, async () => 'done')).toBe('done');
  await tracing.stop();
});

function fail(): never {
  throw new Error('nothing is to be said');
}
