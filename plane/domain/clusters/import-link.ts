/**
 * The address of a cluster's import manifest. Whoever has it can join a cluster in this one's
 * place, so it holds a secret; it works until the agent has registered.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

import type { PlaneServices } from '#plane/domain/services';

import type { Cluster } from './cluster.ts';

type Sealed = Pick<Cluster, 'uid' | 'importToken'>;

/** A new secret for a cluster's address, sealed for the database. */
export function newImportToken({ secrets }: Pick<PlaneServices, 'secrets'>, clusterUid: string): Uint8Array {
  return secrets.seal(randomBytes(24).toString('base64url'), purpose(clusterUid));
}

/** What a person types to join the cluster. */
export function importLink(services: PlaneServices, cluster: Sealed): string {
  return `kubectl apply -f ${services.publicUrl}/v1/spectroclusters/${cluster.uid}/import/manifest?token=${openToken(services, cluster)}`;
}

/** Whether a secret is the one of the cluster's address. */
export function isImportToken(services: Pick<PlaneServices, 'secrets'>, cluster: Sealed, token: string): boolean {
  const expected = Buffer.from(openToken(services, cluster));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function openToken({ secrets }: Pick<PlaneServices, 'secrets'>, cluster: Sealed): string {
  return secrets.openText(cluster.importToken, purpose(cluster.uid));
}

function purpose(clusterUid: string): string {
  return `import-token/${clusterUid}`;
}
