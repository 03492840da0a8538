/**
 * The typed client of the HTTP API, for Palette and for the plane of this project.
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
export type { ClusterProfileRead, HydratedClusterProfile } from './cluster-profiles.ts';
export type { Fetch, HttpRequest, HttpResponse } from './https-fetch.ts';
