/** Reads everything a cluster's answers show. */
import type { PlaneServices } from '#plane/domain/services';
import type { Transaction } from '#plane/store/database';

import type { PackOverride } from '#profiles/compose';
import { findPack, type StoredPack } from '../packs/pack-store.ts';
import { selectProfiles } from '../profiles/profile-store.ts';
import { asHeld } from '../templates/held-profile.ts';
import { isUid } from '#plane/store/uid';
import type { Cluster } from './cluster.ts';
import { importLink } from './import-link.ts';
import type { AttachedView, ClusterView } from './views.ts';

/** Views of clusters of one tenant, in the order given; four statements, however many clusters. */
export async function loadViews(
  tx: Transaction,
  services: PlaneServices,
  tenantUid: string,
  clusters: readonly Cluster[],
): Promise<ClusterView[]> {
  const attachments = await tx.query<{
    cluster_uid: string;
    profile_uid: string;
    overrides: PackOverride[];
    held: unknown;
  }>(
    'SELECT cluster_uid, profile_uid, overrides, held FROM cluster_profile_attachments WHERE cluster_uid = ANY ($1::text[]) ORDER BY attached_at, profile_uid',
    [clusters.map((cluster) => cluster.uid)],
  );
  const profiles = await selectProfiles(tx, 'uid = ANY ($1::text[])', [
    [...new Set(attachments.map((attachment) => attachment.profile_uid))],
  ]);
  const projects = await tx.query<{ uid: string; name: string }>(
    'SELECT uid, name FROM projects WHERE uid = ANY ($1::text[])',
    [[...new Set(clusters.map((cluster) => cluster.projectUid))]],
  );
  return clusters.map((cluster) => ({
    cluster,
    tenantUid,
    projectName: projects.find((project) => project.uid === cluster.projectUid)?.name ?? '',
    profiles: attachments
      .filter((attachment) => attachment.cluster_uid === cluster.uid)
      .flatMap((attachment): AttachedView[] => {
        const profile = profiles.find((candidate) => candidate.uid === attachment.profile_uid);
        return profile ? [{ profile: asHeld(profile, attachment.held), overrides: attachment.overrides }] : [];
      }),
    packs: new Map(),
    importLink: importLink(services, cluster),
  }));
}

/** The view of one cluster; with the packs' own schema and presets when asked for. */
export async function loadView(
  tx: Transaction,
  services: PlaneServices,
  tenantUid: string,
  cluster: Cluster,
  { withPacks = false }: { readonly withPacks?: boolean } = {},
): Promise<ClusterView> {
  const [view] = await loadViews(tx, services, tenantUid, [cluster]);
  if (!view) throw new Error(`cluster ${cluster.uid}: it was read and has no view`);
  if (!withPacks) return view;
  const packs = new Map<string, StoredPack>();
  for (const { profile } of view.profiles) {
    for (const { packUid } of profile.published?.packs ?? []) {
      const pack = isUid(packUid) ? await findPack(tx, packUid) : undefined;
      if (pack) packs.set(packUid, pack);
    }
  }
  return { ...view, packs };
}
