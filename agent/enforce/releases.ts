/**
 * Which hooks of which layer have run, kept in the cluster: a restart repeats none that has ended, and tells an
 * installation from an upgrade. One Secret for each layer that has hooks; those of removal are kept in it, for the time
 * when the layer's pack is no longer at hand.
 */
import { z } from 'zod';

import { sha256 } from '#core/digest';

import type { KubeClient } from '#kubernetes/client';
import { isKubeObject, mapAt, type KubeObject, type ObjectRef } from '#kubernetes/object';

const Release = z.object({
  layer: z.string(),
  /** Of everything the layer brings. */
  digest: z.string(),
  action: z.enum(['install', 'upgrade']),
  /** What was gone through: nothing, the hooks before, those after, the tests; at the end the hooks before removal. */
  step: z.enum(['begun', 'pre', 'post', 'test', 'removing']),
  /** Hooks of `pre-delete` and `post-delete`. */
  onDelete: z.array(z.custom<KubeObject>(isKubeObject)),
});
export type Release = Readonly<z.infer<typeof Release>>;

export interface Releases {
  /** Reads what a former run left. @throws KubeError */
  load(options: { readonly signal: AbortSignal }): Promise<void>;
  of(layer: string): Release | undefined;
  /** Of a layer, read anew: somebody may have deleted it. @throws KubeError */
  reload(layer: string, options: { readonly signal: AbortSignal }): Promise<Release | undefined>;
  /** Where a layer's is kept. */
  refOf(layer: string): ObjectRef;
  all(): readonly Release[];
  save(release: Release, options: { readonly signal: AbortSignal }): Promise<void>;
  remove(layer: string, options: { readonly signal: AbortSignal }): Promise<void>;
}

const LABEL = 'palette-iac.dev/release';
const SECRET = { apiVersion: 'v1', kind: 'Secret' } as const;

export function createReleases(client: KubeClient, namespace: string): Releases {
  const known = new Map<string, Release>();
  const refOf = (layer: string): ObjectRef => ({
    ...SECRET,
    namespace,
    name: `palette-agent-release-${sha256(layer).slice('sha256:'.length, 'sha256:'.length + 16)}`,
  });
  return {
    of: (layer) => known.get(layer),
    refOf,
    reload: async (layer, { signal }) => {
      const release = known.get(layer);
      return (await client.get(refOf(layer), { signal })) ? release : undefined;
    },
    all: () => [...known.values()],
    load: async ({ signal }) => {
      const type = await client.discovery.resourceType(SECRET, { signal });
      if (!type) return;
      const { items } = await client.list(type, { signal, namespace, labelSelector: LABEL });
      known.clear();
      for (const item of items) {
        const release = parse(mapAt(item, 'data')['release']);
        if (release) known.set(release.layer, release);
      }
    },
    save: async (release, { signal }) => {
      const { name } = refOf(release.layer);
      const data = { release: Buffer.from(JSON.stringify(release)).toString('base64') };
      await client.apply(
        { ...SECRET, type: 'Opaque', metadata: { name, namespace, labels: { [LABEL]: 'true' } }, data },
        { signal },
      );
      known.set(release.layer, release);
    },
    remove: async (layer, { signal }) => {
      await client.delete(refOf(layer), { signal });
      known.delete(layer);
    },
  };
}

/** What cannot be read counts as not written: its layer is taken for one that was there before. */
function parse(data: unknown): Release | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return Release.safeParse(JSON.parse(Buffer.from(data, 'base64').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
