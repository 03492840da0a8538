/** Making, changing, trying and removing registries, whatever their kind. */
import { isDeepStrictEqual } from 'node:util';

import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { UserContext } from '#plane/api/handler';
import { readMetadata } from '#plane/domain/metadata';
import { ownAnnotations } from '#plane/domain/own-annotations';
import { RegistryError } from '#plane/registry/registry-error';
import type { RegistryAccess, RegistryKind, RegistrySpec } from '#plane/registry/registry-spec';
import type { Transaction } from '#plane/store/database';
import { isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';
import type { components } from '#openapi/generated/types';

import { appendResourceEvent, type ResourceChange } from '../events/resource-event.ts';
import { toPlaneError } from '../packs/fetch-packs.ts';
import { usedPacks } from '../packs/pack-uses.ts';
import {
  describeRegistry,
  findRegistry,
  insertRegistry,
  lockRegistry,
  mayRead,
  registryAccess,
  requestSync,
  updateRegistry,
  type NewRegistry,
  type Registry,
} from './registry-store.ts';
import { syncStatusView, type ShownRegistry } from './views.ts';

type ObjectMeta = components['schemas']['v1ObjectMeta'];
type Context = Pick<UserContext, 'db' | 'scope' | 'services' | 'signal'>;

/** For one look at a registry while somebody waits, in milliseconds. */
const PROBE_MS = 30_000;

/** Which registries an operation is about; others are not found by it. */
export interface Wanted {
  readonly kind: RegistryKind;
  readonly type?: RegistrySpec['type'];
}

/** @returns the identifier. @throws PlaneError 409 when the name is taken. */
export async function createRegistry(
  { db, services, scope }: Context,
  metadata: ObjectMeta | undefined,
  access: RegistryAccess,
  { look }: { readonly look: boolean },
): Promise<string> {
  const uid = newUid();
  await db.transaction(async (tx) => {
    const registry = toStore(
      uid,
      metadata,
      access,
      look && access.spec.synchronized ? services.fleet.now() : undefined,
    );
    await refuseTakenName(registry.name, async () => insertRegistry(tx, services.secrets, registry));
    await tell(tx, { services, scope }, uid, 'created');
    tx.afterCommit(() => services.fleet.registries.wake());
  });
  return uid;
}

/** @param toAccess makes what is to be, given what was. @throws PlaneError 404. */
export async function changeRegistry(
  { db, scope, services }: Context,
  wanted: Wanted,
  uid: string,
  metadata: ObjectMeta | undefined,
  toAccess: (before: RegistryAccess) => RegistryAccess,
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await lockRegistry(tx, uid);
    requireWanted(before, wanted, scope.projectUid);
    const was = await registryAccess(tx, services.secrets, before);
    const access = toAccess(was);
    const registry = toStore(
      uid,
      {
        ...metadata,
        name: metadata?.name || before.name,
        labels: metadata?.labels ?? { ...before.labels },
        annotations: metadata?.annotations ?? { ...before.annotations },
      },
      access,
      access.spec.synchronized ? services.fleet.now() : undefined,
    );
    // Clients write what they read: when it stands where it stood, that is no reason to look into the registry again.
    const stands = JSON.stringify(access) === JSON.stringify(was);
    if (stands && sameDescription(registry, before)) return;
    await refuseTakenName(registry.name, async () =>
      stands ? describeRegistry(tx, registry) : updateRegistry(tx, services.secrets, registry),
    );
    await tell(tx, { services, scope }, uid, 'updated');
    tx.afterCommit(() => services.fleet.registries.wake());
  });
}

type Description = Pick<Registry, 'name' | 'labels' | 'annotations'>;

function sameDescription(a: Description, b: Description): boolean {
  return a.name === b.name && isDeepStrictEqual(a.labels, b.labels) && isDeepStrictEqual(a.annotations, b.annotations);
}

/** @param wanted undefined: of any kind. @throws PlaneError 404, 409 while a profile uses it, 422 for the plane's own. */
export async function deleteRegistry(
  { db, scope, services }: Context,
  wanted: Wanted | undefined,
  uid: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const registry = await lockRegistry(tx, uid);
    if (wanted === undefined ? !mayRead(registry, scope.projectUid) : !isWanted(registry, wanted, scope.projectUid))
      throw notFound('registry', uid);
    if (registry.spec === undefined)
      throw invalidRequest(`registry ${registry.name} is the plane's own and cannot be removed; remove packs from it`);
    const used = await usedPacks(tx, { registryUid: uid });
    if (used.length > 0)
      throw conflict(
        'RegistryInUse',
        `registry ${registry.name} is in use: ${used.slice(0, 5).join('; ')}${used.length > 5 ? `; and ${used.length - 5} more` : ''}`,
      );
    await tx.execute('DELETE FROM registries WHERE uid = $1', [uid]);
    await tell(tx, { services, scope }, uid, 'deleted');
  });
}

