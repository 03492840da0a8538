/** The HTTP interface: every operation of the contract, and health and figures beside it. */
import { randomUUID } from 'node:crypto';

import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';

import type { Logger } from '#core/log';
import type { PlaneServices } from '#plane/domain/services';
import type { Database } from '#plane/store/database';

import type { Authenticator } from './authenticate.ts';
import type { Binding } from './bind.ts';
import { handleOperation } from './handle-operation.ts';
import { PlaneError } from './error.ts';
import { createGate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { CAPABILITIES, toErrorResponse } from './write-reply.ts';

export interface AppOptions {
  readonly bindings: readonly Binding[];
  readonly authenticator: Authenticator;
  readonly database: Database;
  readonly services: PlaneServices;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** What keeps the plane from serving, in words; empty when it is ready. */
  readonly unready: (options: { readonly signal: AbortSignal }) => Promise<readonly string[]>;
  /** Aborted when the plane stops: ends streams. */
  readonly stopping: AbortSignal;
}

/** Longest look at database and bus for one answer of /readyz, in milliseconds. */
const READY_TIMEOUT_MS = 5_000;
/** Packs pushed at the same time; each may take 100 MiB of memory. */
const MOST_UPLOADS = 4;

/** Makes the application; `app.request(…)` serves without a port, which tests use. */
export function createApp(options: AppOptions): Hono {
  const { bindings, metrics, unready } = options;
  const app = new Hono({ strict: true });
  const uploads = createGate(MOST_UPLOADS, 'uploads');

  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    const problems = await unready({ signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    return problems.length === 0 ? c.text('ok') : c.text(`${problems.join('\n')}\n`, 503);
  });
  app.get('/metrics', async (c) =>
    c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );

  for (const [path, group] of byPath(bindings)) {
    const route = path.replaceAll(/\{([^}]+)\}/g, ':$1');
    for (const binding of group) {
      app.on(binding.operation.method, route, async (c) =>
        handleOperation(c, binding, { ...options, uploads, source: sourceOf(c), requestId: requestIdOf(c) }),
      );
    }
    const allow = group.map(({ operation }) => operation.method).join(', ');
    app.all(route, (c) =>
      refuse(
        c,
        new PlaneError(
          405,
          'MethodNotAllowed',
          `${c.req.method} is not an operation of ${path}; it has ${allow}`,
          undefined,
          { headers: { Allow: allow } },
        ),
      ),
    );
  }
  app.notFound((c) =>
    refuse(c, new PlaneError(404, 'NoSuchOperation', `${c.req.method} ${c.req.path} is not part of this API`)),
  );
  return app;
}

function refuse(c: Context, error: PlaneError): Response {
  const requestId = requestIdOf(c);
  const response = toErrorResponse(error, requestId);
  for (const [name, value] of Object.entries({ ...CAPABILITIES, 'X-Request-Id': requestId }))
    response.headers.set(name, value);
  return response;
}

/** Routes match in the order of registration, so a literal segment must come before a parameter at its place. */
function byPath(bindings: readonly Binding[]): readonly (readonly [string, readonly Binding[]])[] {
  const groups = new Map<string, Binding[]>();
  for (const binding of bindings)
    groups.set(binding.operation.path, [...(groups.get(binding.operation.path) ?? []), binding]);
  const key = (path: string): string => path.replaceAll(/\{[^}]+\}/g, '\uffff');
  return [...groups].sort(([a], [b]) => (key(a) < key(b) ? -1 : 1));
}

/** The caller's own id for the request where it is harmless in a log, else a new one. */
function requestIdOf(c: Context): string {
  const given = c.req.header('x-request-id');
  return given !== undefined && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

function sourceOf(c: Context): string {
  // Without a socket (`app.request` in tests) there is no address.
  const bindings: unknown = c.env;
  if (typeof bindings !== 'object' || bindings === null || !('incoming' in bindings)) return 'local';
  return getConnInfo(c).remote.address ?? 'unknown';
}
