import { createFinalURL, createQuerySerializer, defaultPathSerializer } from 'openapi-fetch';

import type { Logger } from '#core/log';
import { proxyFromEnv, type Environment } from '#core/network/proxy';
import type { Backoff } from '#core/retry';
import { success } from '#openapi/generated/success';

import { createClusterProfileReader, type ReadClusterProfile } from './cluster-profiles.ts';
import type { CallOptions, Method, PathsWith, RequestOptions, ResponseBody, Scope } from './contract.ts';
import { streamEvents, type PaletteEvent } from './events.ts';
import { createHttpsFetch, type Fetch, type HttpResponse } from './https-fetch.ts';
import { encodeBody } from './encode-body.ts';
import { createMetadataCache } from './metadata-cache.ts';
import { createSender } from './send.ts';

export interface ClientOptions {
  /** Name or name:port; the scheme is always https. */
  readonly host: string;
  /** API key of a user. One of `apiKey` and `jwt`; neither for the few operations that need none. */
  readonly apiKey?: string | undefined;
  /** Value of the Authorization header: a session token, or `Bearer …` of an agent. */
  readonly jwt?: string | undefined;
  /** PEM certificates that are trusted instead of the system's. */
  readonly ca?: string | undefined;
  /** Leaves certificates unverified: the provider's `ignore_insecure_tls_error`. Default: false. */
  readonly insecure?: boolean | undefined;
  /** Tries after the first one. Default: 10, as the provider's `retry_attempts`. */
  readonly retryAttempts?: number | undefined;
  /** Milliseconds for one try. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for a call with all its tries. Default: 60 000. */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds between tries. Default: from 200 doubling to 5000, with jitter. */
  readonly backoff?: Backoff | undefined;
  /** Milliseconds of silence after which an event stream is opened anew. Default: 45 000. */
  readonly silenceMs?: number | undefined;
  /** Default: `palette-iac`. */
  readonly userAgent?: string | undefined;
  /** The way to the API. Default: node:https with kept-alive connections. */
  readonly fetch?: Fetch | undefined;
  /** Where HTTPS_PROXY and NO_PROXY are looked up. Default: the process's environment. */
  readonly env?: Environment | undefined;
  /** Default: silent. */
  readonly log?: Logger | undefined;
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/** What a plane can do beyond Palette's API, as the header `Palette-Capabilities` names it. */
export type Capability = 'bulk-read' | 'events' | 'idempotency' | 'impact' | 'resource-events';

type Call<M extends Method> = <P extends PathsWith<M>>(
  path: P,
  // An operation that needs nothing is called with the path alone.
  ...options: Partial<RequestOptions<P, M>> extends RequestOptions<P, M>
    ? [RequestOptions<P, M>?]
    : [RequestOptions<P, M>]
) => Promise<ResponseBody<P, M>>;

/**
 * Every call resolves with the body of the operation's one success status and throws ApiError for anything else. Calls of
 * one client may run at the same time in different scopes.
 */
export interface PaletteClient {
  readonly get: Call<'get'>;
  readonly put: Call<'put'>;
  readonly post: Call<'post'>;
  readonly patch: Call<'patch'>;
  readonly delete: Call<'delete'>;
  /** A cluster profile with variables and manifests; reads at about the same time share requests where they can. */
  readonly clusterProfile: ReadClusterProfile;
  /**
   * Follows what happens to clusters and, where the API offers `resource-events`, to other objects; over breaks, until
   * the signal is aborted.
   *
   * @throws ApiError status 404 when the API has no event stream: poll instead.
   */
  events(options: {
    readonly signal: AbortSignal;
    readonly scope: Scope;
    readonly clusterUid?: string | undefined;
    readonly lastEventId?: string | undefined;
  }): AsyncIterable<PaletteEvent>;
  /** Whether the API offers it; undefined before the first answer. */
  offers(capability: Capability): boolean | undefined;
  /** Closes idle connections. Needed only by processes that live on. */
  close(): void;
}

/** Not the one of #core/log: that module loads the log library, which a short-lived process may never need. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** As the contract has it: longer or other keys are refused. */
const IDEMPOTENCY_KEY = /^[ -~]{1,255}$/;

interface AnyOptions extends CallOptions {
  readonly path?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly scope?: Scope | undefined;
}

/** Makes a client. It connects at its first call. @throws TypeError when `host` is not name or name:port, or HTTPS_PROXY no URL. */
export function createClient(options: ClientOptions): PaletteClient {
  const host = parseHost(options.host);
  const transport =
    options.fetch === undefined
      ? createHttpsFetch({
          ca: options.ca,
          insecure: options.insecure,
          proxy: proxyFromEnv(new URL(`https://${host}`), options.env ?? process.env),
        })
      : { fetch: options.fetch, close: (): void => undefined };
  const capabilities = createCapabilities();
  const cache = createMetadataCache({ now: options.now ?? Date.now });
  const common = {
    host,
    fetch: transport.fetch,
    secrets: secretsOf(options),
    retryAttempts: options.retryAttempts ?? 10,
    timeoutMs: options.timeoutMs ?? 30_000,
    backoff: options.backoff ?? { baseMs: 200, maxMs: 5000 },
    log: options.log ?? silent,
    onResponse: capabilities.learn,
    random: options.random ?? Math.random,
  };
  const send = createSender({ ...common, deadlineMs: options.deadlineMs ?? 60_000 });

  const headersFor = (scope: Scope | undefined): Record<string, string> => ({
    accept: 'application/json, application/octet-stream;q=0.9, */*;q=0.1',
    'user-agent': options.userAgent ?? 'palette-iac',
    ...(options.apiKey === undefined ? {} : { ApiKey: options.apiKey }),
    ...(options.jwt === undefined ? {} : { Authorization: options.jwt }),
    ...(scope?.kind === 'project' ? { ProjectUid: scope.projectUid } : {}),
  });

  async function call(method: Method, path: string, given: AnyOptions = {}): Promise<unknown> {
    const operation = `${method.toUpperCase()} ${path}`;
    const outcome = success[operation];
    if (outcome === undefined) throw new TypeError(`${operation} is not in the contract`);
    const [status, body] = outcome;
    if (body === 'stream') throw new TypeError(`${operation} answers a stream: follow it with events()`);
    const target = createTarget(path, given);
    const { content, type } = encodeBody(given.body);
    const { idempotencyKey } = given;
    if (idempotencyKey !== undefined && (method !== 'post' || !IDEMPOTENCY_KEY.test(idempotencyKey))) {
      throw new TypeError(
        `${operation}: an idempotency key belongs to a POST and has 1 to 255 printable ASCII characters, not ${JSON.stringify(idempotencyKey)}`,
      );
    }
    const run = async (signal: AbortSignal | undefined): Promise<unknown> =>
      send({
        method: method.toUpperCase(),
        target,
        headers: {
          ...headersFor(given.scope),
          ...(content === undefined ? {} : { 'content-type': type }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(given.signature === undefined ? {} : { 'palette-signature': given.signature }),
        },
        body: content,
        success: [status, body],
        signal,
        deadlineMs: given.deadlineMs,
        timeoutMs: given.timeoutMs,
        // Asked for at each failure: the first answer tells what the API offers.
        repeatable: () =>
          given.repeatable === true || (idempotencyKey !== undefined && capabilities.offers('idempotency') === true),
      });
    if (cache.covers(operation)) {
      const scope = given.scope?.kind === 'project' ? given.scope.projectUid : '';
      return cache.read(`${scope} ${target}`, run, given.signal);
    }
    if (method === 'get' || given.repeatable === true) return run(given.signal);
    cache.clear();
    try {
      return await run(given.signal);
    } finally {
      cache.clear(); // also what was read while the change was on its way
    }
  }

  const method = <M extends Method>(name: M): Call<M> =>
    // `call` treats every operation alike; `Call` gives each its types from the contract. What an answer holds is not
    // checked here: the plane validates it against the contract before it sends it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    (async (path: string, given?: AnyOptions) => call(name, path, given)) as Call<M>;
  const client = {
    get: method('get'),
    put: method('put'),
    post: method('post'),
    patch: method('patch'),
    delete: method('delete'),
  };
  return {
    ...client,
    clusterProfile: createClusterProfileReader({
      profile: async (uid, at) => client.get('/v1/clusterprofiles/{uid}', { path: { uid }, ...at }),
      variables: async (uid, at) => client.get('/v1/clusterprofiles/{uid}/variables', { path: { uid }, ...at }),
      manifests: async (uid, packName, at) =>
        client.get('/v1/clusterprofiles/{uid}/packs/{packName}/manifests', { path: { uid, packName }, ...at }),
      bulk: async (uids, at) => client.post('/v1/bulk/clusterprofiles', { body: { uids }, repeatable: true, ...at }),
      offersBulk: () => capabilities.offers('bulk-read'),
    }),
    events: ({ signal, scope, clusterUid, lastEventId }) =>
      streamEvents({
        ...common,
        target: createTarget('/v1/events', { query: { clusterUid } }),
        headers: headersFor(scope),
        silenceMs: options.silenceMs ?? 45_000,
        lastEventId,
        signal,
      }),
    offers: capabilities.offers,
    close: () => transport.close(),
  };
}

/** What an error must not show: the credentials, and the token after a word such as `Bearer`. */
function secretsOf({ apiKey, jwt }: ClientOptions): string[] {
  return [apiKey, jwt, jwt?.split(' ').at(-1)].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
}

/** Path with its parameters filled in, and query. @throws TypeError for a parameter that would lead to another path. */
function createTarget(path: string, given: AnyOptions): string {
  const parameters = Object.entries(given.path ?? {});
  for (const [name, value] of parameters) {
    if (value === '' || value === '.' || value === '..' || value === undefined || value === null) {
      throw new TypeError(
        `${path}: parameter ${name} must be a name or an identifier, not ${JSON.stringify(value ?? null)}`,
      );
    }
  }
  return createFinalURL(path, {
    baseUrl: '',
    params: { path: Object.fromEntries(parameters), query: Object.fromEntries(Object.entries(given.query ?? {})) },
    querySerializer: createQuerySerializer(),
    pathSerializer: defaultPathSerializer,
  });
}

/** Name and port, from what people write. */
function parseHost(text: string): string {
  const host = text
    .trim()
    .replace(/^https:\/\//i, '')
    .replace(/\/+$/, '');
  if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)) {
    throw new TypeError(
      `host must be a name with a port perhaps, for example palette.example.com or localhost:8443, not ${JSON.stringify(text)}`,
    );
  }
  return host;
}

function createCapabilities(): {
  readonly learn: (headers: HttpResponse['headers']) => void;
  readonly offers: (capability: Capability) => boolean | undefined;
} {
  let known: ReadonlySet<string> | undefined;
  return {
    learn(headers) {
      const value = headers['palette-capabilities'];
      const text = typeof value === 'string' ? value : (value ?? []).join(',');
      // An answer of a proxy between has no such header: what is known stays.
      if (text !== '' || known === undefined) known = new Set(text.split(',').map((name) => name.trim()));
    },
    offers: (capability) => known?.has(capability),
  };
}
