/** The contract as types: which paths have a method, what an operation takes and what it answers. */
import type { components, paths } from '#openapi/generated/types';

export type Schemas = components['schemas'];

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** An operation as openapi-typescript writes it; one that a path does not have is written `never`. */
interface OperationShape {
  readonly parameters: unknown;
  readonly responses: unknown;
}

/** The paths of the contract that have this method. */
export type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { readonly [K in M]: OperationShape } ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = paths[P] extends { readonly [K in M]: infer O } ? O : never;

type Parameters<O> = O extends { readonly parameters: infer P } ? P : never;

type PathPart<O> = Parameters<O> extends { readonly path: infer P } ? { readonly path: P } : { readonly path?: never };

/** Absent and undefined mean the same in a query. */
type Query<Q> = { readonly [K in keyof Q]: Q[K] | undefined };

/** No query, one that may be left out, or one that holds a required parameter. */
type QueryPart<O> =
  Parameters<O> extends { readonly query?: never }
    ? { readonly query?: never }
    : Parameters<O> extends { readonly query: infer Q }
      ? { readonly query: Query<Q> }
      : Parameters<O> extends { readonly query?: infer Q }
        ? { readonly query?: Query<NonNullable<Q>> }
        : never;

type Content<T> = T extends { readonly content: infer C } ? C[keyof C] : never;

type BodyPart<O> = O extends { readonly requestBody: infer B }
  ? { readonly body: Content<B> }
  : O extends { readonly requestBody?: infer B }
    ? { readonly body?: Content<NonNullable<B>> }
    : { readonly body?: never };

/**
 * Where a request works: in the tenant or in one project (header `ProjectUid`). It belongs to the request, never to the
 * client: requests of different scopes run side by side.
 */
export type Scope = { readonly kind: 'tenant' } | { readonly kind: 'project'; readonly projectUid: string };

/** An operation that can work in a project must be told in which scope; others have the tenant alone. */
type ScopePart<O> =
  HeaderNames<O> extends infer N
    ? 'ProjectUid' extends N
      ? { readonly scope: Scope }
      : { readonly scope?: Scope }
    : never;

type HeaderNames<O> =
  Parameters<O> extends { readonly header?: never }
    ? never
    : Parameters<O> extends { readonly header?: infer H }
      ? keyof NonNullable<H>
      : never;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the call with all its retries. Default: the client's. */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds for one try, its body included; longer for large packs. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  /**
   * Says that repeating this POST or PATCH does no harm (a search, for example), so that it is retried as a GET is.
   * Default: false.
   */
  readonly repeatable?: boolean | undefined;
  /**
   * Of a POST: names the request, so that it is carried out once however often it is sent, also by another process
   * (header `Idempotency-Key`; printable ASCII, 255 characters at most). Where the API offers `idempotency`, the call is
   * then retried as a GET is, and a call under a key that has succeeded before gets the answer of then. Elsewhere it
   * changes nothing. See `withIdempotency` for work of several calls.
   */
  readonly idempotencyKey?: string | undefined;
  /** Of a pack that is pushed: over the body, in base64, as `cosign sign-blob` makes it (header `Palette-Signature`). */
  readonly signature?: string | undefined;
}

/** What a call of an operation takes. */
export type RequestOptions<P extends keyof paths, M extends Method> = CallOptions &
  PathPart<Operation<P, M>> &
  QueryPart<Operation<P, M>> &
  BodyPart<Operation<P, M>> &
  ScopePart<Operation<P, M>>;

type SuccessStatus = 200 | 201 | 202 | 204;

type Responses<O> = O extends { readonly responses: infer R } ? R : never;

/** What a call of an operation answers: the body of its 2xx, or nothing. */
export type ResponseBody<P extends keyof paths, M extends Method> =
  Responses<Operation<P, M>> extends infer R
    ? { [S in keyof R & SuccessStatus]: [Content<R[S]>] extends [never] ? void : Content<R[S]> }[keyof R &
        SuccessStatus]
    : never;
