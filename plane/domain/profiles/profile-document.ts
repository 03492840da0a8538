/** Stored profiles as values, and their content address. */
import type { ProfileDocument } from '#profiles/document';
import { profileDigest } from '#profiles/digest';

import type { Profile, ProfileTemplate } from './profile.ts';
import { labelsToTags } from './tags.ts';

type Identity = Pick<Profile, 'name' | 'version' | 'type' | 'cloudType' | 'labels' | 'annotations' | 'variables'>;

/** One of the profile's stacks as a value; registries by name where their names are given. */
export function documentOf(
  profile: Identity,
  template: ProfileTemplate,
  registryNames: ReadonlyMap<string, string> = new Map(),
): ProfileDocument {
  return {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name: profile.name,
    version: profile.version,
    type: profile.type,
    cloud: profile.cloudType,
    description: profile.annotations['description'] ?? '',
    tags: labelsToTags(profile.labels),
    variables: [...profile.variables],
    layers: template.packs.map((pack) => {
      const registry = registryNames.get(pack.registryUid);
      return {
        name: pack.name,
        layer: pack.layer,
        type: pack.type,
        ...(registry === undefined ? {} : { registry }),
        // A tag that somebody gave to manifests alone means nothing.
        version: pack.type === 'manifest' ? '' : pack.tag || pack.version,
        ...(pack.digest === undefined ? {} : { resolved: { version: pack.version, digest: pack.digest } }),
        values: pack.values,
        manifests: pack.manifests.map(({ name, content }) => ({ name, content })),
      };
    }),
  };
}

/** The content address of what the profile would be with this stack. */
export function digestOf(profile: Identity, template: ProfileTemplate): string {
  return profileDigest(documentOf(profile, template));
}
