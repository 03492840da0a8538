/** A way to the plane that can be closed, and that tells of each request that passes: TLS ends and begins here. */
import { once } from 'node:events';
import { Agent, request as httpsRequest, createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

import { createSelfSigned } from '#provider/terraform/transport/certificate';

/** A request on its way. */
export interface Passing {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** It came in; the plane has answered; the answer is on its way back. */
  readonly stage: 'arrived' | 'answered' | 'delivered';
}

export interface Gate {
  readonly host: string;
  /** Certificate to trust. */
  readonly ca: string;
  /** Called for each stage of each request, which goes on when what it returns is done. */
  watch(look: (passing: Passing) => Promise<void> | void): void;
  /** Breaks all connections and refuses new ones, until it is opened again. */
  close(): Promise<void>;
  /** Does nothing when it is open. */
  open(): Promise<void>;
  stop(): Promise<void>;
}

export async function startGate(target: { readonly host: string; readonly ca: string }): Promise<Gate> {
  const [name = '', port = ''] = target.host.split(':');
  const { certificate, privateKey } = createSelfSigned();
  const agent = new Agent({ keepAlive: true, ca: target.ca });
  let look: (passing: Passing) => Promise<void> | void = () => undefined;

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = incoming;
    const tell = async (stage: Passing['stage']): Promise<void> =>
      look({ method, path: url.replace(/\?.*$/s, ''), stage });
    await tell('arrived');
    const body = await buffer(incoming);
    const forward = httpsRequest({
      host: name,
      port,
      agent,
      method,
      path: url,
      headers: { ...incoming.headers, host: target.host },
    });
    forward.end(body);
    outgoing.once('close', () => forward.destroy());
    // as: the event's documented arguments
    const [answer] = (await once(forward, 'response')) as [IncomingMessage];
    const head = (): unknown => outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (method === 'GET') {
      head();
      answer.pipe(outgoing); // Event streams have no end.
      return;
    }
    const content = await buffer(answer);
    await tell('answered');
    head();
    outgoing.end(content);
    await tell('delivered');
  };

  let server: Server | undefined;
  let own = 0;
  const open = async (): Promise<void> => {
    if (server !== undefined) return;
    server = createServer({ cert: certificate, key: privateKey }, (incoming, outgoing) => {
      pass(incoming, outgoing).catch(() => outgoing.destroy());
    });
    server.listen(own, '127.0.0.1');
    await once(server, 'listening');
    own = (server.address() as AddressInfo).port; // as: it listens on a port
  };
  const close = async (): Promise<void> => {
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    server = undefined;
  };
  await open();
  return {
    host: `localhost:${own}`,
    ca: certificate,
    watch: (next) => void (look = next),
    open,
    close,
    stop: async () => {
      await close();
      agent.destroy();
    },
  };
}

/** Milliseconds that a request may be waited for. */
const HOLD_MS = 60_000;

/** Holds the answer to the next requests of that kind: the plane has done its work, and nobody knows. */
export function holdAnswer(
  gate: Gate,
  path: string,
): {
  /** There is one. Rejects when none comes within a minute. */
  readonly held: Promise<void>;
  /** Lets them go, and holds no others. */
  release(): void;
} {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const held = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nobody asked for POST ${path}`)), HOLD_MS);
    gate.watch(async (passing) => {
      if (passing.method !== 'POST' || passing.path !== path || passing.stage !== 'answered') return;
      clearTimeout(timer);
      resolve();
      await released;
    });
  });
  return {
    held,
    release: () => {
      gate.watch(() => undefined);
      release();
    },
  };
}
