/**
 * A small client of the Kubernetes API: the verbs that agent and controller need, over plain objects.
 *
 * Writes that may be repeated without harm (server-side apply, merge patch, replace at a resource version, delete with
 * a precondition) are retried on their own for a short while; a create is not.
 */
import { backoffDelay, delay } from '#core/retry';

import { openConnections, readText, type HttpConnections, type HttpResponse } from './http.ts';
import { createDiscovery, type Discovery, type ResourceType } from './discovery.ts';
import { KubeError, isTransient, kubeErrorFrom } from './error.ts';
import type { KubeAccess } from './kubeconfig.ts';
import {
  describeRef,
  isKubeObject,
  isMap,
  mapAt,
  refOf,
  valueAt,
  type JsonMap,
  type KubeObject,
  type ObjectMeta,
  type ObjectRef,
} from './object.ts';

const REQUEST_TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;
/** Connections for requests; each watch has one of its own besides. */
const MAX_SOCKETS = 12;
const PAGE_SIZE = 500;

export interface CallOptions {
  readonly signal: AbortSignal;
}

export interface ApplyOptions extends CallOptions {
  /** Ask what it would give, without writing. */
  readonly dryRun?: boolean;
  /** Take over fields that others set, instead of being told of the conflict with 409. Default: true. */
  readonly force?: boolean;
  /** Whom this write counts as. Default: the client's own. */
  readonly fieldManager?: string;
}

export interface WriteOptions extends CallOptions {
  /** Write this part only, for kinds that keep it apart. */
  readonly subresource?: 'status';
}

export interface DeleteOptions extends CallOptions {
  /** Delete only this very object, not one of the same name made since. */
  readonly uid?: string | undefined;
  /** `Foreground`: the object goes after what it owns. Default: `Background`. */
  readonly propagation?: 'Background' | 'Foreground';
}

export interface ListOptions extends CallOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Names, labels and managers only. */
  readonly metadataOnly?: boolean;
  /** At most so many; all when absent. */
  readonly limit?: number;
}

/** An object to be made, whose name the API server may choose. */
export type UnnamedObject = Omit<KubeObject, 'metadata'> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta> & { readonly generateName?: string };
};

export interface KubeList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

export interface KubeClient {
  /** Of the API server. */
  readonly server: URL;
  readonly discovery: Discovery;
  /** The object, or undefined when there is none. @throws KubeError */
  get(ref: ObjectRef, options: CallOptions): Promise<KubeObject | undefined>;
  /** All objects of a kind, fetched page by page. @throws KubeError */
  list(type: ResourceType, options: ListOptions): Promise<KubeList>;
  /** Server-side apply. @throws KubeError, reason `Conflict` with the fields and their managers when not forced */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** Makes an object; one with `generateName` gets a name. Never repeated. @throws KubeError, reason `AlreadyExists` when there is one of that name */
  create(object: UnnamedObject, options: CallOptions): Promise<KubeObject>;
  /**
   * Puts the object in the place of the one at its `metadata.resourceVersion`.
   *
   * @throws KubeError status 409, reason `Conflict`, when somebody wrote it meanwhile
   */
  replace(object: KubeObject, options: WriteOptions): Promise<KubeObject>;
  /** JSON merge patch. With `metadata.resourceVersion` in it, status 409 when somebody wrote meanwhile. @throws KubeError */
  mergePatch(ref: ObjectRef, patch: JsonMap, options: WriteOptions): Promise<KubeObject>;
  /** Asks for deletion; an object that is gone already is fine. @throws KubeError */
  delete(ref: ObjectRef, options: DeleteOptions): Promise<void>;
  /** Starts a watch and gives the raw answer, one event a line. @throws KubeError */
  openWatch(
    type: ResourceType,
    query: URLSearchParams,
    options: CallOptions & { readonly namespace?: string | undefined },
  ): Promise<HttpResponse>;
  /** Whether the API server would let this client do that to a resource of the core group, everywhere. @throws KubeError */
  may(verb: string, resource: string, options: CallOptions): Promise<boolean>;
  /** Reads any path of the API server as JSON. @throws KubeError */
  read(
    path: string,
    options: CallOptions & { readonly accept?: string; readonly query?: URLSearchParams },
  ): Promise<unknown>;
  /** Reads any path of the API server as text, whatever it answers; once. @throws KubeError status 0 when it does not answer */
  probe(path: string, options: CallOptions): Promise<{ readonly status: number; readonly text: string }>;
  /** Reads any path of the API server as text, at most so many bytes. @throws KubeError */
  readText(
    path: string,
    options: CallOptions & { readonly maxBytes: number; readonly query?: URLSearchParams },
  ): Promise<string>;
  /**
   * Asks that a Pod be moved away, as far as disruption budgets allow it; one that is gone already is fine.
   *
   * @throws KubeError status 429 when a budget does not allow it now
   */
  evict(pod: KubeObject, options: CallOptions): Promise<void>;
  close(): void;
}

