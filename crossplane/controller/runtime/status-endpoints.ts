/** /metrics, /healthz and /readyz of the controller. */
import { createServer, type ServerResponse } from 'node:http';

import type { Registry } from 'prom-client';

/** Where a replica is in its life. One that stands by is ready: it would take over at any time. */
export type ControllerState = 'starting' | 'standing by' | 'reading the cluster' | 'leading' | 'stopping';

const READY: ReadonlySet<ControllerState> = new Set(['standing by', 'leading']);

export interface StatusEndpoints {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws Error when the address cannot be listened on */
export async function startStatusEndpoints(options: {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly registry: Registry;
  readonly state: () => ControllerState;
}): Promise<StatusEndpoints> {
  const { registry, state } = options;
  const server = createServer((request, response) => {
    switch (request.url?.split('?', 1)[0]) {
      case '/healthz':
        answer(response, 200, state());
        break;
      case '/readyz':
        answer(response, READY.has(state()) ? 200 : 503, state());
        break;
      case '/metrics':
        registry.metrics().then(
          (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
          () => response.writeHead(500).end(),
        );
        break;
      default:
        response.writeHead(404).end();
    }
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
  return {
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(response: ServerResponse, status: number, state: ControllerState): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify({ state })}\n`);
}
