/** The agent's way to the API server: plain HTTP to here, so that each request is seen, and from here as an administrator. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { delay } from '#core/retry';

export interface ApiServer {
  readonly server: string;
  readonly caFile: string;
  readonly adminCertFile: string;
  readonly adminKeyFile: string;
}

/** A request of the agent and how it was answered. */
export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A request of the agent that changes something. */
export interface Write {
  readonly method: string;
  readonly path: string;
}

export interface ApiGate {
  readonly url: string;
  /** Breaks all connections and lets nothing through, until it is opened again. */
  cut(): void;
  open(): void;
  /** Milliseconds by which each request is late. */
  slow(delayMs: number): void;
  /** Writes are refused as by an API server whose database is full. */
  full(isFull: boolean): void;
  /** Asked about each write that is about to be sent, and again when it was carried out. */
  onWrite(look: (write: Write, when: 'before' | 'after') => void): void;
  /** What was written, in order. */
  readonly writes: readonly Write[];
  /** Everything that was answered, in order; kept when the gate was told to. */
  readonly answers: readonly Answer[];
  stop(): Promise<void>;
}

/** As kube-apiserver answers when etcd has raised its alarm for space. */
const NO_SPACE = JSON.stringify({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'etcdserver: mvcc: database space exceeded',
  code: 500,
});

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** Connections to the API server that gates share; with an administrator's certificate where one is given. */
export async function connectionsTo({
  caFile,
  adminCertFile,
  adminKeyFile,
}: Pick<ApiServer, 'caFile'> & Partial<ApiServer>): Promise<Agent> {
  const read = async (file: string | undefined) => (file === undefined ? undefined : readFile(file));
  const [ca, cert, key] = await Promise.all([caFile, adminCertFile, adminKeyFile].map(read));
  return new Agent({ keepAlive: true, maxSockets: 256, ca, cert, key });
}

export async function startApiGate(
  { server: target }: Pick<ApiServer, 'server'>,
  agent: Agent,
  { keepAnswers = false }: { readonly keepAnswers?: boolean } = {},
): Promise<ApiGate> {
  const state = { cut: false, delayMs: 0, full: false };
  const writes: Write[] = [];
  const answers: Answer[] = [];
  let look: (write: Write, when: 'before' | 'after') => void = () => undefined;

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = incoming;
    const isWrite = method !== 'GET' && !url.includes('dryRun=All');
    const write = { method, path: url.replace(/\?.*$/s, '') };
    const body = await buffer(incoming);
    if (state.delayMs > 0) await delay(state.delayMs);
    if (isWrite) look(write, 'before');
    if (state.cut) throw new Error('the link is cut');
    if (isWrite && state.full) {
      outgoing.writeHead(500, { 'content-type': 'application/json' }).end(NO_SPACE);
      return;
    }
    const forward = httpsRequest(new URL(url, target), { agent, method, headers: forwarded(incoming) });
    forward.end(body);
    outgoing.once('close', () => forward.destroy());
    // as: the event's documented arguments
    const [answer] = (await once(forward, 'response')) as [IncomingMessage];
    if (keepAnswers) answers.push({ method, path: url, status: answer.statusCode ?? 0 });
    const head = (): unknown => outgoing.writeHead(answer.statusCode ?? 502, without(answer.headers));
    if (isWrite) {
      const content = await buffer(answer);
      writes.push(write);
      look(write, 'after');
      if (state.cut) throw new Error('the link is cut');
      head();
      outgoing.end(content);
      return;
    }
    head();
    outgoing.flushHeaders(); // A watch may have nothing to say for long.
    answer.on('error', () => outgoing.destroy()); // A watch that the API server broke off.
    answer.pipe(outgoing);
  };

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.on('connection', (socket) => {
    if (state.cut) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // as: it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => {
      state.cut = true;
      server.closeAllConnections();
    },
    open: () => {
      state.cut = false;
    },
    slow: (delayMs) => {
      state.delayMs = delayMs;
    },
    full: (isFull) => {
      state.full = isFull;
    },
    onWrite: (next) => {
      look = next;
    },
    writes,
    answers,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function forwarded({ headers }: IncomingMessage): Record<string, string | string[]> {
  const rest = without(headers);
  delete rest['host'];
  return rest;
}

function without(headers: IncomingMessage['headers']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, value]],
    ),
  );
}
