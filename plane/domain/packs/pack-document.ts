import type { Pack } from '#packs/index';
import type { FoundVersion } from '#plane/registry/source';

import type { PackDocument } from './pack-store.ts';

/** What the plane keeps of an opened pack. */
export function documentOf(pack: Pack, content: string): PackDocument {
  return {
    displayName: pack.displayName,
    addonType: pack.addonType,
    addonSubType: pack.addonSubType,
    cloudTypes: [...pack.cloudTypes],
    annotations: { ...pack.annotations },
    values: pack.values,
    presets: pack.presets.map((preset) => ({ ...preset, remove: [...preset.remove] })),
    schema: pack.schema.map(({ name, required, readonly, format, hints }) => ({
      name,
      required,
      readonly,
      format,
      hints: [...hints],
    })),
    manifests: pack.manifests.map((manifest) => manifest.name),
    readme: pack.readme ?? '',
    installPriority: pack.installPriority,
    constraints: { ...pack.constraints },
    kubeVersion: pack.kubeVersion,
    contentDigest: content,
  };
}

/** What is known of a pack that is only listed. */
export function listedDocument({ displayName, description, appVersion, icon, deprecated }: FoundVersion): PackDocument {
  return {
    displayName,
    addonType: '',
    addonSubType: '',
    cloudTypes: ['all'],
    annotations: {
      ...(description === '' ? {} : { description }),
      ...(appVersion === '' ? {} : { appVersion }),
      ...(deprecated ? { system_state: 'deprecated' } : {}),
    },
    values: '',
    presets: [],
    schema: [],
    manifests: [],
    readme: '',
    installPriority: 0,
    contentDigest: '',
    ...(icon === '' ? {} : { icon }),
  };
}
