import type { PaletteClient, Scope } from '#openapi/client/index';
import type { components } from '#openapi/generated/types';

import { perClient } from './per-client.ts';

type RegistryMetadata = components['schemas']['v1RegistryMetadata'];

/** A registry as resources refer to it. */
export interface Registry {
  readonly uid: string;
  readonly name: string;
  /** `pack`, `helm`, `oci`, or as the API names it. */
  readonly kind: string;
  readonly isDefault: boolean;
}

/** Every registry in reach, read once for a client: dozens of profiles ask the same question. */
export const listRegistries = perClient(async (client: PaletteClient, scope: Scope): Promise<readonly Registry[]> => {
  const { items } = await client.get('/v1/registries/metadata', { scope });
  return items.flatMap(toRegistry);
});

function toRegistry({ uid, name, kind, isDefault }: RegistryMetadata): Registry[] {
  return uid === undefined || name === undefined
    ? []
    : [{ uid, name, kind: kind ?? '', isDefault: isDefault ?? false }];
}
