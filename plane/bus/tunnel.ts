/**
 * The bus from the plane's own port: WebSockets of agents are led to a bus server that takes them, byte by byte. An agent
 * then needs one way out alone, the one that its firewall leaves open for HTTPS.
 */
import type { IncomingMessage } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

import type { Logger } from '#core/log';
import type { CallOptions } from '#plane/api/authenticate';
import { PlaneError } from '#plane/api/error';
import type { AgentPrincipal } from '#plane/api/handler';

export const TUNNEL_PATH = '/v1/agents/bus';

/** Where agents find the tunnel of the plane at this URL. */
export function tunnelUrl(planeUrl: string): string {
  return `${planeUrl.replace(/^https:/, 'wss:').replace(/\/+$/, '')}${TUNNEL_PATH}`;
}

export interface TunnelOptions {
  /** `wss://host:port` of a bus server, or `ws://`. */
  readonly target: string;
  /** PEM bundle for the server's certificate; absent: the system's own trust. */
  readonly ca: string | undefined;
  /** The bus asks for its own credentials besides; these keep everybody else out. As for each request: failures count. */
  readonly authenticate: (call: CallOptions) => Promise<Pick<AgentPrincipal, 'clusterUid'>>;
  readonly log: Logger;
  /** Ends all tunnels. */
  readonly signal: AbortSignal;
}

/** Takes over a connection whose request asks for an upgrade. Never throws. */
export type UpgradeHandler = (request: IncomingMessage, client: Duplex, head: Buffer) => void;

/** Open at once, for each agent: one, and another one while its credentials are renewed; some that ended unnoticed. */
const MOST_PER_AGENT = 8;
const CONNECT_MS = 5_000;
/** Longer than the bus and its clients take to say that they are there. */
const IDLE_MS = 60_000;

/** Makes the handler of upgrades; what is none of an agent to the bus is refused. */
export function createTunnel({ target, ca, authenticate, log, signal }: TunnelOptions): UpgradeHandler {
  const open = new Map<string, number>();

  const lead = async (request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> => {
    if (new URL(request.url ?? '/', 'https://plane').pathname !== TUNNEL_PATH) return refuse(client, 404, 'Not Found');
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return refuse(client, 400, 'Bad Request');
    const { clusterUid } = await authenticate({
      headers: new Headers({ authorization: request.headers.authorization ?? '' }),
      // A budget of its own: an agent that dials in vain must not keep people behind its address from signing in.
      source: `bus ${request.socket.remoteAddress ?? 'unknown'}`,
      signal: AbortSignal.timeout(CONNECT_MS),
    });
    // Who left meanwhile would never be heard to leave.
    if (client.destroyed) return;
    if ((open.get(clusterUid) ?? 0) >= MOST_PER_AGENT) return refuse(client, 429, 'Too Many Requests');
    open.set(clusterUid, (open.get(clusterUid) ?? 0) + 1);
    client.once('close', () => {
      const left = (open.get(clusterUid) ?? 1) - 1;
      if (left > 0) open.set(clusterUid, left);
      else open.delete(clusterUid);
    });
    try {
      join(client, await reach(target, ca), requestHead(request, target), head, signal);
    } catch (error) {
      log.warn({ err: error, clusterUid }, 'an agent was not led to the bus');
      refuse(client, 502, 'Bad Gateway');
    }
  };

  return (request, client, head) => {
    client.on('error', () => client.destroy());
    lead(request, client, head).catch((error: unknown) => {
      if (error instanceof PlaneError && error.status === 401) return refuse(client, 401, 'Unauthorized');
      if (error instanceof PlaneError && error.status === 429) return refuse(client, 429, 'Too Many Requests');
      log.warn({ err: error }, 'a request for the bus failed');
      refuse(client, 503, 'Service Unavailable');
    });
  };
}

function refuse(client: Duplex, status: number, reason: string): void {
  if (client.destroyed) return;
  client.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => client.destroy());
}

async function reach(target: string, ca: string | undefined): Promise<Socket> {
  const { protocol, hostname, port } = new URL(target);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'wss:';
  const to = { host, port: port === '' ? (secure ? 443 : 80) : Number(port) };
  const servername = isIP(host) === 0 ? host : '';
  const socket = secure ? connectTls({ ...to, servername, ...(ca === undefined ? {} : { ca }) }) : connectTcp(to);
  return new Promise<Socket>((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${CONNECT_MS} ms`)), CONNECT_MS);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** The bus is asked for what the agent asked for, without the agent's token, which is none of its business. */
function requestHead({ headers }: IncomingMessage, target: string): string {
  const passed = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [`${name}: ${value}`] : [];
  });
  const lines = [
    'GET / HTTP/1.1',
    `host: ${new URL(target).host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    ...passed,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Passes on what either says until one of them ends, or nothing is heard for long. */
function join(client: Duplex, server: Socket, head: string, early: Buffer, signal: AbortSignal): void {
  const end = (): void => {
    signal.removeEventListener('abort', end);
    client.destroy();
    server.destroy();
  };
  server.on('error', end);
  server.once('close', end);
  client.once('close', end);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted || client.destroyed) {
    end();
    return;
  }
  server.setNoDelay(true);
  server.setTimeout(IDLE_MS, end);
  server.write(head);
  if (early.length > 0) server.write(early);
  client.pipe(server);
  server.pipe(client);
}
