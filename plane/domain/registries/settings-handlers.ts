import { readPublicKey, SignatureError } from '#packs/signature/index';
import { invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { RegistrySettings } from '#plane/registry/registry-spec';
import type { Transaction } from '#plane/store/database';

import { findRegistry, lockRegistry, mayRead, updateSettings, usedBytes } from './registry-store.ts';

export const settingsHandlers = {
  v1RegistriesUidSettingsGet: async ({ path }, { db, scope }) => {
    const body = await db.transaction(
      async (tx) => {
        const registry = await findRegistry(tx, path.uid);
        if (registry === undefined || !mayRead(registry, scope.projectUid)) throw notFound('registry', path.uid);
        const { publicKeys, readProjects, pushProjects, quotaBytes } = registry.settings;
        return {
          publicKeys,
          usedBytes: await usedBytes(tx, registry.uid),
          ...(readProjects === undefined ? {} : { readProjects }),
          ...(pushProjects === undefined ? {} : { pushProjects }),
          ...(quotaBytes === undefined ? {} : { quotaBytes }),
        };
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1RegistriesUidSettingsUpdate: async ({ path, body }, { db, scope }) => {
    if (scope.projectUid !== undefined)
      throw new PlaneError(
        403,
        'TenantOnly',
        'who may use a registry is decided in the tenant itself; send the request without a project',
      );
    const settings = RegistrySettings.parse(body ?? {});
    for (const [index, pem] of settings.publicKeys.entries()) checkKey(index, pem);
    await db.transaction(async (tx) => {
      await lockRegistry(tx, path.uid);
      await requireProjects(tx, [...(settings.readProjects ?? []), ...(settings.pushProjects ?? [])]);
      await updateSettings(tx, path.uid, settings);
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

function checkKey(index: number, pem: string): void {
  try {
    readPublicKey(pem);
  } catch (error) {
    if (error instanceof SignatureError) throw invalidRequest(`body.publicKeys[${index}]: ${error.message}`);
    throw error;
  }
}

async function requireProjects(tx: Transaction, uids: readonly string[]): Promise<void> {
  const rows = await tx.query<{ uid: string }>('SELECT uid FROM projects WHERE uid = ANY ($1::text[])', [uids]);
  const known = new Set(rows.map(({ uid }) => uid));
  const missing = uids.find((uid) => !known.has(uid));
  if (missing !== undefined) throw invalidRequest(`body: there is no project '${missing}'`);
}
