/** Which kinds the API server has, and under which path: asked per version, kept until something changes. */
import { KubeError } from './error.ts';
import { groupKind, groupOf, mapAt, valueAt } from './object.ts';

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
  /** The type in the group's preferred version. @throws KubeError when that version does not answer now */
  preferredType(
    of: { readonly group: string; readonly kind: string },
    options: { readonly signal: AbortSignal },
  ): Promise<ResourceType | undefined>;
  /** Every version served, `v1` first. */
  apiVersions(options: { readonly signal: AbortSignal }): Promise<readonly string[]>;
  /** Every type of one version. */
  typesOf(apiVersion: string, options: { readonly signal: AbortSignal }): Promise<readonly ResourceType[]>;
  /** Every kind served, in its group's preferred version where that has it. */
  allTypes(options: { readonly signal: AbortSignal }): Promise<AllTypes>;
  /** Forget everything: a definition was added or removed. */
  invalidate(): void;
}

export interface AllTypes {
  readonly types: readonly ResourceType[];
  /** Versions whose server does not answer now: what kinds they have is not known. */
  readonly away: readonly string[];
}

interface Group {
  readonly preferred: string;
  readonly versions: readonly string[];
}

/** A kind that is missing, or a version that does not answer, is looked for again after this, in milliseconds. */
const MISS_AGE_MS = 1_000;

/** `away`: an aggregated API whose server does not answer. It may have objects all the same. */
type Types = readonly ResourceType[] | 'away';

export function createDiscovery(read: Read, now: () => number = () => performance.now()): Discovery {
  const versions = new Map<string, { readonly types: Promise<Types>; readonly at: number }>();
  let groups: Promise<ReadonlyMap<string, Group>> | undefined;

  const ask = (apiVersion: string, signal: AbortSignal): Promise<Types> => {
    const asked = { types: readTypes(read, apiVersion, signal), at: now() };
    versions.set(apiVersion, asked);
    // A failure is not an answer: the next caller asks again.
    asked.types.catch(() => {
      if (versions.get(apiVersion) === asked) versions.delete(apiVersion);
    });
    return asked.types;
  };

  /** @param refresh asks anew what is older than a moment */
  const lookUp = async (
    apiVersion: string,
    options: { readonly signal: AbortSignal },
    refresh = false,
  ): Promise<Types> => {
    const known = versions.get(apiVersion);
    if (!known) return ask(apiVersion, options.signal);
    const types = await unlessGivenUp(known.types);
    const isOld = now() - known.at > MISS_AGE_MS;
    if (types !== undefined && !(isOld && (refresh || types === 'away'))) return types;
    options.signal.throwIfAborted();
    const newer = versions.get(apiVersion);
    return newer === undefined || newer === known ? ask(apiVersion, options.signal) : lookUp(apiVersion, options);
  };

  const typesOf = async (
    apiVersion: string,
    options: { readonly signal: AbortSignal },
    refresh = false,
  ): Promise<readonly ResourceType[]> => {
    const types = await lookUp(apiVersion, options, refresh);
    return types === 'away' ? [] : types;
  };

  const askGroups = (signal: AbortSignal): Promise<ReadonlyMap<string, Group>> => {
    const asked = readGroups(read, signal);
    groups = asked;
    asked.catch(() => {
      if (groups === asked) groups = undefined;
    });
    return asked;
  };
  const allGroups = async ({ signal }: { readonly signal: AbortSignal }): Promise<ReadonlyMap<string, Group>> => {
    const known = groups && (await unlessGivenUp(groups));
    signal.throwIfAborted();
    return known ?? groups ?? askGroups(signal);
  };

  return {
    resourceType: async ({ apiVersion, kind }, options) => {
      const find = (types: readonly ResourceType[]): ResourceType | undefined =>
        types.find((type) => type.kind === kind);
      return find(await typesOf(apiVersion, options)) ?? find(await typesOf(apiVersion, options, true));
    },
    preferredType: async ({ group, kind }, options) => {
      const found = (await allGroups(options)).get(group);
      // A kind may live in another version than the preferred one.
      for (const apiVersion of found ? [found.preferred, ...found.versions] : []) {
        const types = await lookUp(apiVersion, options);
        if (types === 'away')
          throw new KubeError(`discover ${apiVersion}: its server does not answer`, {
            status: 503,
            reason: 'ServiceUnavailable',
          });
        const type = types.find((candidate) => candidate.kind === kind);
        if (type) return type;
      }
      return undefined;
    },
    apiVersions: async (options) => [...(await allGroups(options)).values()].flatMap((group) => group.versions),
    typesOf: async (apiVersion, options) => typesOf(apiVersion, options),
    allTypes: async (options) => {
      const versions = [...(await allGroups(options)).values()].flatMap((group) => [
        ...new Set([group.preferred, ...group.versions]),
      ]);
      const answers = await Promise.all(
        versions.map(async (apiVersion) => ({ apiVersion, types: await lookUp(apiVersion, options) })),
      );
      const types = new Map<string, ResourceType>();
      for (const type of answers.flatMap((answer) => (answer.types === 'away' ? [] : answer.types))) {
        const id = groupKind(type);
        if (!types.has(id)) types.set(id, type);
      }
      return {
        types: [...types.values()],
        away: answers.flatMap((answer) => (answer.types === 'away' ? [answer.apiVersion] : [])),
      };
    },
    invalidate: () => {
      versions.clear();
      groups = undefined;
    },
  };
}

/** Several callers wait for one answer: that the one who asked gave up, undefined here, is none to the others. @throws KubeError */
async function unlessGivenUp<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof KubeError) throw error;
    return undefined;
  }
}

async function readTypes(read: Read, apiVersion: string, signal: AbortSignal): Promise<Types> {
  let answer: unknown;
  try {
    answer = await read(apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`, { signal });
  } catch (error) {
    const status = valueAt(error, 'status');
    // 404: no such version.
    if (status === 404) return [];
    if (status === 503) return 'away';
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
