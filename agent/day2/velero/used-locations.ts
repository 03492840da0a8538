/** Which locations Velero is at work with: it cannot end what it has begun without their credentials. */
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import { textAt, type KubeObject } from '#kubernetes/object';

import { hasEnded, isBeingDeleted, phaseOf, veleroRef, type VeleroKind } from './velero.ts';

/** Names of locations that backups, restores and deletions use which have not ended, whoever asked for them. @throws KubeError */
export async function usedLocations(client: KubeClient, { signal }: CallOptions): Promise<ReadonlySet<string>> {
  const backups = await listAll(client, 'Backup', { signal });
  const restores = (await listAll(client, 'Restore', { signal })).filter((one) => !hasEnded(one));
  const deletions = (await listAll(client, 'DeleteBackupRequest', { signal })).filter(
    (one) => phaseOf(one) !== 'Processed',
  );
  const ofBackup = new Map(
    backups.map((one) => [keyOf(one, one.metadata.name), textAt(one, 'spec', 'storageLocation')]),
  );
  return new Set(
    [
      ...backups.filter((one) => !hasEnded(one) && !isBeingDeleted(one)).map((one) => keyOf(one, one.metadata.name)),
      ...[...restores, ...deletions].map((one) => keyOf(one, textAt(one, 'spec', 'backupName'))),
    ].flatMap((key) => ofBackup.get(key) ?? []),
  );
}

function keyOf({ metadata }: KubeObject, backupName: string): string {
  return `${metadata.namespace}/${backupName}`;
}

async function listAll(client: KubeClient, kind: VeleroKind, { signal }: CallOptions): Promise<readonly KubeObject[]> {
  const type = await client.discovery.resourceType(veleroRef(kind, '', ''), { signal });
  if (type === undefined) return [];
  try {
    return (await client.list(type, { signal })).items;
  } catch (error) {
    // An agent that may only look never had Velero do anything.
    if (error instanceof KubeError && error.status === 403) return [];
    throw error;
  }
}
