/** What all runs share: a control plane without controllers, and a look at it that no code of the agent has a part in. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpsRequest, type Agent } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { startControlPlane } from '#cli/local/control-plane';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { delay } from '#core/retry';

import { connectionsTo, type ApiServer } from './api-gate.ts';
import { openLabBus, type LabBus } from './lab-bus.ts';
import type { Server } from './schedule.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Lab {
  /** For files of the runs. */
  readonly dir: string;
  readonly helm: string;
  readonly apiServer: ApiServer;
  readonly connections: Agent;
  readonly bus: LabBus;
  /** Kills a server and returns when it answers again; one after the other. */
  crash(server: Server): Promise<void>;
  /** Asks the API server as its administrator, under the field manager `somebody`; again while it is away. */
  ask(method: string, path: string, body?: object): Promise<Answer>;
  stop(): Promise<void>;
}

/** A first start may have to build the servers. */
const START_MS = 20 * 60_000;
/** A server that was killed is back within this on a busy machine. */
const AWAY_MS = 90_000;
const APPLY = 'application/apply-patch+yaml';
const MERGE = 'application/merge-patch+json';

export async function openLab(): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-faults-'));
  const signal = AbortSignal.timeout(START_MS);
  // Nobody but the agents and the runs' outsiders writes: what is found was brought by one of them.
  const apiServer = await startControlPlane({
    dir: join(dir, 'cluster'),
    durable: false,
    keepRunning: true,
    controllerManager: false,
    scheduler: false,
    kwok: false,
    signal,
  });
  const connections = await connectionsTo(apiServer);
  const bus = await openLabBus();
  const send = async (method: string, path: string, body?: object): Promise<Answer> => {
    const url = new URL(path, apiServer.server);
    if (method !== 'GET') url.searchParams.set('fieldManager', 'somebody');
    const isApply = method === 'PATCH' && body !== undefined && 'apiVersion' in body;
    const sending = httpsRequest(url, {
      agent: connections,
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': method === 'PATCH' ? (isApply ? APPLY : MERGE) : 'application/json' }),
      },
    });
    sending.end(body === undefined ? undefined : JSON.stringify(body));
    // as: the event's documented arguments
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, body: JSON.parse(await text(answer)) };
  };
  let crashes = Promise.resolve();
  return {
    dir,
    helm: await ensureTool('helm', { signal }),
    apiServer,
    connections,
    bus,
    crash: async (server) => {
      const crash = crashes.then(async () =>
        server === 'nats-server'
          ? bus.crash()
          : apiServer.service(server).restart('SIGKILL', { signal: AbortSignal.timeout(AWAY_MS) }),
      );
      crashes = crash.catch(() => undefined);
      await crash;
    },
    ask: async (method, path, body) => {
      const until = performance.now() + AWAY_MS;
      for (;;) {
        const answer = await send(method, path, body).catch((error: unknown) => {
          if (performance.now() > until) throw error;
          return undefined;
        });
        if (answer !== undefined && (answer.status < 500 || performance.now() > until)) return answer;
        await delay(100);
      }
    },
    stop: async () => {
      connections.destroy();
      await bus.stop();
      await apiServer.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
