/** Keeps each cluster's desired state what its profiles, values, macros and variables say. */
import { currentTraceparent, traced } from '#core/tracing/trace';
import type { SomeServices } from '#plane/domain/fleet-services';
import { invalidRequest } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { canonicalDigest } from '#protocol/canonical';
import { DesiredState } from '#protocol/desired-state';
import { documentDigest, signDesiredState } from '#protocol/signature';

import { appendClusterEvent } from '../clusters/cluster-event.ts';
import { enqueuePoke } from '../events/outbox.ts';
import { compose, ComposeError, type DesiredContent } from '#profiles/compose';
import { passThroughHeld } from '../templates/held.ts';
import { refuseUnfit } from './fitness.ts';
import { loadComposeInput, lockClusters, type ClusterToCompose } from './compose-input.ts';

/** Which clusters a change may concern. */
export type Affected =
  | { readonly kind: 'cluster'; readonly uid: string }
  | { readonly kind: 'profile'; readonly uid: string }
  | { readonly kind: 'project'; readonly uid: string }
  | { readonly kind: 'tenant' };

export interface RecomposeOptions {
  /**
   * What becomes of packs that the cluster cannot take: the change is refused (default), or, where an agent only told of
   * itself, kept; a document is not sent to an agent that is too old for it either way.
   */
  readonly unfit?: 'refuse' | 'keep';
}

/**
 * Composes the desired state of the affected clusters again, in the transaction of the change.
 * Where the content changed: a new revision, signed and stored, a poke for the agent, an event.
 * Where it did not, nothing happens. Works for one tenant: `tx` is the tenant's.
 *
 * @throws PlaneError 422 when a cluster's document could not be made after the change, which
 *   takes the whole change back.
 */
export async function recomposeClusters(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  affected: Affected,
  { unfit = 'refuse' }: RecomposeOptions = {},
): Promise<void> {
  if (affected.kind === 'profile') await passThroughHeld(tx, services.fleet.now(), affected.uid);
  // Sorted, so that two changes lock clusters in one order and never wait for each other in a ring.
  const clusters = await lockClusters(tx, affected);
  for (const cluster of clusters) {
    const attributes = { 'palette.cluster_uid': cluster.uid };
    await traced('compose desired state', { attributes }, async (span) => {
      const revision = await recompose(tx, services, tenantUid, cluster, unfit);
      span.set({
        'palette.changed': revision !== undefined,
        ...(revision === undefined ? {} : { 'palette.revision': revision }),
      });
    });
  }
}

/** @returns the new revision, if there is one */
async function recompose(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  cluster: ClusterToCompose,
  unfit: 'refuse' | 'keep',
): Promise<number | undefined> {
  const content = await contentOf(tx, services, tenantUid, cluster);
  const contentDigest = canonicalDigest(content);
  const [known] = await tx.query<{ content_digest: string; pack_digests: string[] }>(
    'SELECT content_digest, pack_digests FROM desired_states WHERE cluster_uid = $1',
    [cluster.uid],
  );
  if (known?.content_digest === contentDigest) return undefined;
  if (unfit === 'refuse') await refuseUnfit(tx, cluster, content.layers, known?.pack_digests ?? []);

  const revision = cluster.revision + 1;
  const trace = currentTraceparent();
  const document = DesiredState.parse({
    ...content,
    revision,
    issuedAt: services.fleet.now().toISOString(),
    // Not of the content: the same content asked for by another request is no new revision.
    ...(trace === undefined ? {} : { trace }),
  });
  const signed = await signDesiredState(document, services.fleet.signingKeys.current);
  const packDigests = [
    ...new Set(document.layers.flatMap((layer) => (layer.content === undefined ? [] : [layer.content]))),
  ];
  await tx.execute(
    `INSERT INTO desired_states (cluster_uid, tenant_uid, revision, digest, content_digest, pack_digests, document)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (cluster_uid) DO UPDATE SET revision = excluded.revision, digest = excluded.digest,
       content_digest = excluded.content_digest, pack_digests = excluded.pack_digests, document = excluded.document, created_at = now()`,
    [
      cluster.uid,
      tenantUid,
      revision,
      documentDigest(signed),
      contentDigest,
      packDigests,
      services.secrets.seal(JSON.stringify(signed), documentPurpose(cluster.uid)),
    ],
  );
  // Until the agent has reported on the new revision, nobody knows whether the cluster is well with it.
  await tx.execute(
    `UPDATE clusters SET revision = $2, health = CASE WHEN health = 'Healthy' THEN 'Unknown' ELSE health END WHERE uid = $1`,
    [cluster.uid, revision],
  );
  await enqueuePoke(tx, tenantUid, cluster.uid, 'desired-state');
  await appendClusterEvent(tx, cluster.uid);
  tx.afterCommit(() => services.fleet.changed(tenantUid));
  return revision;
}

async function contentOf(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  cluster: ClusterToCompose,
): Promise<DesiredContent> {
  const input = await loadComposeInput(tx, services.secrets, tenantUid, cluster);
  try {
    return compose(input);
  } catch (error) {
    if (error instanceof ComposeError) throw invalidRequest(`cluster ${cluster.name}: ${error.message}`);
    throw error;
  }
}

/** What the sealed document in the database belongs to. */
export function documentPurpose(clusterUid: string): string {
  return `desired-state/${clusterUid}`;
}
