/** Asks one cluster: composes what it would be asked to run, and leaves the question for its agent. */
import { randomUUID } from 'node:crypto';

import { PlaneError } from '#plane/api/error';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';
import { compose, ComposeError, type AttachedProfile, type ComposeInput, type DesiredContent } from '#profiles/compose';
import { canonicalDigest } from '#protocol/canonical';
import { PreviewRequest, signPreview } from '#protocol/preview';

import { SILENCE_MS } from '../clusters/health.ts';
import {
  loadComposeInput,
  loadPackFacts,
  selectToCompose,
  type ClusterToCompose,
} from '../desired-state/compose-input.ts';
import { refuseUnfit } from '../desired-state/fitness.ts';
import { enqueuePoke } from '../events/outbox.ts';
import { checkValues } from '../profiles/check-variables.ts';
import type { AffectedCluster } from './affected.ts';
import type { Candidate } from './candidate.ts';

export interface Question {
  readonly impactUid: string;
  readonly tenantUid: string;
  readonly candidate: Candidate;
  readonly expiresAt: Date;
}

type Stand =
  | { readonly state: 'pending'; readonly content: DesiredContent; readonly sensitive: readonly string[] }
  | { readonly state: 'unchanged' | 'outOfReach' | 'refused'; readonly message: string };

/** Notes how the cluster stands to the candidate, and asks its agent where only that can know more. */
export async function askCluster(
  tx: Transaction,
  services: SomeServices,
  question: Question,
  { uid, fromVersion }: AffectedCluster,
): Promise<void> {
  const [cluster] = await selectToCompose(tx, 'c.uid = $1', [uid]);
  // It was deleted since the clusters were counted.
  if (!cluster || cluster.deleting) return;
  const id = randomUUID();
  const stand = await standOf(tx, services, question, cluster);
  const pending = stand.state === 'pending' ? await makeDocument(services, question, id, stand) : undefined;
  await tx.execute(
    `INSERT INTO impact_clusters (id, impact_uid, cluster_uid, state, message, from_version, document, pack_digests)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      question.impactUid,
      uid,
      stand.state,
      stand.state === 'pending' ? '' : stand.message,
      fromVersion ?? null,
      pending?.document ?? null,
      pending?.packDigests ?? [],
    ],
  );
  if (pending) await command(tx, services, question, uid, id);
}

async function standOf(
  tx: Transaction,
  services: SomeServices,
  question: Question,
  cluster: ClusterToCompose,
): Promise<Stand> {
  if (cluster.readOnly)
    return { state: 'refused', message: 'it was imported read-only: profiles cannot be attached to it' };
  const input = await loadComposeInput(tx, services.secrets, question.tenantUid, cluster);
  const [current] = await tx.query<{ content_digest: string; pack_digests: string[] }>(
    'SELECT content_digest, pack_digests FROM desired_states WHERE cluster_uid = $1',
    [cluster.uid],
  );
  let content: DesiredContent;
  try {
    content = compose(await withCandidate(tx, input, question.candidate));
    if (current?.content_digest === canonicalDigest(content)) return { state: 'unchanged', message: '' };
    await refuseUnfit(tx, cluster, content.layers, current?.pack_digests ?? []);
  } catch (error) {
    if (error instanceof ComposeError || error instanceof PlaneError)
      return { state: 'refused', message: error.message };
    throw error;
  }
  const away = await outOfReach(tx, cluster.uid, services.fleet.now());
  if (away !== undefined) return { state: 'outOfReach', message: away };
  const definitions = [...question.candidate.definitions, ...input.profiles.flatMap((profile) => profile.definitions)];
  const sensitive = definitions.filter(({ isSensitive }) => isSensitive).map(({ name }) => name);
  return { state: 'pending', content, sensitive: [...new Set(sensitive)] };
}

/** What the cluster's desired state would be made of, with the candidate in the place of what it replaces. */
async function withCandidate(tx: Transaction, input: ComposeInput, candidate: Candidate): Promise<ComposeInput> {
  const replaced = new Set(candidate.replaces.map(({ uid }) => uid));
  const before = input.profiles.find(({ uid }) => replaced.has(uid));
  const kept = Object.entries(before?.values ?? {}).filter(([name]) =>
    candidate.definitions.some((definition) => definition.name === name),
  );
  const profile: AttachedProfile = {
    uid: candidate.uid ?? before?.uid ?? UNSTORED,
    name: candidate.name,
    version: candidate.version,
    type: candidate.type,
    labels: before?.labels,
    digest: candidate.digest,
    packs: candidate.packs,
    overrides: (before?.overrides ?? []).filter(({ name }) => candidate.packs.some((pack) => pack.name === name)),
    definitions: candidate.definitions,
    values: checkValues(candidate.definitions, [], Object.fromEntries(kept)),
  };
  const profiles = [...input.profiles.filter(({ uid }) => !replaced.has(uid)), profile];
  return { ...input, profiles, ...(await loadPackFacts(tx, profiles)) };
}

/** Stands for the identifier that a profile is given when it is stored. */
const UNSTORED = '0'.repeat(24);

/** Why the agent cannot be asked now; undefined when it can. */
async function outOfReach(tx: Transaction, clusterUid: string, now: Date): Promise<string | undefined> {
  const [row] = await tx.query<{ heartbeat_at: Date | null }>(
    'SELECT c.heartbeat_at FROM clusters c JOIN agents a ON a.cluster_uid = c.uid WHERE c.uid = $1',
    [clusterUid],
  );
  if (!row) return 'no agent has joined it yet';
  if (row.heartbeat_at === null) return 'its agent was not heard since it joined';
  if (now.getTime() - row.heartbeat_at.getTime() <= SILENCE_MS) return undefined;
  return `its agent was heard last at ${row.heartbeat_at.toISOString()}`;
}

async function makeDocument(
  services: SomeServices,
  { expiresAt }: Question,
  id: string,
  { content, sensitive }: Extract<Stand, { readonly state: 'pending' }>,
): Promise<{ readonly document: Uint8Array; readonly packDigests: readonly string[] }> {
  const request = PreviewRequest.parse({
    apiVersion: 'palette-iac.dev/v1',
    kind: 'DesiredStatePreview',
    id,
    expiresAt: expiresAt.toISOString(),
    sensitive,
    candidate: content,
  });
  const signed = await signPreview(request, services.fleet.signingKeys.current);
  return {
    document: services.secrets.seal(JSON.stringify(signed), questionPurpose(id)),
    packDigests: [...new Set(content.layers.flatMap((layer) => (layer.content === undefined ? [] : [layer.content])))],
  };
}

/** What the sealed question in the database belongs to. */
export function questionPurpose(id: string): string {
  return `preview/${id}`;
}

async function command(
  tx: Transaction,
  services: SomeServices,
  { tenantUid, expiresAt }: Question,
  clusterUid: string,
  id: string,
): Promise<void> {
  // Cursors of one cluster are given one after the other.
  await tx.query('SELECT 1 FROM clusters WHERE uid = $1 FOR UPDATE', [clusterUid]);
  await tx.execute(
    `INSERT INTO cluster_commands (id, cluster_uid, cursor, type, expires_at)
     SELECT $1, $2, coalesce(max(cursor), 0) + 1, 'preview', $3 FROM cluster_commands WHERE cluster_uid = $2`,
    [id, clusterUid, expiresAt],
  );
  await enqueuePoke(tx, tenantUid, clusterUid, 'commands');
  tx.afterCommit(() => services.fleet.changed(tenantUid));
}
