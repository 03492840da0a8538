/** HTTPS agents whose connections are opened in another way than Node's: through a proxy, for example. */
import type { Agent } from 'node:https';
import { isIP } from 'node:net';
import { Duplex } from 'node:stream';
import {
  connect as connectTls,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';

import type { NetworkTarget } from './no-proxy.ts';
import type { Proxy } from './proxy.ts';

/** How long a proxy may take to open the way, in milliseconds. */
const DIAL_MS = 15_000;

/** Has `open` open the agent's connections. */
export function openBy(agent: Agent, open: (target: NetworkTarget) => Promise<TLSSocket>): void {
  agent.createConnection = (target, done = () => undefined) => {
    const host = (target.host ?? 'localhost').replace(/^\[|\]$/g, '');
    void settle(open({ host, port: Number(target.port ?? 443) }), done);
    return undefined;
  };
}

/** Makes the agent open its connections through a proxy, which is trusted as their targets are and cannot read what is in them. */
export function openThrough(agent: Agent, proxy: Proxy, tls: ConnectionOptions): void {
  const context = (): SecureContext => createSecureContext(tls);
  openBy(agent, async ({ host, port }) => {
    // Loaded where it is needed: the provider starts several times for each command, and few stand behind a proxy.
    const { dial } = await import('./dial.ts');
    const { signal } = new AbortController();
    const socket = await dial({ host, port }, proxy, { context, timeoutMs: DIAL_MS, signal });
    return connectTls({ ...tls, host, servername: isIP(host) === 0 ? host : '', socket });
  });
}

async function settle(opening: Promise<TLSSocket>, done: (error: Error | null, socket: Duplex) => void): Promise<void> {
  try {
    done(null, await opening);
  } catch (error) {
    // The agent takes the stream only when there is no error; its type asks for one all the same.
    done(error instanceof Error ? error : new Error(String(error)), new Duplex().destroy());
  }
}
