/** Backup locations as they are stored. */
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';
import type { BackupLocation } from '#protocol/actions';

import type { OwnedKind, OwnedRow } from '../owned.ts';
import {
  readSecrets,
  storedConfig,
  toBackupLocation,
  type LocationConfig,
  type LocationType,
  type StoredSecrets,
} from './location-config.ts';

export const LOCATION: OwnedKind = { table: 'backup_locations', word: 'backup location' };

export interface LocationRow extends OwnedRow {
  readonly type: LocationType;
  readonly is_default: boolean;
  readonly config: object;
  readonly secrets: Uint8Array;
}

type Sealer = Pick<Secrets, 'seal' | 'openText'>;

export function sealSecrets(secrets: Sealer, uid: string, of: StoredSecrets): Uint8Array {
  return secrets.seal(JSON.stringify(of), purpose(uid));
}

export function openSecrets(secrets: Sealer, row: LocationRow): StoredSecrets {
  return readSecrets(secrets.openText(row.secrets, purpose(row.uid)));
}

export function configOf(secrets: Sealer, row: LocationRow): LocationConfig {
  return storedConfig(row.type, row.config, openSecrets(secrets, row));
}

/** The locations that a cluster's agent is given. */
export async function loadLocations(tx: Transaction, secrets: Sealer, clusterUid: string): Promise<BackupLocation[]> {
  const rows = await tx.query<LocationRow>(
    `SELECT l.* FROM backup_locations l JOIN cluster_backup_locations u ON u.location_uid = l.uid
     WHERE u.cluster_uid = $1 ORDER BY l.uid`,
    [clusterUid],
  );
  return rows.map((row) =>
    toBackupLocation({ uid: row.uid, name: row.name, isDefault: row.is_default }, configOf(secrets, row)),
  );
}

/** At most one of an owner is the default. */
export async function makeDefault(
  tx: Transaction,
  { uid, project_uid: projectUid }: Pick<LocationRow, 'uid' | 'project_uid'>,
): Promise<void> {
  await tx.execute(
    `UPDATE backup_locations SET is_default = (uid = $1) WHERE project_uid IS NOT DISTINCT FROM $2 AND is_default <> (uid = $1)`,
    [uid, projectUid],
  );
}

/** The clusters whose agents have the location. */
export async function usersOf(tx: Transaction, locationUid: string): Promise<readonly string[]> {
  const rows = await tx.query<{ cluster_uid: string }>(
    'SELECT cluster_uid FROM cluster_backup_locations WHERE location_uid = $1 ORDER BY cluster_uid',
    [locationUid],
  );
  return rows.map((row) => row.cluster_uid);
}

function purpose(uid: string): string {
  return `backup-location/${uid}`;
}
