/** Makes a backup location of the desired state known to Velero, and takes away what the desired state has no more. */
import type { KubeClient } from '#kubernetes/client';
import type { ResourceType } from '#kubernetes/discovery';
import { KubeError } from '#kubernetes/error';
import { valueAt, type KubeObject } from '#kubernetes/object';
import { writeSecret, secretRef } from '#kubernetes/secret';
import type { BackupLocation } from '#protocol/actions';

import { ActionFailed, type ActionContext } from '../action.ts';
import { until } from '../until.ts';
import { phaseOf, veleroObject, veleroRef, type Times } from './velero.ts';

const PART_LABEL = 'palette-iac.dev/part';
const LABELS = { [PART_LABEL]: 'backup-location' };
const SECRET_KEY = 'cloud';

/**
 * The location's name in Velero, once Velero can reach it.
 *
 * @throws ActionFailed when the cluster is not told of the location in time, or Velero cannot use it
 */
export async function useLocation(
  locationUid: string,
  namespace: string,
  { client, document, progress, signal }: Pick<ActionContext, 'client' | 'document' | 'progress' | 'signal'>,
  { findMs, everyMs }: Times,
): Promise<{ readonly name: string; readonly location: BackupLocation }> {
  const location = await until(
    async () => {
      const found = document().dayTwo?.backupLocations.find(({ uid }) => uid === locationUid);
      if (found === undefined) progress('waiting to be told of the backup location');
      return found;
    },
    { timeoutMs: findMs, everyMs, signal },
  );
  if (location === undefined)
    throw new ActionFailed(`the desired state of the cluster has no backup location '${locationUid}'; was it deleted?`);
  const name = nameOf(location.uid);
  progress(`making the backup location ${location.name} known to Velero`);
  if (location.credentials !== undefined)
    await writeSecret(
      client,
      { namespace, name, labels: LABELS, data: { [SECRET_KEY]: location.credentials } },
      { signal },
    );
  const ref = veleroRef('BackupStorageLocation', namespace, name);
  const look = async (): Promise<{ readonly found: KubeObject | undefined; readonly checkedAt: unknown }> => {
    const found = await client.get(ref, { signal });
    return { found, checkedAt: valueAt(found, 'status', 'lastValidationTime') };
  };
  const before = await look();
  await client.apply(locationObject(location, namespace), { signal });
  const checked = await until(
    async () => {
      const { found, checkedAt } = await look();
      if (phaseOf(found) === 'Available') return found;
      // What Velero found out before it was told the newest credentials says nothing.
      return phaseOf(found) === 'Unavailable' && checkedAt !== before.checkedAt ? found : undefined;
    },
    { timeoutMs: findMs, everyMs, signal },
  );
  if (phaseOf(checked) === 'Available') return { name, location };
  const reason = valueAt(checked, 'status', 'message');
  throw new ActionFailed(
    checked === undefined
      ? `Velero did not look at the backup location ${location.name} in ${Math.round(findMs / 1000)} s: is its server running?`
      : `Velero cannot use the backup location ${location.name}: ${typeof reason === 'string' ? reason : 'it gives no reason'}`,
  );
}

function nameOf(uid: string): string {
  return `palette-${uid.toLowerCase()}`;
}

function locationObject(location: BackupLocation, namespace: string): KubeObject {
  const { provider, bucket, config, ca, credentials } = location;
  const name = nameOf(location.uid);
  return veleroObject(
    'BackupStorageLocation',
    { namespace, name, labels: LABELS },
    {
      provider,
      objectStorage: { bucket, ...(ca === undefined ? {} : { caCert: Buffer.from(ca).toString('base64') }) },
      config,
      ...(credentials === undefined ? {} : { credential: { name, key: SECRET_KEY } }),
    },
  );
}

/**
 * Takes locations from Velero, and above all their credentials, that the cluster is not to have any more.
 *
 * @param kept identifiers of those that stay; asked for each, since an action may just be making one that is new
 * @param options.used - names of those that Velero is at work with, which stay for now. Default: none
 * @returns whether all of them are gone
 * @throws KubeError
 */
export async function removeOtherLocations(
  kept: () => readonly string[],
  {
    client,
    used = new Set(),
    signal,
  }: { readonly client: KubeClient; readonly used?: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<boolean> {
  let allGone = true;
  // Wherever Velero is, or was: it may be gone already, and the Secrets not.
  for (const kind of [secretRef('', ''), veleroRef('BackupStorageLocation', '', '')]) {
    const type = await client.discovery.resourceType(kind, { signal });
    if (type === undefined) continue;
    const items = await listOwn(client, type, { signal });
    for (const { metadata } of items) {
      if (kept().some((uid) => nameOf(uid) === metadata.name)) continue;
      if (used.has(metadata.name)) allGone = false;
      else await client.delete({ ...kind, namespace: metadata.namespace ?? '', name: metadata.name }, { signal });
    }
  }
  return allGone;
}

async function listOwn(
  client: KubeClient,
  type: ResourceType,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly KubeObject[]> {
  const labelSelector = `${PART_LABEL}=${LABELS[PART_LABEL]}`;
  try {
    return (await client.list(type, { signal, labelSelector, metadataOnly: true })).items;
  } catch (error) {
    // An agent that may only look never made any.
    if (error instanceof KubeError && error.status === 403) return [];
    throw error;
  }
}
