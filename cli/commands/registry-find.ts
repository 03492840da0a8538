import { CliError } from '#cli/cli-error';
import type { PaletteClient, Schemas } from '#openapi/client/index';

export const TENANT = { kind: 'tenant' } as const;

export type RegistryKind = 'helm' | 'oci' | 'pack';

export interface FoundRegistry {
  readonly uid: string;
  readonly name: string;
  readonly kind: RegistryKind;
  /** Of OCI registries. */
  readonly type: 'basic' | 'ecr';
}

/** @throws CliError that lists the registries there are. */
export async function findRegistry(client: PaletteClient, name: string): Promise<FoundRegistry> {
  const { items } = await client.get('/v1/registries/metadata', { scope: TENANT });
  const found = items.find((registry) => registry.name === name);
  const { uid } = found ?? {};
  if (uid === undefined)
    throw new CliError(`there is no registry named ${JSON.stringify(name)}`, {
      hint: `There are: ${items.map((registry) => registry.name).join(', ') || 'none'}.`,
    });
  const kind = found?.kind === 'helm' || found?.kind === 'oci' ? found.kind : 'pack';
  if (kind !== 'oci') return { uid, name, kind, type: 'basic' };
  const summary = await client.get('/v1/registries/oci/summary', { scope: TENANT });
  const type =
    summary.items.find(({ metadata }) => metadata?.uid === uid)?.spec?.registryType === 'ecr' ? 'ecr' : 'basic';
  return { uid, name, kind, type };
}

/** How the plane last looked into a registry. */
export async function statusOf(
  client: PaletteClient,
  { uid, kind, type }: Pick<FoundRegistry, 'uid' | 'kind' | 'type'>,
): Promise<Schemas['v1RegistrySyncStatus']> {
  const given = { path: { uid }, scope: TENANT };
  switch (kind) {
    case 'helm':
      return client.get('/v1/registries/helm/{uid}/sync/status', given);
    case 'pack':
      return client.get('/v1/registries/pack/{uid}/sync/status', given);
    case 'oci':
      return type === 'ecr'
        ? client.get('/v1/registries/oci/{uid}/ecr/sync/status', given)
        : client.get('/v1/registries/oci/{uid}/basic/sync/status', given);
  }
}
