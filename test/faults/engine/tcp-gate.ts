/** A way over TCP that can be cut and slowed down; what passes it stays sealed. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface TcpGate {
  readonly port: number;
  /** Breaks all connections and refuses to carry others, until it is opened again. */
  cut(): void;
  open(): void;
  /** Milliseconds by which each piece is late, each way. */
  slow(delayMs: number): void;
  stop(): Promise<void>;
}

export async function startTcpGate(targetPort: () => number): Promise<TcpGate> {
  const state = { cut: false, delayMs: 0 };
  const sockets = new Set<Socket>();
  const late = (): Transform =>
    new Transform({
      transform(chunk, _encoding, done) {
        if (state.delayMs === 0) done(null, chunk);
        else setTimeout(done, state.delayMs, null, chunk);
      },
    });
  const server = createServer({ noDelay: true }, (near) => {
    if (state.cut) {
      near.destroy();
      return;
    }
    const far = connect({ port: targetPort(), host: '127.0.0.1', noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined); // Its end is told next.
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(late()).pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // as: it listens on a port
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    cut: () => {
      state.cut = true;
      breakAll();
    },
    open: () => {
      state.cut = false;
    },
    slow: (delayMs) => {
      state.delayMs = delayMs;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      breakAll();
      await closed;
    },
  };
}
