/** Which kinds the API server has, and under which path: asked per version, kept until something changes. */
import { groupOf, mapAt, valueAt } from './object.ts';

export interface ResourceType {
  readonly apiVersion: string;
  readonly kind: string;
  /** The kind's name in paths. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

type Read = (path: string, options: { readonly signal: AbortSignal }) => Promise<unknown>;

export interface Discovery {
  /** The type, or undefined when the API server has no such kind. */
  resourceType(
    of: { readonly apiVersion: string; readonly kind: string },
    options: { readonly signal: AbortSignal },
  ): Promise<ResourceType | undefined>;
  /** The type in the group's preferred version. */
  preferredType(
    of: { readonly group: string; readonly kind: string },
    options: { readonly signal: AbortSignal },
  ): Promise<ResourceType | undefined>;
  /** Every version served, `v1` first. */
  apiVersions(options: { readonly signal: AbortSignal }): Promise<readonly string[]>;
  /** Every type of one version. */
  typesOf(apiVersion: string, options: { readonly signal: AbortSignal }): Promise<readonly ResourceType[]>;
  /** Every type of every group's preferred version; groups that do not answer are left out. */
  allTypes(options: { readonly signal: AbortSignal }): Promise<readonly ResourceType[]>;
  /** Forget everything: a definition was added or removed. */
  invalidate(): void;
}

interface Group {
  readonly preferred: string;
  readonly versions: readonly string[];
}

/** A kind that is missing is looked for again after this, in milliseconds. */
const MISS_AGE_MS = 1_000;

export function createDiscovery(read: Read, now: () => number = () => performance.now()): Discovery {
  const versions = new Map<string, { readonly types: Promise<readonly ResourceType[]>; readonly at: number }>();
  let groups: Promise<ReadonlyMap<string, Group>> | undefined;

  const typesOf = async (
    apiVersion: string,
    { signal }: { readonly signal: AbortSignal },
    refresh: boolean,
  ): Promise<readonly ResourceType[]> => {
    const known = versions.get(apiVersion);
    if (known && !(refresh && now() - known.at > MISS_AGE_MS)) return known.types;
    const types = readTypes(read, apiVersion, signal);
    versions.set(apiVersion, { types, at: now() });
    // A failure is not an answer: the next caller asks again.
    types.catch(() => versions.delete(apiVersion));
    return types;
  };

  const allGroups = async ({ signal }: { readonly signal: AbortSignal }): Promise<ReadonlyMap<string, Group>> => {
    groups ??= readGroups(read, signal);
    groups.catch(() => {
      groups = undefined;
    });
    return groups;
  };

  return {
    resourceType: async ({ apiVersion, kind }, options) => {
      const find = (types: readonly ResourceType[]): ResourceType | undefined =>
        types.find((type) => type.kind === kind);
      return find(await typesOf(apiVersion, options, false)) ?? find(await typesOf(apiVersion, options, true));
    },
    preferredType: async ({ group, kind }, options) => {
      const found = (await allGroups(options)).get(group);
      // A kind may live in another version than the preferred one.
      for (const apiVersion of found ? [found.preferred, ...found.versions] : []) {
        const type = (await typesOf(apiVersion, options, false)).find((candidate) => candidate.kind === kind);
        if (type) return type;
      }
      return undefined;
    },
    apiVersions: async (options) => [...(await allGroups(options)).values()].flatMap((group) => group.versions),
    typesOf: async (apiVersion, options) => typesOf(apiVersion, options, false),
    allTypes: async (options) => {
      const preferred = [...(await allGroups(options)).values()].map((group) => group.preferred);
      return (await Promise.all(preferred.map(async (apiVersion) => typesOf(apiVersion, options, false)))).flat();
    },
    invalidate: () => {
      versions.clear();
      groups = undefined;
    },
  };
}

async function readTypes(read: Read, apiVersion: string, signal: AbortSignal): Promise<readonly ResourceType[]> {
  let answer: unknown;
  try {
    answer = await read(apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`, { signal });
  } catch (error) {
    const status = valueAt(error, 'status');
    // 404: no such version. 503: an aggregated API whose server is away has no kinds now.
    if (status === 404 || status === 503) return [];
    throw error;
  }
  const list = valueAt(answer, 'resources');
  return (Array.isArray(list) ? list : []).flatMap((entry) => {
    const { name, kind, namespaced, verbs } = mapAt(entry);
    // Names with a slash are subresources.
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) return [];
    return [
      {
        apiVersion,
        kind,
        plural: name,
        namespaced: namespaced === true,
        verbs: Array.isArray(verbs) ? verbs.filter((verb) => typeof verb === 'string') : [],
      },
    ];
  });
}

async function readGroups(read: Read, signal: AbortSignal): Promise<ReadonlyMap<string, Group>> {
  const answer = await read('/apis', { signal });
  const groups = new Map<string, Group>([['', { preferred: 'v1', versions: ['v1'] }]]);
  const list = valueAt(answer, 'groups');
  for (const entry of Array.isArray(list) ? list : []) {
    const preferred = valueAt(entry, 'preferredVersion', 'groupVersion');
    const served = valueAt(entry, 'versions');
    const versions = (Array.isArray(served) ? served : []).flatMap((version) => {
      const text = valueAt(version, 'groupVersion');
      return typeof text === 'string' ? [text] : [];
    });
    if (typeof preferred === 'string') groups.set(groupOf(preferred), { preferred, versions });
  }
  return groups;
}
