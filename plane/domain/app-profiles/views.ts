/** Application profiles in the API's shapes. */
import { sha256 } from '#core/digest';
import type { components } from '#openapi/generated/types';

import { ownedMetadata } from '../owned.ts';
import { compareVersions } from '#profiles/version';
import type { AppProfileRow, Tier } from './app-profile.ts';
import { isSecret, MASK } from './check-tier.ts';

type Schemas = components['schemas'];

/** Tiers as they are installed: by their order, those of one number as they are written. */
export function inInstallOrder<T extends Pick<Tier, 'installOrder'>>(tiers: readonly T[]): T[] {
  return tiers.toSorted((a, b) => a.installOrder - b.installOrder);
}

/** `GET /v1/appProfiles/{uid}`: its references name the tiers in the order in which they are installed. */
export function appProfile(
  row: AppProfileRow,
  tiers: readonly Tier[],
  versions: readonly Pick<AppProfileRow, 'uid' | 'version'>[],
  tenantUid: string,
): Schemas['v1AppProfile'] {
  return {
    metadata: ownedMetadata(row, tenantUid),
    spec: {
      version: row.version,
      versions: sortedVersions(versions),
      template: {
        appTiers: inInstallOrder(tiers).map(({ uid, name, type, version }) => ({ uid, name, type, version })),
        registryRefs: [...new Set(tiers.flatMap(({ registryUid }) => (registryUid === '' ? [] : [registryUid])))].map(
          (uid) => ({ kind: 'registry', uid }),
        ),
      },
    },
    status: { inUseApps: [] },
  };
}

/** `POST /v1/dashboard/appProfiles`, one item */
export function appProfileSummary(
  row: AppProfileRow,
  tiers: readonly Tier[],
  versions: readonly Pick<AppProfileRow, 'uid' | 'version'>[],
  tenantUid: string,
): Schemas['v1AppProfileSummary'] {
  return {
    metadata: ownedMetadata(row, tenantUid),
    spec: {
      version: row.version,
      versions: sortedVersions(versions),
      template: {
        appTiers: inInstallOrder(tiers).map(({ uid, name, type, version, sourceAppTierUid }) => ({
          uid,
          name,
          type,
          version,
          ...(sourceAppTierUid === '' ? {} : { source: { uid: sourceAppTierUid } }),
        })),
      },
    },
  };
}

function sortedVersions(
  versions: readonly Pick<AppProfileRow, 'uid' | 'version'>[],
): { uid: string; version: string }[] {
  return versions.map(({ uid, version }) => ({ uid, version })).sort((a, b) => compareVersions(a.version, b.version));
}

/** A tier in full; secret properties are masked. */
export function appTier(tier: Tier): Schemas['v1AppTier'] {
  return {
    metadata: {
      uid: tier.uid,
      name: tier.name,
      creationTimestamp: tier.createdAt,
      lastModifiedTimestamp: tier.modifiedAt,
    },
    spec: {
      type: tier.type,
      version: tier.version,
      installOrder: tier.installOrder,
      registryUid: tier.registryUid,
      sourceAppTierUid: tier.sourceAppTierUid,
      containerRegistryUid: tier.containerRegistryUid,
      values: tier.values,
      properties: tier.properties.map(({ name, value }) => ({
        name,
        value: isSecret(name) && value !== '' ? MASK : value,
      })),
      manifests: tier.manifests.map(({ uid, name }) => ({ kind: 'manifest', uid, name })),
    },
  };
}

/** A manifest of a tier with its content. */
export function tierManifest({ uid, name, content }: Tier['manifests'][number]): Schemas['v1Manifest'] {
  return { metadata: { uid, name }, spec: { published: { content, digest: sha256(content) } } };
}
