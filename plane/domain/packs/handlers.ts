import { conflict, invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { isUid } from '#plane/store/uid';

import { listRegistries, lockRegistry, mayPush, readableRegistries } from '../registries/registry-store.ts';
import { page } from '../page.ts';
import { matchesFilter, parsePackFilters, sortPacks } from './pack-filter.ts';
import { readBlob } from './blob-store.ts';
import { fetchPack, PacksNeeded, type FetchDependencies } from './fetch-packs.ts';
import { MANIFEST_PACK } from './manifest-pack.ts';
import {
  countPacks,
  findPack,
  findPackVersion,
  readLogo,
  selectPacks,
  summarizePacks,
  type StoredPack,
} from './pack-store.ts';
import { usedPacks } from './pack-uses.ts';
import { pushPack } from './push.ts';
import { newestFirst, packMetadata, packSummary, packTags } from './views.ts';

/** A list of no more charts than this fetches them all, for their values; a longer one the newest alone. */
const FETCHED_BY_LIST = 3;
const LIST_FETCH_MS = 20_000;
const DEFAULT_PAGE = 50;

export const packHandlers = {
  v1PacksSummaryList: async ({ query }, ctx) => {
    const filters = parsePackFilters(query.filters);
    const { offset, limit, listmeta } = pageOf(query);
    const select = async (): Promise<{ packs: StoredPack[]; count: number }> =>
      ctx.db.transaction(async (tx) => {
        const { where, params } = await readable(tx, ctx, filters);
        return {
          packs: await selectPacks(tx, where, params, { offset, limit }),
          count: await countPacks(tx, where, params),
        };
      });
    let found = await select();
    // Who asks for few wants their values.
    if (found.count <= FETCHED_BY_LIST && (await fetchSome(ctx, found.packs))) found = await select();
    return { status: 200, body: { items: found.packs.map(packSummary), listmeta: listmeta(found.count) } };
  },

  v1PacksSearch: async ({ query, body }, ctx) => {
    const [packs, registries] = await ctx.db.transaction(async (tx) => {
      const visible = readableRegistries(await listRegistries(tx), ctx.scope.projectUid);
      return [
        await summarizePacks(
          tx,
          visible.map(({ uid }) => uid),
        ),
        visible,
      ] as const;
    });
    const names = new Map(registries.map(({ uid, name }) => [uid, name]));
    const groups = new Map<string, typeof packs>();
    for (const pack of packs) {
      if (!matchesFilter(pack, body?.filter)) continue;
      const key = `${pack.registryUid}/${pack.name}`;
      const group = groups.get(key);
      if (group) group.push(pack);
      else groups.set(key, [pack]);
    }
    const found = [...groups.values()].map((versions) =>
      packMetadata(versions, names.get(versions[0]?.registryUid ?? '') ?? ''),
    );
    const { items, listmeta } = page(sortPacks(found, body?.sort), query);
    return { status: 200, body: { items, listmeta } };
  },

  v1PacksNameRegistryUidList: async ({ path, query }, ctx) => {
    const cloud = query.cloudType ?? 'all';
    const select = async (): Promise<StoredPack[]> => {
      const packs = await ctx.db.transaction(async (tx) => {
        const filters = { where: 'name = $1 AND registry_uid = $2', params: [path.packName, path.registryUid] };
        const { where, params } = await readable(tx, ctx, filters);
        return selectPacks(tx, where, params);
      });
      return packs.filter(
        (pack) =>
          (query.layer === undefined || query.layer === '' || pack.layer === query.layer) &&
          (cloud === 'all' ||
            pack.document.cloudTypes.length === 0 ||
            pack.document.cloudTypes.includes('all') ||
            pack.document.cloudTypes.includes(cloud)),
      );
    };
    let fitting = await select();
    if (fitting.length === 0) throw notFound('pack', path.packName);
    // The newest one is what is mostly chosen; the values of another are read by its own identifier.
    const few = fitting.length <= FETCHED_BY_LIST ? fitting : newestFirst(fitting).slice(0, 1);
    if (await fetchSome(ctx, few)) fitting = await select();
    return { status: 200, body: packTags(fitting) };
  },

  v1PacksUid: async ({ path }, ctx) => {
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
    const pack = await requirePack(ctx, path.uid);
    if (!(await fetchSome(ctx, [pack]))) return { status: 200, body: packTags([pack]) };
    return { status: 200, body: packTags([await requirePack(ctx, path.uid)]) };
  },

  v1PacksUidReadme: async ({ path }, ctx) => {
    const { document } = await requireFetched(ctx, path.uid);
    return { status: 200, body: { readme: document.readme } };
  },

  v1PacksPackUidLogo: async ({ path }, ctx) => {
    const pack = await requirePack(ctx, path.packUid);
    const logo = await ctx.db.transaction(async (tx) => readLogo(tx, pack.uid), { readOnly: true });
    if (logo === undefined) throw notFound('logo of pack', `${pack.name} ${pack.version}`);
    // Written by whoever made the pack: a browser must not take it for anything else.
    const headers = {
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
    };
    return { status: 200, headers, body: logo };
  },

  v1PacksUidContent: async ({ path }, ctx) => {
    const { digest, signature } = await requireFetched(ctx, path.uid);
    return {
      status: 200,
      headers: {
        etag: `"${digest}"`,
        'cache-control': 'private, max-age=31536000, immutable',
        ...(signature === undefined ? {} : { 'palette-signature': signature }),
      },
      body: readBlob(ctx.db, digest, ctx.signal),
    };
  },

  v1RegistriesPackUidPacksPush: async ({ path, body, headers }, { db, scope, services }) => {
    if (body.length === 0) throw invalidRequest('the body is empty; send the pack as a tar.gz archive');
    const pushed = await pushPack(db, {
      registryUid: path.uid,
      bytes: body,
      signature: headers.get('palette-signature') ?? undefined,
      scope,
      quotaBytes: services.fleet.registries.quotaBytes,
    });
    return { status: 201, body: pushed };
  },

  v1RegistriesPackUidPacksDelete: async ({ path }, { db, scope }) => {
    await db.transaction(async (tx) => {
      const registry = await lockRegistry(tx, path.uid);
      if (!mayPush(registry, scope.projectUid))
        throw new PlaneError(
          403,
          'PushNotAllowed',
          `packs may not be removed from registry ${registry.name} from this project; ask the tenant's administrator`,
        );
      const pack = await findPackVersion(tx, registry.uid, path.packName, path.version);
      if (pack === undefined) throw notFound('pack', `${path.packName} ${path.version}`);
      if (registry.spec !== undefined)
        throw invalidRequest(`registry ${registry.name} stands at ${registry.spec.endpoint}; remove the pack there`);
      const used = await usedPacks(tx, { packUid: pack.uid });
      if (used.length > 0)
        throw conflict('PackInUse', `pack ${pack.name} ${pack.version} is in use: ${used.slice(0, 5).join('; ')}`);
      await tx.execute('DELETE FROM packs WHERE uid = $1', [pack.uid]);
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

interface Condition {
  readonly where: string;
  readonly params: readonly string[];
}

/** Narrows a condition to packs of registries that the caller may read. */
async function readable(
  tx: Transaction,
  { scope }: Pick<UserContext, 'scope'>,
  { where, params }: Condition,
): Promise<Condition> {
  const uids = readableRegistries(await listRegistries(tx), scope.projectUid).map(({ uid }) => uid);
  return {
    where: `(${where}) AND registry_uid = ANY ($${params.length + 1}::text[])`,
    params: [...params, `{${uids.join(',')}}`],
  };
}

async function requirePack(ctx: Pick<UserContext, 'db' | 'scope'>, uid: string): Promise<StoredPack> {
  const pack = isUid(uid)
    ? await ctx.db.transaction(async (tx) => {
        const found = await findPack(tx, uid);
        const visible = readableRegistries(await listRegistries(tx), ctx.scope.projectUid);
        return visible.some((registry) => registry.uid === found?.registryUid) ? found : undefined;
      })
    : undefined;
  if (!pack) throw notFound('pack', uid);
  return pack;
}

/** A pack whose archive is there; it is fetched before when it is only listed. */
async function requireFetched(
  ctx: Pick<UserContext, 'db' | 'scope'>,
  uid: string,
): Promise<StoredPack & { readonly digest: string }> {
  const pack = await requirePack(ctx, uid);
  const { digest } = pack;
  if (digest === undefined) throw new PacksNeeded([{ kind: 'listed', uid }]);
  return { ...pack, digest };
}

/** Fetches what is only listed, as far as it can be had soon. @returns whether anything is different now. */
async function fetchSome(
  { db, services, signal, log }: Pick<UserContext, 'db' | 'services' | 'signal' | 'log'>,
  packs: readonly StoredPack[],
): Promise<boolean> {
  const listed = packs.filter(({ digest }) => digest === undefined);
  if (listed.length === 0) return false;
  const dependencies: FetchDependencies = {
    db,
    secrets: services.secrets,
    open: services.fleet.registries.open,
    quotaBytes: services.fleet.registries.quotaBytes,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIST_FETCH_MS)]),
  };
  const fetched = await Promise.allSettled(
    listed.map(async ({ uid }) => fetchPack(dependencies, { kind: 'listed', uid })),
  );
  signal.throwIfAborted();
  for (const outcome of fetched)
    if (outcome.status === 'rejected') log.info({ err: outcome.reason }, 'a listed chart could not be fetched');
  return fetched.some(({ status }) => status === 'fulfilled');
}

/** Pages that the database cuts. */
function pageOf(query: { readonly limit?: number; readonly offset?: number; readonly continue?: string }): {
  readonly offset: number;
  readonly limit: number;
  readonly listmeta: (count: number) => ReturnType<typeof page>['listmeta'];
} {
  const limit = query.limit !== undefined && query.limit > 0 ? query.limit : DEFAULT_PAGE;
  const from = Number.parseInt(query.continue ?? '', 10);
  const offset = Math.max(0, Number.isNaN(from) ? (query.offset ?? 0) : from);
  return {
    offset,
    limit,
    listmeta: (count) => ({ count, limit, offset, continue: offset + limit < count ? String(offset + limit) : '' }),
  };
}
