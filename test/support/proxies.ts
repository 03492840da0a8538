/** Real proxies for tests: CONNECT over HTTP and HTTPS, and SOCKS 5, with names that only they can resolve. */
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TestProxy {
  readonly port: number;
  /** What was asked for, as `host:port`, in order. */
  readonly asked: string[];
  /** Cuts what is open, and refuses what comes until `mend`. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

export interface TestProxyOptions {
  /** Where a name with its port leads on this machine; what it does not name is refused, as by a firewall. */
  readonly route: (authority: string) => number | undefined;
  /** Wanted as `user:password`. */
  readonly credentials?: string;
  /** PEM texts: the proxy itself is spoken to over TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export async function startConnectProxy({ route, credentials, tls }: TestProxyOptions): Promise<TestProxy> {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  const proxy = track(server);
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy());
    const authority = request.url ?? '';
    proxy.asked.push(authority);
    const refuse = (status: string): void => void client.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
    const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted)
      return refuse('407 Proxy Authentication Required');
    const port = route(authority);
    if (port === undefined || proxy.isCut()) return refuse('403 Forbidden');
    const target = proxy.lead(client, port);
    target.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) target.write(head);
      client.pipe(target).pipe(client);
    });
  });
  return proxy.listen();
}

/** SOCKS 5 (RFC 1928), with user and password (RFC 1929) where credentials are wanted. */
export async function startSocksProxy({ route, credentials }: TestProxyOptions): Promise<TestProxy> {
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    void serveSocks(client);
  });
  const proxy = track(server);
  const serveSocks = async (client: Socket): Promise<void> => {
    const read = reader(client);
    const [, methods = 0] = await read(2);
    const offered = [...(await read(methods))];
    const method = credentials === undefined ? 0 : 2;
    if (!offered.includes(method)) return void client.end(Buffer.from([5, 0xff]));
    client.write(Buffer.from([5, method]));
    if (credentials !== undefined) {
      const user = (await read((await read(2))[1] ?? 0)).toString();
      const password = (await read((await read(1))[0] ?? 0)).toString();
      const right = `${user}:${password}` === credentials;
      client.write(Buffer.from([1, right ? 0 : 1]));
      if (!right) return void client.end();
    }
    const [, , , type] = await read(4);
    const host =
      type === 3 ? (await read((await read(1))[0] ?? 0)).toString() : [...(await read(type === 4 ? 16 : 4))].join('.');
    const authority = `${host}:${(await read(2)).readUInt16BE()}`;
    proxy.asked.push(authority);
    const port = route(authority);
    const answer = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    if (port === undefined || proxy.isCut()) return void client.end(answer(2));
    const target = proxy.lead(client, port);
    target.once('connect', () => {
      client.write(answer(0));
      client.pipe(target).pipe(client);
    });
  };
  return proxy.listen();
}

function reader(socket: Socket): (bytes: number) => Promise<Buffer> {
  return async (bytes) => {
    for (;;) {
      if (bytes === 0) return Buffer.alloc(0);
      // Without an encoding set, node gives buffers.
      const part = socket.read(bytes) as Buffer | null;
      if (part) return part;
      await new Promise((resolve) => socket.once('readable', resolve));
    }
  };
}

interface Tracked {
  readonly asked: string[];
  isCut(): boolean;
  /** Connects a client to a port of this machine, and ends both together. */
  lead(client: Duplex, port: number): Socket;
  listen(): Promise<TestProxy>;
}

function track(server: Server): Tracked {
  const asked: string[] = [];
  const open = new Set<{ destroy(): void }>();
  let cut = false;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const drop = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    asked,
    isCut: () => cut,
    lead: (client, port) => {
      const target = connect(port, '127.0.0.1');
      open.add(target);
      target.once('close', () => {
        open.delete(target);
        client.destroy();
      });
      client.once('close', () => target.destroy());
      target.on('error', () => client.destroy());
      return target;
    },
    listen: async () => {
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return {
        // A listening TCP server has an address with a port.
        port: (server.address() as AddressInfo).port,
        asked,
        cut: () => {
          cut = true;
          drop();
        },
        mend: () => {
          cut = false;
        },
        stop: async () => {
          const closed = new Promise((resolve) => {
            server.close(resolve);
          });
          drop();
          await closed;
        },
      };
    },
  };
}
