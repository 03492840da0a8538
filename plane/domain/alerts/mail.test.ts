import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { createMail, type MailServer } from './mail.ts';
import type { AlertMessage } from './message.ts';

const ALERT: AlertMessage = {
  uid: 'a1',
  component: 'ClusterHealth',
  severity: 'error',
  reason: 'ClusterUnHealthy',
  message: 'cluster web is unhealthy',
  clusterUid: 'c1',
  clusterName: 'web',
  projectUid: 'p1',
  projectName: 'Default',
  time: '2026-01-01T00:00:00.000Z',
};

let server: Server | undefined;
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server?.close();
});

async function listen(onConnection: (socket: Socket) => void): Promise<MailServer> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, security: 'none', from: 'palette@example.test' };
}

describe('mail', () => {
  it('is given up for now when a server talks on and takes nothing, and does not go on behind', async () => {
    let left: () => void = () => undefined;
    const isLeft = new Promise<void>((resolve) => (left = resolve));
    const drip = await listen((socket) => {
      const talking = setInterval(() => socket.write('220-one moment\r\n'), 20);
      socket.on('close', () => {
        clearInterval(talking);
        left();
      });
    });
    const mail = createMail(drip, { wholeMs: 200 });
    const outcome = await mail.send(['ops@example.test'], ALERT, { signal: new AbortController().signal });
    expect(outcome).toEqual({
      kind: 'failed',
      message: `the mail server 127.0.0.1:${drip.port} took more than 0.2 s`,
      final: false,
    });
    await isLeft;
    mail.close();
  });

  it('has more time the more people it goes to', async () => {
    const silent = await listen(() => undefined);
    const mail = createMail(silent, { wholeMs: 10 });
    const outcome = await mail.send(['a@example.test', 'b@example.test'], ALERT, {
      signal: new AbortController().signal,
    });
    expect(outcome.message).toMatch(/took more than 0\.51 s/);
    mail.close();
  });

  it('ends with the plane', async () => {
    const silent = await listen(() => undefined);
    const stop = new AbortController();
    const mail = createMail(silent);
    const sending = mail.send(['ops@example.test'], ALERT, { signal: stop.signal });
    await once(server as Server, 'connection');
    stop.abort(new Error('the plane stops'));
    await expect(sending).rejects.toThrow('the plane stops');
    mail.close();
  });

  it.each([
    { name: 'without a server', server: undefined, to: ['a@example.test'], says: /no mail server: set `alerts\.smtp`/ },
    {
      name: 'to nobody',
      server: { host: 'mail.example.test', port: 25, security: 'none', from: 'p@example.test' } as const,
      to: [],
      says: /nobody to write to/,
    },
  ])('fails for good $name', async ({ server: given, to, says }) => {
    const outcome = await createMail(given).send(to, ALERT, { signal: new AbortController().signal });
    expect(outcome).toEqual({ kind: 'failed', message: expect.stringMatching(says), final: true });
  });
});
