import * as http2 from 'node:http2';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createGrpcServer, GrpcError, type GrpcServer, type UnaryRoute } from './grpc-server.ts';
import { removeSocket, socketPath } from './socket.ts';
import { connect } from 'node:net';

const routes = new Map<string, UnaryRoute>([
  ['/t.T/Echo', { handle: async (request) => Promise.resolve(request) }],
  ['/t.T/Fail', { handle: async () => Promise.reject(new Error('näh')) }],
  ['/t.T/Refuse', { handle: async () => Promise.reject(new GrpcError(9, 'not now')) }],
]);

let server: GrpcServer;
let session: http2.ClientHttp2Session;
const path = socketPath({});

beforeAll(async () => {
  server = createGrpcServer({ findRoute: async (route) => Promise.resolve(routes.get(route)) });
  await server.listen(path);
  session = http2.connect('http://localhost', {
    createConnection: () => connect(path),
    maxSessionMemory: 1000,
    settings: { initialWindowSize: 1 << 24 },
  });
});

afterAll(async () => {
  session.close();
  await server.close();
  removeSocket(path);
});

interface Answer {
  readonly status: string;
  readonly message: string;
  readonly body: Buffer;
}

async function call(route: string, frame: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': route,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let head: http2.IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    const note = (headers: http2.IncomingHttpHeaders): void => {
      head = { ...head, ...headers };
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () =>
      resolve({
        status: String(head['grpc-status']),
        message: decodeURIComponent(String(head['grpc-message'] ?? '')),
        body: Buffer.concat(chunks).subarray(5),
      }),
    );
    stream.end(frame);
  });
}

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

describe('the gRPC server', () => {
  it('answers messages of any size, several large ones at once', async () => {
    const sizes = [0, 1, 16_384, 5_000_000, 20_000_000, 20_000_000];
    const answers = await Promise.all(sizes.map(async (size) => call('/t.T/Echo', framed(Buffer.alloc(size, 7)))));
    expect(answers.map(({ status, body }) => [status, body.length])).toEqual(sizes.map((size) => ['0', size]));
  });

  it.each([
    {
      name: 'an unknown call',
      route: '/t.T/None',
      frame: framed(Buffer.alloc(0)),
      want: ['12', 'there is no /t.T/None'],
    },
    { name: 'a failure', route: '/t.T/Fail', frame: framed(Buffer.alloc(0)), want: ['13', 'näh'] },
    { name: 'a refusal', route: '/t.T/Refuse', frame: framed(Buffer.alloc(0)), want: ['9', 'not now'] },
    {
      name: 'a compressed message',
      route: '/t.T/Echo',
      frame: Buffer.from([1, 0, 0, 0, 0]),
      want: ['12', 'compressed messages are not supported'],
    },
    {
      name: 'a message that is cut off',
      route: '/t.T/Echo',
      frame: Buffer.from([0, 0, 0, 0, 9, 1]),
      want: ['13', 'the request says 9 bytes and has 1'],
    },
    { name: 'no message', route: '/t.T/Echo', frame: Buffer.alloc(0), want: ['13', 'the request has no message'] },
  ])('answers $name with a status', async ({ route, frame, want }) => {
    const { status, message } = await call(route, frame);
    expect([status, message]).toEqual(want);
  });
});
