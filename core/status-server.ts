/** /metrics, /healthz and /readyz of a long-lived process. */
import { createServer, type ServerResponse } from 'node:http';

import type { Registry } from 'prom-client';

/** What a process says of itself; `ok` decides the status code. */
export interface Standing {
  readonly ok: boolean;
  readonly [detail: string]: unknown;
}

export interface StatusServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `health`: false means that only a restart helps. `readiness`: false means that it is not to be sent work now; as `health`
 * when left out.
 *
 * @throws Error when the address cannot be listened on
 */
export async function startStatusServer(options: {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly registry: Registry;
  readonly health: () => Standing;
  readonly readiness?: () => Standing;
}): Promise<StatusServer> {
  const { registry, health, readiness = health } = options;
  const server = createServer((request, response) => {
    switch (request.url?.split('?', 1)[0]) {
      case '/healthz':
        answer(response, health());
        break;
      case '/readyz':
        answer(response, readiness());
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

function answer(response: ServerResponse, standing: Standing): void {
  response
    .writeHead(standing.ok ? 200 : 503, { 'content-type': 'application/json' })
    .end(`${JSON.stringify(standing)}\n`);
}
