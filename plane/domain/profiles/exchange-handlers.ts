import { invalidRequest } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { selectPacks } from '../packs/pack-store.ts';
import { listRegistries, readableRegistries } from '../registries/registry-store.ts';
import { checkReferences } from './check-references.ts';
import { checkDefinitions } from './check-variables.ts';
import {
  exported,
  readFileText,
  readImported,
  registryMetadata,
  toPackInput,
  writeFileText,
  type ImportedProfile,
} from './exchange.ts';
import { tell } from './follow-change.ts';
import { checkVersion } from './identity.ts';
import { insertProfile, requireProfile, type NewProfile } from './profile-store.ts';
import { resolvePacks } from './resolve-packs.ts';
import { withPolicies } from './with-policies.ts';

export const exchangeHandlers = {
  V1ClusterProfilesUidExport: async ({ path, query }, { db, scope }) => {
    const format = query.format ?? 'json';
    const { profile, text } = await db.transaction(async (tx) => {
      const found = await requireProfile(tx, scope, path.uid);
      const template = found.published ?? found.draft ?? { packs: [] };
      const entity = exported(found, template, await listRegistries(tx));
      return { profile: found, text: writeFileText(entity, format) };
    });
    const name = `${profile.name}-${profile.version}.${format}`.replaceAll(/[^\w.+-]/g, '_');
    return { status: 200, body: text, headers: { 'Content-Disposition': `attachment; filename="${name}"` } };
  },

  v1ClusterProfilesImport: async ({ body, query }, ctx) => {
    const uid = await importProfile(ctx, readImported(body, 'body'), query.publish ?? false);
    return { status: 201, body: { uid } };
  },

  v1ClusterProfilesImportFile: async ({ body, query }, ctx) => {
    const file = body.get('importFile');
    if (file === undefined) throw invalidRequest('importFile: expected the file of an exported profile in this part');
    const uid = await importProfile(ctx, readFileText(file, query.format ?? 'json'), query.publish ?? false);
    return { status: 201, body: { uid } };
  },

  v1ClusterProfilesImportValidate: async ({ body }, { db, scope }) => {
    const imported = readImported(body, 'body');
    const packs = imported.spec.template.packs ?? [];
    const matching = await db.transaction(async (tx) => {
      const registries = readableRegistries(await listRegistries(tx), scope.projectUid);
      const stored = await selectPacks(tx, 'name = ANY ($1::text[])', [packs.map(({ name }) => name)]);
      return packs.map((pack) => ({
        ...pack,
        matchingRegistries: registries
          .filter(({ uid }) => stored.some(({ name, registryUid }) => name === pack.name && registryUid === uid))
          .map(registryMetadata),
      }));
    });
    const entity = {
      ...body,
      spec: {
        ...body.spec,
        template: {
          ...body.spec?.template,
          packs: (body.spec?.template?.packs ?? []).map((pack, index) => ({
            ...pack,
            registry: { ...pack.registry, matchingRegistries: matching[index]?.matchingRegistries ?? [] },
          })),
        },
      },
    };
    return { status: 200, body: entity };
  },
} satisfies SomeHandlers;

async function importProfile(ctx: UserContext, imported: ImportedProfile, publish: boolean): Promise<string> {
  const { scope, services } = ctx;
  const { metadata, spec } = imported;
  const uid = newUid();
  const prepare = async (tx: Transaction): Promise<NewProfile> => {
    const registries = readableRegistries(await listRegistries(tx), scope.projectUid);
    const type = spec.template.type ?? 'cluster';
    const inputs = (spec.template.packs ?? []).map((pack) => toPackInput(pack, registries));
    const template = await resolvePacks(tx, type, inputs, undefined, scope.projectUid);
    const variables = checkDefinitions(spec.variables ?? [], []);
    checkReferences(template, variables);
    return {
      uid,
      projectUid: scope.projectUid,
      name: metadata.name,
      version: checkVersion(spec.version ?? undefined),
      type,
      cloudType: spec.template.cloudType || 'all',
      labels: metadata.labels ?? {},
      annotations: { description: metadata.description ?? '' },
      variables,
      ...(publish ? { draft: undefined, published: template } : { draft: template, published: undefined }),
    };
  };
  await withPolicies(ctx, scope.projectUid, prepare, async (tx, profile) => {
    await insertProfile(tx, profile);
    await tell(tx, services, scope, profile, 'created');
  });
  return uid;
}
