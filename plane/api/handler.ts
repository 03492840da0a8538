/** What a handler of an operation is given and gives back, typed from the contract. */
import type { Logger } from '#core/log';
import type { operations } from '#openapi/generated/types';
import type { PlaneServices } from '#plane/domain/services';
import type { Database, TenantDatabase } from '#plane/store/database';
import type { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';

import type { AccessOf, OperationId } from './access.ts';

export type { OperationId } from './access.ts';

export interface UserPrincipal {
  readonly kind: 'user';
  readonly userUid: string;
  readonly email: string;
  readonly tenantUid: TenantUid;
  /** How the caller proved who they are. */
  readonly via: 'apiKey' | 'session';
}

export interface AgentPrincipal {
  readonly kind: 'agent';
  readonly agentUid: string;
  readonly clusterUid: ClusterUid;
  readonly tenantUid: TenantUid;
  readonly projectUid: ProjectUid;
}

export type Principal = UserPrincipal | AgentPrincipal | { readonly kind: 'anonymous' };

/** Where a request works: in a project when the header `ProjectUid` names one, else in the tenant itself. */
export interface Scope {
  readonly tenantUid: TenantUid;
  readonly projectUid?: ProjectUid | undefined;
}

interface BaseContext {
  readonly requestId: string;
  readonly log: Logger;
  /** Aborted when the caller goes away and when the request takes too long; of a stream, when the plane stops. */
  readonly signal: AbortSignal;
  readonly services: PlaneServices;
  /** For the few operations that look across tenants, such as those that redeem a token. */
  readonly database: Database;
}

export interface UserContext extends BaseContext {
  readonly principal: UserPrincipal;
  readonly scope: Scope;
  readonly db: TenantDatabase;
}

export interface AgentContext extends BaseContext {
  readonly principal: AgentPrincipal;
  readonly scope: Scope & { readonly projectUid: ProjectUid };
  readonly db: TenantDatabase;
}

/** Anybody may call; whoever sends valid credentials all the same is known by them. */
export interface PublicContext extends BaseContext {
  readonly principal: UserPrincipal | { readonly kind: 'anonymous' };
}

export interface ContextByAccess {
  readonly user: UserContext;
  readonly agent: AgentContext;
  readonly public: PublicContext;
}

export type ContextOf<Id extends OperationId> = ContextByAccess[AccessOf<Id>];

/** Parameters of one place; `{}` where the operation has none. */
type Parameters<
  Id extends OperationId,
  Place extends 'path' | 'query' | 'header',
> = operations[Id]['parameters'] extends { readonly [key in Place]?: infer Found }
  ? NonNullable<Found> extends never
    ? Empty
    : NonNullable<Found>
  : Empty;

type Empty = Readonly<Record<never, never>>;

type Content<Body> = Body extends { readonly content: infer Types } ? Types : undefined;

/** A request's body: parsed and checked JSON, bytes (bounded) where the contract says octet-stream, or the parts of a form. */
type RequestBody<Types> = Types extends { readonly 'application/json': infer Json }
  ? Json
  : Types extends { readonly 'application/octet-stream': unknown }
    ? Uint8Array
    : Types extends { readonly 'multipart/form-data': unknown }
      ? FormParts
      : undefined;

/** The parts of a form by name; of a name that stands twice the last one. */
export type FormParts = ReadonlyMap<string, Uint8Array>;

type BodyOf<Id extends OperationId> = operations[Id] extends { readonly requestBody: infer Body }
  ? RequestBody<Content<Body>>
  : operations[Id] extends { readonly requestBody?: infer Body }
    ? RequestBody<Content<NonNullable<Body>>> | undefined
    : undefined;

export interface OperationRequest<Id extends OperationId> {
  readonly path: Parameters<Id, 'path'>;
  readonly query: Parameters<Id, 'query'>;
  readonly body: BodyOf<Id>;
  readonly headers: Headers;
}

/** Text of an event stream in pieces; ended by the handler or by the context's signal. */
export type EventText = AsyncIterable<string>;

type ReplyBody<Types> = Types extends { readonly 'application/json': infer Json }
  ? { readonly body: Json }
  : Types extends { readonly 'text/event-stream': unknown }
    ? { readonly body: EventText }
    : Types extends { readonly 'application/octet-stream': unknown }
      ? { readonly body: Uint8Array | ReadableStream<Uint8Array> | string }
      : Types extends undefined
        ? { readonly body?: undefined }
        : { readonly body: string };

type Replies<Responses> = {
  [Status in keyof Responses & number]: {
    readonly status: Status;
    readonly headers?: Readonly<Record<string, string>>;
  } & ReplyBody<Responses[Status] extends { readonly content: infer Types } ? Types : undefined>;
}[keyof Responses & number];

/** One of the answers that the contract documents; everything else is a thrown `PlaneError`. */
export type Reply<Id extends OperationId> = Replies<operations[Id]['responses']>;

export type Handler<Id extends OperationId> = (
  request: OperationRequest<Id>,
  context: ContextOf<Id>,
) => Promise<Reply<Id>>;

/** A handler for every operation of the contract. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> };

/** The handlers of one area: `export const projectHandlers = { … } satisfies Partial<Handlers>`. */
export type SomeHandlers = Partial<Handlers>;
