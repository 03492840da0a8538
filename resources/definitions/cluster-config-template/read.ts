/** Cluster templates as the API tells of them. */
import type { Schemas } from '#openapi/client/index';
import type { OperationContext, PlannedValues } from '#resources/engine/index';

import type { ResourceContext } from '../shared/import-id.ts';
import type { NamedObject } from '../shared/named.ts';
import type { clusterConfigTemplateSchema } from './schema.ts';

type Context = Pick<OperationContext, 'client' | 'scopeOf' | 'signal'>;
type Profiles = NonNullable<PlannedValues<typeof clusterConfigTemplateSchema>['clusterProfile']>;
type Profile = Profiles[number];

/** What reads of a secret show in its place. */
const MASK = '********';

/** A template by its identifier. @throws ApiError 404 */
export async function readTemplate(
  uid: string,
  context: ResourceContext,
  { client, scopeOf, signal }: Context,
): Promise<Schemas['v1ClusterTemplate']> {
  return client.get('/v1/clusterTemplates/{uid}', { path: { uid }, scope: scopeOf(context), signal });
}

/** Names and identifiers of the templates of a context. */
export async function listTemplates(
  context: ResourceContext,
  { client, scopeOf, signal }: Context,
): Promise<NamedObject[]> {
  const found: NamedObject[] = [];
  for (let next = ''; ;) {
    const { items, listmeta } = await client.post('/v1/dashboard/clusterTemplates', {
      body: { filter: {}, sort: [] },
      query: next === '' ? {} : { continue: next },
      repeatable: true,
      scope: scopeOf(context),
      signal,
    });
    found.push(...items.map(({ metadata }) => ({ uid: metadata?.uid, name: metadata?.name })));
    next = listmeta?.continue ?? '';
    if (next === '' || items.length === 0) return found;
  }
}

/** The clusters that follow a template, by name. */
export function attachedClusters({ spec }: Schemas['v1ClusterTemplate']): { clusterUid: string; name: string }[] {
  return Object.values(spec?.clusters ?? {})
    .map(({ clusterUid = '', name = '' }) => ({ clusterUid, name }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The profiles of a template with their values; a secret keeps the value that is known of it. */
export function templateProfiles({ spec }: Schemas['v1ClusterTemplate'], prior: Profiles | undefined): Profiles {
  return (spec?.profiles ?? []).map(({ uid = '', variables }) => {
    const before = prior?.find(({ id }) => id === uid);
    return { id: uid, variables: readVariables(variables ?? [], before) };
  });
}

function readVariables(
  found: readonly Schemas['v1ClusterTemplateVariable'][],
  before: Profile | undefined,
): Profile['variables'] {
  if (found.length === 0) return before?.variables === undefined ? undefined : [];
  return found.flatMap(({ name = '', value, assignStrategy = 'all' }) => {
    const known = before?.variables?.find((variable) => variable.name === name);
    // What a cluster says for itself is none of the template's.
    if (before !== undefined && known === undefined && assignStrategy === 'cluster' && (value ?? '') === '') return [];
    return [{ name, assignStrategy, value: value === MASK ? (known?.value ?? value) : value }];
  });
}
