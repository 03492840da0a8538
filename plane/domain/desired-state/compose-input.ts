/** Reads what a cluster's desired state is made of. */
import { installPriority } from '#packs/index';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { SqlValue, Transaction } from '#plane/store/database';
import { assertNever } from '#core/assert-never';

import { openVariables } from '../clusters/attachment.ts';
import type { ClusterSettings } from '../clusters/cluster.ts';
import { ProfileType, Variable } from '#profiles/document';
import { ProfileTemplate } from '../profiles/profile.ts';
import type { AttachedProfile, ComposeInput, PackOverride } from '#profiles/compose';
import { asHeld } from '../templates/held-profile.ts';
import { clusterResources } from '../features/cluster-resources.ts';
import { loadDayTwo } from './day-two.ts';
import { loadMacros } from './load-macros.ts';
import type { Affected } from './recompose.ts';

/** Seconds between an agent's full comparisons. */
const RESYNC_SECONDS = 300;

export interface ClusterToCompose {
  readonly uid: string;
  readonly name: string;
  readonly projectUid: string;
  readonly projectName: string;
  readonly cloudType: string;
  readonly kubernetesVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly deleting: boolean;
  readonly readOnly: boolean;
  readonly revision: number;
  readonly settings: ClusterSettings;
  readonly templateUid: string | undefined;
}

interface ClusterRow {
  uid: string;
  name: string;
  project_uid: string;
  project_name: string;
  cloud_type: string;
  kubernetes_version: string;
  labels: Record<string, string>;
  state: string;
  import_mode: string;
  revision: number;
  settings: ClusterSettings;
  template_uid: string | null;
}

/** The affected clusters, locked until the end of the transaction, in the order of their uids. */
export async function lockClusters(tx: Transaction, affected: Affected): Promise<ClusterToCompose[]> {
  const [condition, params] = conditionOf(affected);
  return selectToCompose(tx, condition, params, 'FOR UPDATE OF c');
}

/** Clusters `c` that a condition of the caller's own holds for, never SQL of a request; in the order of their uids. */
export async function selectToCompose(
  tx: Transaction,
  condition: string,
  params: readonly SqlValue[],
  lock: '' | 'FOR UPDATE OF c' = '',
): Promise<ClusterToCompose[]> {
  const rows = await tx.query<ClusterRow>(
    `SELECT c.uid, c.name, c.project_uid, p.name AS project_name, c.cloud_type, c.kubernetes_version, c.labels, c.state, c.import_mode, c.revision,
       c.settings, c.template_uid
     FROM clusters c JOIN projects p ON p.uid = c.project_uid WHERE ${condition} ORDER BY c.uid ${lock}`,
    params,
  );
  return rows.map((row) => ({
    uid: row.uid,
    name: row.name,
    projectUid: row.project_uid,
    projectName: row.project_name,
    cloudType: row.cloud_type,
    kubernetesVersion: row.kubernetes_version,
    labels: row.labels,
    deleting: row.state === 'Deleting',
    readOnly: row.import_mode === 'read-only',
    revision: row.revision,
    settings: row.settings,
    templateUid: row.template_uid ?? undefined,
  }));
}

function conditionOf(affected: Affected): [string, string[]] {
  switch (affected.kind) {
    case 'cluster':
      return ['c.uid = $1', [affected.uid]];
    case 'profile':
      return ['c.uid IN (SELECT cluster_uid FROM cluster_profile_attachments WHERE profile_uid = $1)', [affected.uid]];
    case 'project':
      return ['c.project_uid = $1', [affected.uid]];
    case 'tenant':
      return ['true', []];
    default:
      return assertNever(affected);
  }
}

