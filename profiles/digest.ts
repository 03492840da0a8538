import { canonicalDigest } from '#protocol/canonical';

import type { ProfileDocument } from './document.ts';

/**
 * Content address of a profile: equal exactly when two profiles make clusters do the same. Name, version, description
 * and tags do not count, so a promotion keeps the digest; of a resolved layer the pack's digest counts and not the range
 * it was found by.
 */
export function profileDigest({ type, cloud, variables, layers }: ProfileDocument): string {
  return canonicalDigest({
    type,
    cloud,
    variables: [...variables].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    layers: layers.map(({ name, layer, type, version, resolved, values, manifests }) => ({
      name,
      layer,
      type,
      content: resolved ?? { version },
      values: values.trim(),
      manifests: manifests.map(({ name, content }) => ({ name, content: content.trim() })),
    })),
  });
}
