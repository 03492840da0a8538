/** Answers one request: whether it may be asked, by whom, and what came of it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';

import { assertNever } from '#core/assert-never';
import { KubeError } from '#kubernetes/error';

import type { Schemas } from './contract.ts';
import { clusterHandlers } from './handlers/cluster.ts';
import { contentHandlers } from './handlers/content.ts';
import { hostHandlers } from './handlers/host.ts';
import { COOKIE, sessionHandlers } from './handlers/session.ts';
import { userHandlers } from './handlers/users.ts';
import { LocalError } from './local-error.ts';
import { findOperation, type Access } from './operations.ts';
import type { Page } from './page.ts';
import { WRITTEN, type Caller, type LocalHandlers, type LocalRequest } from './request.ts';
import type { LocalServices } from './services.ts';
import { sameSecret, type Session } from './sessions.ts';

/** Whether users are still who they are is asked this often, in milliseconds. */
const USER_AGE_MS = 5_000;
const SAFE_METHODS = new Set(['GET', 'HEAD']);

export type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createServe(services: LocalServices, page: () => Promise<Page>): Serve {
  const handlers: LocalHandlers = {
    ...sessionHandlers(services),
    ...userHandlers(services),
    ...clusterHandlers(services),
    ...contentHandlers(services),
    ...hostHandlers(services),
  };
  return async (raw, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('the caller went away')));
    const signal = AbortSignal.any([gone.signal, services.signal]);
    try {
      refuseForeignHost(raw, services);
      const { pathname, query } = targetOf(raw.url ?? '/');
      if (pathname === '/' || pathname === '/index.html') {
        await writePage(raw, response, await page());
        return;
      }
      const found = findOperation(raw.method ?? '', pathname);
      switch (found.kind) {
        case 'none':
          throw new LocalError(404, 'ResourceNotFound', 'there is nothing at this path');
        case 'other method':
          response.setHeader('allow', found.allowed.join(', '));
          throw new LocalError(405, 'MethodNotAllowed', `this path takes ${found.allowed.join(', ')}`);
        case 'operation': {
          const { access } = found.operation;
          const caller = access === 'public' ? undefined : await callerFrom(raw, services, signal);
          if (caller) allow(caller, access);
          const request: LocalRequest = {
            params: found.params,
            query,
            caller,
            address: raw.socket.remoteAddress ?? '',
            raw,
            response,
            signal,
          };
          const answer = await handlers[found.id](request);
          if (answer !== WRITTEN) writeJson(response, answer.status, answer.body, answer.headers);
          break;
        }
        default:
          assertNever(found);
      }
    } catch (error) {
      if (!gone.signal.aborted) writeError(response, error, services);
    } finally {
      // What was not read would keep the connection from its next request.
      if (!raw.complete) response.once('finish', () => raw.destroy());
    }
  };
}

/** Read as it stands: what a URL parser makes of `//` is another server. */
function targetOf(target: string): { readonly pathname: string; readonly query: URLSearchParams } {
  const at = target.indexOf('?');
  return at < 0
    ? { pathname: target, query: new URLSearchParams() }
    : { pathname: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) };
}

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** A name of somebody else's that leads here is a trick on a browser: addresses and our own names are enough. */
function refuseForeignHost({ headers }: IncomingMessage, { config }: LocalServices): void {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]*))(?::\d+)?$/.exec(headers.host ?? '') ?? [];
  const host = (bracketed ?? plain ?? '').toLowerCase();
  if (isIP(host) !== 0 || host === 'localhost' || host.endsWith('.localhost') || config.names.includes(host)) return;
  throw new LocalError(421, 'WrongHost', 'the agent is not known by this name', {
    details: ['set it among the names of the local API'],
  });
}

async function callerFrom(raw: IncomingMessage, services: LocalServices, signal: AbortSignal): Promise<Caller> {
  const { sessions, users } = services;
  const carried = tokenOf(raw);
  const session = carried && sessions.find(carried.token, carried.carrier);
  if (!carried || !session) throw new LocalError(401, 'Unauthorized', 'sign in first, or anew');
  const user = await users.find(session.user, { signal, atMostMs: USER_AGE_MS });
  if (!user || !sessions.holds(session, user)) {
    sessions.end(carried.token);
    throw new LocalError(401, 'Unauthorized', 'sign in anew');
  }
  if (session.carrier === 'cookie' && !SAFE_METHODS.has(raw.method ?? '')) refuseForged(raw, session);
  return { user, session, token: carried.token };
}

function tokenOf({
  headers,
}: IncomingMessage): { readonly token: string; readonly carrier: Session['carrier'] } | undefined {
  const bearer = /^Bearer ([\w-]{1,256})$/.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer, carrier: 'bearer' };
  // One that says who it is, but wrongly, is not who a cookie says.
  if (headers.authorization !== undefined) return undefined;
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined) return { token: value, carrier: 'cookie' };
  }
  return undefined;
}

/** A cookie goes along with what other pages ask for as well: what changes something must come from our own. */
function refuseForged({ headers }: IncomingMessage, session: Session): void {
  const given = headers['x-csrf-token'];
  const site = headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin';
  if (foreign || typeof given !== 'string' || !sameSecret(given, session.csrfToken))
    throw new LocalError(403, 'CsrfTokenMissing', 'expected the header X-CSRF-Token of this session');
}

function allow({ user }: Caller, access: Access): void {
  if (access === 'public' || access === 'signed in') return;
  if (user.mustChangePassword) throw new LocalError(403, 'PasswordChangeRequired', 'change the password first');
  if (access === 'admin' && user.role !== 'admin')
    throw new LocalError(403, 'Forbidden', 'only administrators may do this');
}

async function writePage(raw: IncomingMessage, response: ServerResponse, page: Page): Promise<void> {
  if (!SAFE_METHODS.has(raw.method ?? '')) throw new LocalError(405, 'MethodNotAllowed', 'this path takes GET');
  response.setHeader('content-security-policy', page.policy);
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('etag', page.etag);
  if (raw.headers['if-none-match'] === page.etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': page.html.length });
  response.end(raw.method === 'HEAD' ? undefined : page.html);
}

function writeJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function writeError(response: ServerResponse, error: unknown, { log }: LocalServices): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const told = asLocalError(error);
  if (told.status >= 500) {
    const ref = randomUUID();
    log.error({ err: error, ref }, 'request to the local API failed');
    const { retryAfterSeconds } = told;
    writeBody(response, told.status, {
      code: told.code,
      message: `${told.message} (${ref})`,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
    return;
  }
  const { status, code, message, details, retryAfterSeconds } = told;
  writeBody(response, status, {
    code,
    message,
    ...(details.length === 0 ? {} : { details: [...details] }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function writeBody(response: ServerResponse, status: number, body: Schemas['Error']): void {
  const { retryAfterSeconds } = body;
  writeJson(response, status, body, {
    // The rest of a body that is not wanted need not come.
    connection: 'close',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
}

/** What is not meant for the caller is told in general words; the log has the rest. */
function asLocalError(error: unknown): LocalError {
  if (error instanceof LocalError) return error;
  if (error instanceof KubeError)
    return new LocalError(503, 'Unavailable', 'the API server of the cluster did not do it', {
      cause: error,
      retryAfterSeconds: 5,
    });
  return new LocalError(500, 'InternalError', 'the agent could not do it; its log says why', { cause: error });
}
