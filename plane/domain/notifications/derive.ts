/**
 * What waits for somebody's decision, as it follows from what is: newer packs than a profile has, and clusters that wait
 * for a maintenance window or a value. Nothing of it is stored, so nothing of it can be out of date.
 */
import { uuidOf } from '#core/digest';
import { compareVersions, pickVersion } from '#profiles/version';

export interface Notification {
  /** The same for as long as it is about the same. */
  readonly uid: string;
  readonly kind: 'pack update' | 'cluster waits';
  readonly related: { readonly kind: 'clusterprofile' | 'spectrocluster'; readonly uid: string; readonly name: string };
  readonly message: string;
  /** What it is about, by name, with details of each. */
  readonly events: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Since when; undefined where that is not kept. */
  readonly since: Date | undefined;
}

export interface ProfileInUse {
  readonly uid: string;
  readonly projectUid: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly packs: readonly { readonly name: string; readonly version: string; readonly registryUid: string }[];
}

export interface KnownPack {
  readonly registryUid: string;
  readonly name: string;
  readonly version: string;
  readonly createdAt: Date;
}

/** Packs of which the same registry has a newer release than the newest version of a profile has. */
export function packUpdates(profiles: readonly ProfileInUse[], packs: readonly KnownPack[]): readonly Notification[] {
  const versions = new Map<string, KnownPack[]>();
  for (const pack of packs) {
    const key = packKey(pack);
    versions.set(key, [...(versions.get(key) ?? []), pack]);
  }
  return newestVersions(profiles).flatMap((profile) =>
    profile.packs.flatMap((used): Notification[] => {
      const known = versions.get(packKey(used)) ?? [];
      const newest = pickVersion(
        '',
        known.map(({ version }) => version),
      );
      if (newest === undefined || compareVersions(newest, used.version) <= 0) return [];
      return [
        {
          uid: uuidOf(`pack update ${profile.uid} ${used.registryUid} ${used.name} ${newest}`),
          kind: 'pack update',
          related: { kind: 'clusterprofile', uid: profile.uid, name: profile.name },
          message: `profile ${profile.name} ${profile.version} has pack ${used.name} ${used.version}; there is ${newest}`,
          events: { [used.name]: { version: used.version, newVersion: newest, registryUid: used.registryUid } },
          since: known.find(({ version }) => version === newest)?.createdAt,
        },
      ];
    }),
  );
}

function packKey({ registryUid, name }: { readonly registryUid: string; readonly name: string }): string {
  return JSON.stringify([registryUid, name]);
}

/** Of each profile its newest version: the older ones have been replaced already. */
function newestVersions(profiles: readonly ProfileInUse[]): readonly ProfileInUse[] {
  const newest = new Map<string, ProfileInUse>();
  for (const profile of profiles) {
    const key = JSON.stringify([profile.projectUid ?? '', profile.name]);
    const other = newest.get(key);
    if (other === undefined || compareVersions(profile.version, other.version) > 0) newest.set(key, profile);
  }
  return [...newest.values()];
}

export interface WaitingCluster {
  readonly uid: string;
  readonly name: string;
  /** What it waits for. */
  readonly message: string;
  readonly revision: number;
}

export function waitingClusters(clusters: readonly WaitingCluster[]): readonly Notification[] {
  return clusters.map(({ uid, name, message, revision }) => ({
    uid: uuidOf(`cluster waits ${uid} ${revision} ${message}`),
    kind: 'cluster waits',
    related: { kind: 'spectrocluster', uid, name },
    message: `cluster ${name}: ${message}`,
    events: {},
    since: undefined,
  }));
}
