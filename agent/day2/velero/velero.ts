/** Velero in the cluster: where it is, and its objects. */
import type { KubeClient } from '#kubernetes/client';
import type { ResourceType } from '#kubernetes/discovery';
import { mapAt, valueAt, type KubeObject, type ObjectRef } from '#kubernetes/object';

import { ActionFailed } from '../action.ts';

const API_VERSION = 'velero.io/v1';
/** Which Deployment is Velero's server: of its chart, and of its own installer. */
const SELECTORS = ['app.kubernetes.io/name=velero', 'component=velero'];

/** Names the run that made an object. */
export const RUN_LABEL = 'palette-iac.dev/run';

export interface Times {
  /** How long Velero may take to begin with something, in milliseconds. */
  readonly takeUpMs: number;
  /** How long a backup or restore may take in all, in milliseconds. */
  readonly wholeMs: number;
  /** How long a location or a backup in it may take to be found, in milliseconds. */
  readonly findMs: number;
  readonly everyMs: number;
}
export const TIMES: Times = { takeUpMs: 5 * 60_000, wholeMs: 24 * 3_600_000, findMs: 10 * 60_000, everyMs: 2_000 };

export type VeleroKind = 'Backup' | 'Restore' | 'BackupStorageLocation' | 'DeleteBackupRequest';

export function veleroRef(kind: VeleroKind, namespace: string, name: string): ObjectRef {
  return { apiVersion: API_VERSION, kind, namespace, name };
}

export function veleroType(kind: VeleroKind): ResourceType {
  return { apiVersion: API_VERSION, kind, plural: `${kind.toLowerCase()}s`, namespaced: true, verbs: [] };
}

export function veleroObject(
  kind: VeleroKind,
  metadata: { readonly namespace: string; readonly name: string; readonly labels: Readonly<Record<string, string>> },
  spec: object,
): KubeObject {
  return { apiVersion: API_VERSION, kind, metadata, spec };
}

/** The namespace of Velero's server. @throws ActionFailed when there is none */
export async function veleroNamespace(client: KubeClient, how: { readonly signal: AbortSignal }): Promise<string> {
  const ref = { apiVersion: API_VERSION, kind: 'Backup' };
  // It may have come since the kinds were last asked for.
  if ((await client.discovery.resourceType(ref, how)) === undefined) client.discovery.invalidate();
  if ((await client.discovery.resourceType(ref, how)) === undefined)
    throw new ActionFailed(
      `the cluster has no Velero (there is no kind Backup of ${API_VERSION}): add a pack with Velero to a profile of the cluster`,
    );
  const deployments = await client.discovery.resourceType({ apiVersion: 'apps/v1', kind: 'Deployment' }, how);
  for (const labelSelector of SELECTORS) {
    if (deployments === undefined) break;
    const { items } = await client.list(deployments, { ...how, labelSelector, metadataOnly: true, limit: 1 });
    const [found] = items;
    if (found?.metadata.namespace !== undefined) return found.metadata.namespace;
  }
  throw new ActionFailed(
    `the kinds of Velero are in the cluster, but no Deployment of its server (looked for ${SELECTORS.join(' and ')}): is the pack with Velero applied?`,
  );
}

export function phaseOf(object: KubeObject | undefined): string {
  const phase = valueAt(object, 'status', 'phase');
  return typeof phase === 'string' ? phase : '';
}

/** Whether Velero has done nothing about it yet. */
export function isUntouched(object: KubeObject): boolean {
  return phaseOf(object) === '' || phaseOf(object) === 'New';
}

/** How Velero is told whether objects outside of namespaces are meant; left to Velero when absent. */
export const INCLUDE = { always: true, never: false, auto: undefined } as const;

const ENDED = new Set(['Completed', 'PartiallyFailed', 'Failed', 'FailedValidation']);

export function hasEnded(object: KubeObject): boolean {
  return ENDED.has(phaseOf(object));
}

/** Of a backup: whether Velero has begun to delete it. It says so for ever of one that it could not delete. */
export function isBeingDeleted(backup: KubeObject): boolean {
  return phaseOf(backup) === 'Deleting';
}

export function numberAt(object: KubeObject, ...path: readonly string[]): number {
  const value = valueAt(object, 'status', ...path);
  return typeof value === 'number' ? value : 0;
}

/** Why something failed, as Velero says it. */
export function reasonOf(object: KubeObject): string {
  const status = mapAt(object, 'status');
  const problems = Array.isArray(status['validationErrors']) ? status['validationErrors'].map(String) : [];
  const reason = typeof status['failureReason'] === 'string' ? [status['failureReason']] : [];
  const errors = numberAt(object, 'errors');
  const counted = errors > 0 ? [`${errors} errors, ${numberAt(object, 'warnings')} warnings`] : [];
  return [...problems, ...reason, ...counted].join('; ') || 'Velero gives no reason';
}

/** Asks Velero to delete a backup where it is kept. */
export function deletionOf(namespace: string, backupName: string, runId: string): KubeObject {
  const metadata = { namespace, name: `palette-delete-${runId}`, labels: { [RUN_LABEL]: runId } };
  return veleroObject('DeleteBackupRequest', metadata, { backupName });
}
