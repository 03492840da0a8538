import { sha256 } from '#core/digest';
import { isNotFound, type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';
import { openPackArchive } from '#packs/index';

import type { ArchiveCache } from './archive-cache.ts';
import type { PackName, PackSource, SourcedPack } from './pack-source.ts';

export interface PlaneSourceOptions {
  readonly client: PaletteClient;
  readonly scope: Scope;
  /** For messages. */
  readonly host: string;
  /** What was downloaded before is not downloaded again. */
  readonly cache?: ArchiveCache;
}

interface Tag {
  readonly version: string;
  readonly uid: string;
}

/** A large pack over a slow line. */
const DOWNLOAD_MS = 5 * 60 * 1000;

/** The registries of a plane. Lists are asked for once per pack; a pack whose digest is known and cached, not at all. */
export function planeSource({ client, scope, host, cache }: PlaneSourceOptions): PackSource {
  const tags = new Map<string, Promise<readonly Tag[]>>();
  const opened = new Map<string, Promise<SourcedPack | undefined>>();
  let registries: Promise<readonly Schemas['v1RegistryMetadata'][]> | undefined;

  const searched = async ({ type, registry }: PackName, signal: AbortSignal): Promise<readonly string[]> => {
    registries ??= client.get('/v1/registries/metadata', { scope, signal }).then(({ items }) => items ?? []);
    const kind = type === 'spectro' ? 'pack' : type;
    const ofKind = (await registries).filter((one) => one.kind === kind || one.name === registry);
    const named = ofKind.filter(({ name }) => name === registry);
    const chosen = registry === undefined ? defaultFirst(ofKind) : named;
    return chosen.flatMap(({ uid }) => uid ?? []);
  };
  const tagsOf = async (pack: PackName, signal: AbortSignal): Promise<readonly Tag[]> => {
    const key = JSON.stringify([pack.type, pack.registry ?? '', pack.name]);
    const known = tags.get(key) ?? findTags(pack, signal);
    tags.set(key, known);
    return known;
  };
  const findTags = async (pack: PackName, signal: AbortSignal): Promise<readonly Tag[]> => {
    for (const registryUid of await searched(pack, signal)) {
      const found = await client
        .get('/v1/packs/{packName}/registries/{registryUid}', {
          path: { packName: pack.name, registryUid },
          scope,
          signal,
        })
        .catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
      const list = (found?.tags ?? []).flatMap(({ version, packUid }) =>
        version === undefined || packUid === undefined ? [] : [{ version, uid: packUid }],
      );
      if (list.length > 0) return list;
    }
    return [];
  };
  const download = async (uid: string, signal: AbortSignal): Promise<SourcedPack> => {
    const bytes = await client.get('/v1/packs/{uid}/content', {
      path: { uid },
      scope,
      signal,
      timeoutMs: DOWNLOAD_MS,
      deadlineMs: DOWNLOAD_MS,
    });
    const sourced = await open(bytes);
    await cache?.set(sourced.digest, bytes);
    return sourced;
  };

  return {
    description: `the registries of ${host}`,
    versions: async (pack, { signal }) => (await tagsOf(pack, signal)).map(({ version }) => version),
    open: async (request, { signal }) => {
      const cached = request.digest === undefined ? undefined : await cache?.get(request.digest);
      if (cached) return open(cached);
      const tag = (await tagsOf(request, signal)).find(({ version }) => version === request.version);
      if (tag === undefined) return undefined;
      const known = opened.get(tag.uid) ?? download(tag.uid, signal);
      opened.set(tag.uid, known);
      return known;
    },
  };
}

async function open(archive: Uint8Array): Promise<SourcedPack> {
  return { pack: await openPackArchive(archive), archive, digest: sha256(archive) };
}

function defaultFirst(registries: readonly Schemas['v1RegistryMetadata'][]): readonly Schemas['v1RegistryMetadata'][] {
  return [...registries].sort((a, b) => Number(b.isDefault ?? false) - Number(a.isDefault ?? false));
}