/** Everything `compose` asks for. */
export async function loadComposeInput(
  tx: Transaction,
  secrets: Secrets,
  tenantUid: string,
  cluster: ClusterToCompose,
): Promise<ComposeInput> {
  const profiles = await loadAttachedProfiles(tx, secrets, cluster.uid);
  return {
    tenantUid,
    project: { uid: cluster.projectUid, name: cluster.projectName },
    cluster: cluster,
    // An agent that only looks makes nothing.
    resources: cluster.readOnly ? undefined : clusterResources(cluster.settings),
    lifecycle: cluster.deleting ? 'deleting' : 'active',
    drift: cluster.readOnly ? 'alert' : 'heal',
    resyncSeconds: RESYNC_SECONDS,
    profiles,
    macros: await loadMacros(tx, cluster.projectUid),
    installPriority,
    dayTwo: await loadDayTwo(tx, secrets, cluster),
    ...(await loadPackFacts(tx, profiles)),
  };
}

/**
 * What packs say themselves, by digest: the install priorities that they ask for, and their values where some layer or pack
 * reads those of another (`{{.spectro.pack.…}}`) or they say how the pack is enforced, which few do.
 */
export async function loadPackFacts(
  tx: Transaction,
  profiles: readonly Pick<AttachedProfile, 'packs' | 'overrides'>[],
): Promise<{
  readonly packPriorities: ReadonlyMap<string, number>;
  readonly packValues: ReadonlyMap<string, string>;
}> {
  const digests = profiles.flatMap(({ packs }) => packs.flatMap(({ digest }) => digest ?? []));
  if (digests.length === 0) return { packPriorities: new Map(), packValues: new Map() };
  const read = profiles.some(({ packs, overrides }) =>
    [...packs, ...overrides].some(({ values, manifests }) =>
      [values, ...(manifests ?? []).map(({ content }) => content)].some((text) => text?.includes(PACK_MACRO)),
    ),
  );
  const rows = await tx.query<{ digest: string; priority: number; values: string | null }>(
    `SELECT digest, priority, CASE WHEN $2::boolean OR others OR strpos(own, 'enforcement:') > 0 THEN own END AS values FROM (
       SELECT digest, (document->>'installPriority')::int AS priority, document->>'values' AS own,
         bool_or(strpos(document->>'values', $3::text) > 0) OVER () AS others
       FROM packs WHERE digest = ANY ($1::text[])
     ) AS packs`,
    [digests, String(read), PACK_MACRO],
  );
  return {
    packPriorities: new Map(rows.map(({ digest, priority }) => [digest, priority])),
    packValues: new Map(rows.flatMap(({ digest, values }) => (values === null ? [] : [[digest, values] as const]))),
  };
}

const PACK_MACRO = '.spectro.pack.';

interface AttachedRow {
  uid: string;
  name: string;
  version: string;
  type: string;
  labels: Record<string, string>;
  digest: string | null;
  published: unknown;
  definitions: unknown;
  overrides: PackOverride[];
  variables: Uint8Array | null;
  held: unknown;
}

async function loadAttachedProfiles(tx: Transaction, secrets: Secrets, clusterUid: string): Promise<AttachedProfile[]> {
  const rows = await tx.query<AttachedRow>(
    `SELECT p.uid, p.name, p.version, p.type, p.labels, p.digest, p.published, p.variables AS definitions, a.overrides, a.variables, a.held
     FROM cluster_profile_attachments a JOIN cluster_profiles p ON p.uid = a.profile_uid
     WHERE a.cluster_uid = $1 ORDER BY p.uid`,
    [clusterUid],
  );
  return rows.map((row) => {
    const profile = asHeld(
      {
        uid: row.uid,
        name: row.name,
        version: row.version,
        type: ProfileType.parse(row.type),
        digest: row.digest ?? undefined,
        published: row.published === null ? undefined : ProfileTemplate.parse(row.published),
        variables: Variable.array().parse(row.definitions),
      },
      row.held,
    );
    return {
      uid: profile.uid,
      name: profile.name,
      version: profile.version,
      type: profile.type,
      labels: row.labels,
      digest: profile.digest,
      packs: profile.published?.packs ?? [],
      overrides: row.overrides,
      definitions: profile.variables,
      values: openVariables(secrets, clusterUid, row.uid, row.variables),
    };
  });
}