interface Call extends CallOptions {
  /** The step and the object, for error messages. */
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: unknown;
  /** Whether the request may be sent again when its answer was lost. Default: true. */
  readonly repeatable?: boolean;
}

/** `fieldManager` is whom its writes count as. */
export function createKubeClient(access: KubeAccess, { fieldManager }: { readonly fieldManager: string }): KubeClient {
  const requests = openConnections(access.tls, { maxSockets: MAX_SOCKETS });
  const watches = openConnections(access.tls, { maxSockets: Number.POSITIVE_INFINITY });

  const open = async (call: Call, connections: HttpConnections): Promise<HttpResponse> => {
    const url = new URL(access.server);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${call.path}`;
    if (call.query) url.search = call.query.toString();
    try {
      const authorization = await access.authorization({ signal: call.signal });
      return await connections.send({
        method: call.method,
        url,
        headers: {
          accept: call.accept ?? 'application/json',
          'user-agent': fieldManager,
          ...(authorization === undefined ? {} : { authorization }),
          ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
        },
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
        timeoutMs: REQUEST_TIMEOUT_MS,
        signal: call.signal,
      });
    } catch (error) {
      call.signal.throwIfAborted();
      throw unreachable(call.what, error);
    }
  };

  const once = async (call: Call): Promise<unknown> => {
    const response = await open(call, requests);
    let text: string;
    try {
      text = await readText(response);
    } catch (error) {
      call.signal.throwIfAborted();
      throw unreachable(call.what, error);
    }
    if (response.status >= 200 && response.status < 300) return text === '' ? {} : parseAnswer(call.what, text);
    throw kubeErrorFrom(call.what, response.status, text, response.headers['retry-after']);
  };

  const send = async (call: Call): Promise<unknown> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(call);
      } catch (error) {
        if (
          call.repeatable === false ||
          attempt + 1 >= ATTEMPTS ||
          !isTransient(error) ||
          !(error instanceof KubeError)
        )
          throw error;
        const wait = backoffDelay(attempt, { baseMs: 100, maxMs: 1_000 });
        await delay(Math.min(Math.max(wait, error.retryAfterMs ?? 0), 5_000), { signal: call.signal });
      }
    }
  };

  const discovery = createDiscovery(async (path, options) =>
    send({ what: `discover ${path}`, method: 'GET', path, ...options }),
  );

  const pathOf = async (ref: ObjectRef, options: CallOptions): Promise<string> =>
    `${await collectionOf(ref, options)}/${encodeURIComponent(ref.name)}`;
  const collectionOf = async (ref: ObjectRef, options: CallOptions): Promise<string> => {
    const type = await discovery.resourceType(ref, options);
    if (type) return collectionPath(type, ref.namespace);
    throw new KubeError(`${describeRef(ref)}: the API server knows no kind ${ref.kind} in ${ref.apiVersion}`, {
      status: 404,
      reason: 'NoKindMatch',
    });
  };

  return {
    server: access.server,
    discovery,
    get: async (ref, options) => {
      const path = await pathOf(ref, options);
      try {
        return parseObject(await send({ what: `get ${describeRef(ref)}`, method: 'GET', path, ...options }));
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return undefined;
        throw error;
      }
    },
    list: async (type, options) => listPages(send, type, options),
    apply: async (object, { signal, dryRun = false, force = true, fieldManager: manager = fieldManager }) => {
      const ref = refOf(object);
      const query = new URLSearchParams({ fieldManager: manager, force: String(force), fieldValidation: 'Strict' });
      if (dryRun) query.set('dryRun', 'All');
      return parseObject(
        await send({
          what: `${dryRun ? 'dry run of' : 'apply'} ${describeRef(ref)}`,
          method: 'PATCH',
          path: await pathOf(ref, { signal }),
          query,
          // JSON is YAML; the YAML content type is the one every version of the API server takes.
          contentType: 'application/apply-patch+yaml',
          body: object,
          signal,
        }),
      );
    },
    create: async (object, { signal }) => {
      const name = object.metadata.name ?? object.metadata.generateName ?? '';
      const { namespace } = object.metadata;
      const ref = {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        ...(namespace === undefined ? {} : { namespace }),
      };
      return parseObject(
        await send({
          what: `create ${describeRef(ref)}`,
          method: 'POST',
          path: await collectionOf(ref, { signal }),
          query: new URLSearchParams({ fieldManager }),
          contentType: 'application/json',
          body: object,
          repeatable: false,
          signal,
        }),
      );
    },
    may: async (verb, resource, { signal }) => {
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb, resource } },
      };
      const answer = await send({
        what: `ask whether ${verb} ${resource} is allowed`,
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        contentType: 'application/json',
        body: review,
        repeatable: true,
        signal,
      });
      return valueAt(answer, 'status', 'allowed') === true;
    },
    replace: async (object, { signal, subresource }) => {
      const ref = refOf(object);
      return parseObject(
        await send({
          what: `replace ${describeRef(ref)}`,
          method: 'PUT',
          path: within(await pathOf(ref, { signal }), subresource),
          query: new URLSearchParams({ fieldManager }),
          contentType: 'application/json',
          body: object,
          signal,
        }),
      );
    },
    mergePatch: async (ref, patch, { signal, subresource }) =>
      parseObject(
        await send({
          what: `patch ${describeRef(ref)}`,
          method: 'PATCH',
          path: within(await pathOf(ref, { signal }), subresource),
          query: new URLSearchParams({ fieldManager }),
          contentType: 'application/merge-patch+json',
          body: patch,
          signal,
        }),
      ),
    delete: async (ref, { signal, uid, propagation = 'Background' }) => {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: propagation,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      try {
        const path = await pathOf(ref, { signal });
        await send({
          what: `delete ${describeRef(ref)}`,
          method: 'DELETE',
          path,
          contentType: 'application/json',
          body,
          signal,
        });
      } catch (error) {
        // 409: the name belongs to another object now, which is as good as gone.
        if (error instanceof KubeError && (error.status === 404 || (error.status === 409 && uid !== undefined))) return;
        throw error;
      }
    },
    openWatch: async (type, query, { signal, namespace }) => {
      const what = `watch ${type.kind}`;
      const response = await open(
        { what, method: 'GET', path: collectionPath(type, namespace), query, signal },
        watches,
      );
      if (response.status === 200) return response;
      throw kubeErrorFrom(what, response.status, await readText(response), response.headers['retry-after']);
    },
    read: async (path, options) => send({ what: `read ${path}`, method: 'GET', path, ...options }),
    probe: async (path, { signal }) => {
      const what = `read ${path}`;
      const response = await open({ what, method: 'GET', path, accept: '*/*', signal }, requests);
      try {
        return { status: response.status, text: await readText(response) };
      } catch (error) {
        signal.throwIfAborted();
        throw unreachable(what, error);
      }
    },
    readText: async (path, { signal, query, maxBytes }) => {
      const call: Call = {
        what: `read ${path}`,
        method: 'GET',
        path,
        accept: '*/*',
        signal,
        ...(query === undefined ? {} : { query }),
      };
      const response = await open(call, requests);
      try {
        const text = await readText(response, { maxBytes });
        if (response.status === 200) return text;
        throw kubeErrorFrom(call.what, response.status, text, response.headers['retry-after']);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof KubeError) throw error;
        throw unreachable(call.what, error);
      }
    },
    evict: async (pod, { signal }) => {
      const ref = refOf(pod);
      const { uid } = pod.metadata;
      try {
        await send({
          what: `evict ${describeRef(ref)}`,
          method: 'POST',
          path: `${await pathOf(ref, { signal })}/eviction`,
          contentType: 'application/json',
          body: {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name: ref.name, namespace: ref.namespace },
            ...(uid === undefined ? {} : { deleteOptions: { preconditions: { uid } } }),
          },
          repeatable: false,
          signal,
        });
      } catch (error) {
        // 409: another Pod has the name now, which is as good as gone.
        if (error instanceof KubeError && (error.status === 404 || error.status === 409)) return;
        throw error;
      }
    },
    close: () => {
      requests.close();
      watches.close();
    },
  };
}

function unreachable(what: string, error: unknown): KubeError {
  const reason = error instanceof Error ? error.message : String(error);
  return new KubeError(
    `${what}: the API server does not answer: ${reason}`,
    { status: 0, reason: 'Unreachable' },
    { cause: error },
  );
}

/** A proxy in between may answer in the API server's place. @throws KubeError */
function parseAnswer(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubeError(
      `${what}: the answer is no JSON, as from something else than an API server: ${JSON.stringify(text.slice(0, 60))}`,
      { status: 0, reason: 'Malformed' },
      { cause: error },
    );
  }
}

function within(path: string, subresource: string | undefined): string {
  return subresource === undefined ? path : `${path}/${subresource}`;
}

function collectionPath(type: ResourceType, namespace: string | undefined): string {
  const root = type.apiVersion.includes('/') ? `/apis/${type.apiVersion}` : `/api/${type.apiVersion}`;
  const inNamespace = type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${inNamespace}/${type.plural}`;
}

async function listPages(
  send: (call: Call) => Promise<unknown>,
  type: ResourceType,
  options: ListOptions,
): Promise<KubeList> {
  const items: KubeObject[] = [];
  let next = '';
  for (;;) {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE_SIZE, options.limit ?? PAGE_SIZE)) });
    if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
    if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
    if (next !== '') query.set('continue', next);
    const page = await send({
      what: `list ${type.kind}`,
      method: 'GET',
      path: collectionPath(type, options.namespace),
      query,
      ...(options.metadataOnly
        ? { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json' }
        : {}),
      signal: options.signal,
    });
    const list = valueAt(page, 'items');
    for (const item of Array.isArray(list) ? list : []) items.push(withType(item, type));
    const metadata = mapAt(page, 'metadata');
    next = typeof metadata['continue'] === 'string' ? metadata['continue'] : '';
    if (next === '' || (options.limit !== undefined && items.length >= options.limit)) {
      return {
        items,
        resourceVersion: typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : '',
      };
    }
  }
}

/** Items of a list carry no version and kind of their own, or those of their metadata form. */
export function withType(item: unknown, { apiVersion, kind }: ResourceType): KubeObject {
  return parseObject(isMap(item) ? { ...item, apiVersion, kind } : item);
}

export function parseObject(value: unknown): KubeObject {
  if (isKubeObject(value)) return value;
  throw new KubeError('the API server answered with something that is no Kubernetes object', {
    status: 0,
    reason: 'Malformed',
  });
}
