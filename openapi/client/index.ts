/**
 * The typed client of the HTTP API, for Palette and for the plane of this project.
 *
 * - Paths, parameters, bodies and answers are typed from the contract (openapi/). One 2xx is success; everything else is
 *   thrown as {@link ApiError}, which says what was wrong and what to do and never holds a credential.
 * - The scope (tenant or project) belongs to each request, so requests of different scopes may run side by side.
 * - Each try has a time limit (30 s) and each call with its tries a deadline (60 s). GET, PUT and DELETE are repeated on
 *   broken connections, 429, 502, 503 and 504; POST and PATCH only when the server certainly did not process them, or
 *   when a POST has an idempotency key and the API knows what that is. `Retry-After` is honoured within the deadline.
 * - Certificates are verified unless told otherwise; connections are kept and used again.
 * - Cluster profiles are read whole and together where the API offers it; lists of names are shared for a few seconds.
 *
 * @example
 * const client = createClient({ host: 'localhost:8443', apiKey, ca });
 * const scope = { kind: 'project', projectUid } as const;
 * const { uid } = await client.post('/v1/projects', { body: { metadata: { name: 'demo' } } });
 * const project = await client.get('/v1/projects/{uid}', { path: { uid } });
 * const profile = await client.clusterProfile(profileUid, { scope });
 */
export { createClient, type Capability, type ClientOptions, type PaletteClient } from './client.ts';
export type { CallOptions, Method, PathsWith, RequestOptions, ResponseBody, Schemas, Scope } from './contract.ts';
export { ApiError, isApiError, isNotFound, type TransportCode } from './errors.ts';
export type { PaletteEvent } from './events.ts';
export { derive, originOf } from './derived.ts';
export { withIdempotency } from './idempotency.ts';
export type { ClusterProfileRead, HydratedClusterProfile } from './cluster-profiles.ts';
export type { Fetch, HttpRequest, HttpResponse } from './https-fetch.ts';
