/** Everything that a plane holds, by the resource it belongs to. */
import type { ResourceType } from '#resources/index';
import type { ConformancePlane } from '#test/conformance/support/plane';

export interface Listed {
  readonly name: string;
  readonly uid: string;
}

interface Item {
  readonly metadata?: { readonly name?: string; readonly uid?: string };
}

const tenant = { kind: 'tenant' } as const;

export async function listAll({
  client,
  project,
}: Pick<ConformancePlane, 'client' | 'project'>): Promise<Readonly<Partial<Record<ResourceType, Listed[]>>>> {
  const [projects, tokens, profiles, accounts, clusters] = await Promise.all([
    client.get('/v1/dashboard/projects/metadata', { scope: tenant }),
    client.get('/v1/edgehosts/tokens', { scope: tenant }),
    client.get('/v1/dashboard/clusterprofiles/metadata', { scope: project }),
    pages(async (from) => client.get('/v1/cloudaccounts/aws', { query: from, scope: project })),
    pages(async (from) =>
      client.post('/v1/dashboard/spectroclusters/search', { query: from, body: {}, scope: project, repeatable: true }),
    ),
  ]);
  return {
    spectrocloud_project: listed(projects.items),
    spectrocloud_registration_token: listed(tokens.items),
    spectrocloud_cluster_profile: listed(profiles.items),
    spectrocloud_cloudaccount_aws: listed(accounts),
    spectrocloud_cluster_brownfield: listed(clusters),
  };
}

function listed(items: readonly Item[]): Listed[] {
  return items.map(({ metadata }) => ({ name: metadata?.name ?? '', uid: metadata?.uid ?? '' }));
}

async function pages<I>(
  ask: (from: { continue?: string }) => Promise<{ items: I[]; listmeta?: { continue?: string } }>,
): Promise<I[]> {
  const all: I[] = [];
  let from: { continue?: string } = {};
  for (;;) {
    const { items, listmeta } = await ask(from);
    all.push(...items);
    if (!listmeta?.continue) return all;
    from = { continue: listmeta.continue };
  }
}
