/**
 * Reads profiles ahead of being asked. Terraform refreshes ten resources at a time, so a hundred
 * profiles would make dozens of small requests; after the first few reads the rest of the project's
 * profiles are fetched together. Only against an API that offers bulk reads.
 */
import { originOf, type ClusterProfileRead, type PaletteClient, type Scope } from '#openapi/client/index';

/** Reads that go their own way: a configuration with a few profiles needs nothing ahead. */
const ALONE = 5;
/** At most so many profiles are read ahead for each one that was asked for: a project may hold far more than a configuration. */
const AHEAD_PER_READ = 20;
const MAX_AHEAD = 1000;
/** Milliseconds that what was read ahead is used for, and after which without a read it is forgotten: the next refresh looks anew. */
const LIFE_MS = 10_000;
const IDLE_MS = 1000;

interface Refresh {
  reads: number;
  lastReadAt: number;
  /** How many profiles there are, once that is known. */
  listed: number;
  ahead:
    | { readonly startedAt: number; readonly profiles: Promise<ReadonlyMap<string, Promise<ClusterProfileRead>>> }
    | undefined;
}

type Client = Pick<PaletteClient, 'clusterProfile' | 'get' | 'offers'>;

export interface ReadAhead {
  /** A profile as it is now, or was a moment ago. */
  read(
    client: Client,
    uid: string,
    options: { readonly scope: Scope; readonly signal: AbortSignal },
  ): Promise<ClusterProfileRead>;
  /** Forgets what was read ahead: something has been changed through this client. */
  forget(client: Client): void;
}

export function createReadAhead({ now = Date.now }: { readonly now?: () => number } = {}): ReadAhead {
  const refreshes = new WeakMap<object, Map<string, Refresh>>();

  function refreshOf(client: Client, scope: Scope): Refresh {
    const key = scope.kind === 'tenant' ? '' : scope.projectUid;
    const ofClient = refreshes.get(originOf(client)) ?? new Map<string, Refresh>();
    refreshes.set(originOf(client), ofClient);
    const known = ofClient.get(key);
    if (known !== undefined && now() - known.lastReadAt < IDLE_MS) return known;
    const fresh: Refresh = { reads: 0, lastReadAt: now(), listed: 0, ahead: undefined };
    ofClient.set(key, fresh);
    return fresh;
  }

  /** Lists the profiles and asks for all at once: the client makes few requests of it. */
  async function fetchAhead(
    client: Client,
    scope: Scope,
    refresh: Refresh,
    limit: number,
  ): Promise<ReadonlyMap<string, Promise<ClusterProfileRead>>> {
    const { items } = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope });
    const uids = items.flatMap(({ metadata }) => metadata?.uid ?? []);
    refresh.listed = uids.length;
    if (uids.length > limit) return new Map();
    // Without a caller's signal: what one caller gives up others still wait for.
    const reads = uids.map((uid) => [uid, client.clusterProfile(uid, { scope })] as const);
    for (const [, reading] of reads) reading.catch(() => undefined);
    return new Map(reads);
  }

  return {
    async read(client, uid, { scope, signal }) {
      const alone = async (): Promise<ClusterProfileRead> => client.clusterProfile(uid, { scope, signal });
      if (client.offers('bulk-read') !== true) return alone();
      const refresh = refreshOf(client, scope);
      refresh.reads += 1;
      refresh.lastReadAt = now();
      const limit = Math.min(MAX_AHEAD, refresh.reads * AHEAD_PER_READ);
      if (refresh.reads <= ALONE || refresh.listed > limit) return alone();
      if (refresh.ahead === undefined || now() - refresh.ahead.startedAt > LIFE_MS) {
        refresh.ahead = { startedAt: now(), profiles: fetchAhead(client, scope, refresh, limit) };
      }
      const { ahead } = refresh;
      try {
        const profiles = await ahead.profiles;
        // There were too many: more reads may come to deserve them.
        if (profiles.size === 0 && refresh.ahead === ahead) refresh.ahead = undefined;
        return (await profiles.get(uid)) ?? (await alone());
      } catch {
        // What fails ahead is asked for again on its own, with an error of its own if need be.
        if (refresh.ahead === ahead) refresh.ahead = undefined;
        return alone();
      }
    },
    forget: (client) => {
      refreshes.delete(originOf(client));
    },
  };
}