export async function syncRegistry(
  { db, scope, services }: Context,
  wanted: Wanted,
  uid: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  await db.transaction(async (tx) => {
    const registry = await lockRegistry(tx, uid);
    requireWanted(registry, wanted, scope.projectUid);
    if (registry.spec === undefined) return;
    if (!registry.spec.synchronized)
      throw invalidRequest(
        `registry ${registry.name} is not synchronised (isSyncSupported is false); its charts are fetched when a profile names them`,
      );
    await requestSync(tx, uid, services.fleet.now(), force);
    tx.afterCommit(() => services.fleet.registries.wake());
  });
}

/** Tries to read a registry without storing anything. @throws PlaneError 422 that says what is wrong. */
export async function tryRegistry({ services, signal }: Context, access: RegistryAccess): Promise<void> {
  try {
    const source = services.fleet.registries.open(access);
    try {
      await source.probe({ signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]) });
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof RegistryError) throw toPlaneError(error);
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'TimeoutError')
      throw toPlaneError(
        new RegistryError('RegistryTooSlow', `the registry did not answer within ${PROBE_MS / 1000} s`, {
          cause: error,
        }),
      );
    throw error;
  }
}

/** @throws PlaneError 404 when there is no such registry of this kind in reach. */
export async function showRegistry(
  { db, scope, services }: Context,
  wanted: Wanted,
  uid: string,
): Promise<ShownRegistry> {
  return db.transaction(
    async (tx) => {
      const registry = await requireRegistry(tx, wanted, uid, scope.projectUid);
      return { registry, access: await registryAccess(tx, services.secrets, registry) };
    },
    { readOnly: true },
  );
}

/** How looking into a registry stands. @throws PlaneError 404. */
export async function showSyncStatus(
  { db, scope }: Pick<Context, 'db' | 'scope'>,
  wanted: Wanted,
  uid: string,
): Promise<ReturnType<typeof syncStatusView>> {
  const registry = await db.transaction(async (tx) => requireRegistry(tx, wanted, uid, scope.projectUid), {
    readOnly: true,
  });
  return syncStatusView(registry);
}

/** @throws PlaneError 404. */
export async function requireRegistry(
  tx: Transaction,
  wanted: Wanted,
  uid: string,
  projectUid: string | undefined,
): Promise<Registry> {
  const registry = await findRegistry(tx, uid);
  if (registry === undefined) throw notFound('registry', uid);
  requireWanted(registry, wanted, projectUid);
  return registry;
}

function requireWanted(registry: Registry, wanted: Wanted, projectUid: string | undefined): void {
  if (!isWanted(registry, wanted, projectUid)) throw notFound(`${wanted.type ?? wanted.kind} registry`, registry.uid);
}

function isWanted(registry: Registry, { kind, type }: Wanted, projectUid: string | undefined): boolean {
  return (
    registry.kind === kind && (type === undefined || registry.spec?.type === type) && mayRead(registry, projectUid)
  );
}

/** Registries are the tenant's own, so every project is told. */
async function tell(
  tx: Transaction,
  { services, scope }: Pick<Context, 'services' | 'scope'>,
  uid: string,
  change: ResourceChange['change'],
): Promise<void> {
  await appendResourceEvent(tx, services, scope.tenantUid, { type: 'registry', uid, change });
}

function toStore(
  uid: string,
  metadata: ObjectMeta | undefined,
  access: RegistryAccess,
  syncAt: Date | undefined,
): NewRegistry {
  return {
    uid,
    name: readMetadata(metadata).name,
    kind: access.kind,
    spec: access.spec,
    credentials: access.credentials,
    labels: metadata?.labels ?? {},
    annotations: ownAnnotations(metadata?.annotations),
    syncAt,
  };
}

async function refuseTakenName(name: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw conflict('RegistryNameTaken', `there is a registry named '${name}' already; names are unique in a tenant`);
  }
}
