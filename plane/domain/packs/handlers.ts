import { invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { isUid } from '#plane/store/uid';

import { registryNames } from '../registries/registry-store.ts';
import { page } from '../page.ts';
import { matchesFilter, parsePackFilters, sortPacks } from './pack-filter.ts';
import { readBlob } from './blob-store.ts';
import { MANIFEST_PACK } from './manifest-pack.ts';
import { findPack, selectPacks } from './pack-store.ts';
import { pushPack } from './push.ts';
import { packMetadata, packSummary, packTags } from './views.ts';

export const packHandlers = {
  v1PacksSummaryList: async ({ query }, { db }) => {
    const filters = parsePackFilters(query.filters);
    const packs = await db.transaction(async (tx) => selectPacks(tx, filters.where, filters.params), {
      readOnly: true,
    });
    const { items, listmeta } = page(packs, query);
    return { status: 200, body: { items: items.map(packSummary), listmeta } };
  },

  v1PacksSearch: async ({ query, body }, { db }) => {
    const [packs, names] = await db.transaction(
      async (tx) => [await selectPacks(tx, 'true', []), await registryNames(tx)] as const,
      { readOnly: true },
    );
    const groups = new Map<string, typeof packs>();
    for (const pack of packs.filter((candidate) => matchesFilter(candidate, body?.filter))) {
      const key = `${pack.registryUid}/${pack.name}`;
      groups.set(key, [...(groups.get(key) ?? []), pack]);
    }
    const found = [...groups.values()].map((versions) =>
      packMetadata(versions, names.get(versions[0]?.registryUid ?? '') ?? ''),
    );
    const { items, listmeta } = page(sortPacks(found, body?.sort), query);
    return { status: 200, body: { items, listmeta } };
  },

  v1PacksNameRegistryUidList: async ({ path, query }, { db }) => {
    const packs = await db.transaction(
      async (tx) => selectPacks(tx, 'name = $1 AND registry_uid = $2', [path.packName, path.registryUid]),
      { readOnly: true },
    );
    const cloud = query.cloudType ?? 'all';
    const fitting = packs.filter(
      (pack) =>
        (query.layer === undefined || query.layer === '' || pack.layer === query.layer) &&
        (cloud === 'all' ||
          pack.document.cloudTypes.length === 0 ||
          pack.document.cloudTypes.includes('all') ||
          pack.document.cloudTypes.includes(cloud)),
    );
    if (fitting.length === 0) throw notFound('pack', path.packName);
    return { status: 200, body: packTags(fitting) };
  },

  v1PacksUid: async ({ path }, { db }) => {
    if (path.uid === MANIFEST_PACK) {
      return {
        status: 200,
        body: {
          name: MANIFEST_PACK,
          displayName: 'Manifest',
          layer: 'addon',
          registryUid: '',
          packValues: [],
          tags: [],
        },
      };
    }
    const pack = isUid(path.uid)
      ? await db.transaction(async (tx) => findPack(tx, path.uid), { readOnly: true })
      : undefined;
    if (!pack) throw notFound('pack', path.uid);
    return { status: 200, body: packTags([pack]) };
  },

  v1PacksUidContent: async ({ path }, { db, signal }) => {
    const pack = isUid(path.uid)
      ? await db.transaction(async (tx) => findPack(tx, path.uid), { readOnly: true })
      : undefined;
    if (!pack) throw notFound('pack', path.uid);
    return {
      status: 200,
      headers: { 'cache-control': 'private, max-age=31536000, immutable' },
      body: readBlob(db, pack.digest, signal),
    };
  },

  v1RegistriesPackUidPacksPush: async ({ path, body }, { db }) => {
    if (body.length === 0) throw invalidRequest('the body is empty; send the pack as a tar.gz archive');
    return { status: 201, body: await pushPack(db, path.uid, body) };
  },
} satisfies SomeHandlers;
