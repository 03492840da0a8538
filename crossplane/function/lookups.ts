/** What the function asks the API, through one connection: each answer is shared by all composites that need it. */
import { isNotFound, type PaletteClient, type Scope } from '#openapi/client/index';
import { validateVariables, type VariableDefinition, type VariableProblem } from '#packs/variables';
import { variableDefinitions } from '#resources/definitions/shared/variable-definitions';
import { lookUpPack, type PackLookup, type PackQuery } from '#resources/definitions/shared/pack-lookup';

import { verify, type VerifyOutcome } from '../controller/runtime/provider-configs/verify.ts';
import { createCache, type CacheOptions } from './cache.ts';

export interface ListedProfile {
  readonly name: string;
  readonly version: string;
  readonly uid: string;
}

export interface ListedAccount {
  readonly name: string;
  readonly cloudType: string;
  readonly uid: string;
}

/** Every method throws ApiError when the API does not answer, or refuses. */
export interface Lookups {
  /** Whether host, key and project are right. */
  verify(): Promise<VerifyOutcome>;
  /** Every profile in reach. `again`: somebody misses one, so a list that is older than a few seconds is not enough. */
  profiles(scope: Scope, options?: { readonly again?: boolean }): Promise<readonly ListedProfile[]>;
  /** What is wrong with values for the variables of a profile; undefined when there is no such profile. */
  checkValues(
    scope: Scope,
    uid: string,
    values: Readonly<Record<string, string>>,
  ): Promise<readonly VariableProblem[] | undefined>;
  pack(scope: Scope, query: PackQuery): Promise<PackLookup>;
  accounts(scope: Scope, options?: { readonly again?: boolean }): Promise<readonly ListedAccount[]>;
  close(): void;
}

export interface LookupsOptions {
  readonly client: PaletteClient;
  readonly host: string;
  readonly project: string | undefined;
  readonly now: () => number;
  readonly random: () => number;
  /** Milliseconds for one question with its tries. Default 8 s: Crossplane waits for the answer. */
  readonly deadlineMs?: number;
}

/** How long an answer is used for. */
const LIFE_MS = 30_000;
/** How long a failure is told without trying again. */
const FAILURE_LIFE_MS = 5_000;
/** Age that a list may have when something is missed in it. */
const MISSED_MS = 5_000;
const MAX_ENTRIES = 1_000;
const PAGE = 1_000;
const MAX_PAGES = 20;
/** The look-up of packs keeps answers for as long as the client it is given lives. */
const CLIENT_LIFE_MS = 600_000;

export function createLookups({ client, host, project, now, random, deadlineMs = 8_000 }: LookupsOptions): Lookups {
  const options: CacheOptions = {
    lifeMs: LIFE_MS,
    failureLifeMs: FAILURE_LIFE_MS,
    maxEntries: MAX_ENTRIES,
    now,
    random,
  };
  const identity = createCache<VerifyOutcome>(options);
  const profiles = createCache<readonly ListedProfile[]>(options);
  const checks = createCache<Check | undefined>(options);
  const packs = createCache<PackLookup>(options);
  const accounts = createCache<readonly ListedAccount[]>(options);
  const age = (again = false): { readonly maxAgeMs?: number } => (again ? { maxAgeMs: MISSED_MS } : {});
  const limits = (): Limits => ({ signal: AbortSignal.timeout(2 * deadlineMs), deadlineMs });

  let packClient = { client: { ...client }, bornAt: now() };
  const clientForPacks = (): PaletteClient => {
    if (now() - packClient.bornAt > CLIENT_LIFE_MS) packClient = { client: { ...client }, bornAt: now() };
    return packClient.client;
  };

  return {
    verify: async () => {
      // It asks twice, with deadlines of its own that are longer.
      const load = async (): Promise<VerifyOutcome> =>
        verify(client, { host, project, signal: AbortSignal.timeout(deadlineMs) });
      const outcome = await identity.read('', load);
      // A key that is replaced comes with another connection, but a project that is made later does not.
      return outcome.kind === 'verified' ? outcome : identity.read('', load, age(true));
    },
    profiles: async (scope, { again } = {}) =>
      profiles.read(keyOf(scope), async () => listProfiles(client, scope, limits()), age(again)),
    checkValues: async (scope, uid, values) => {
      const load = async (): Promise<Check | undefined> => {
        const definitions = await readVariables(client, scope, uid, limits());
        return definitions && createCheck(definitions);
      };
      const key = `${keyOf(scope)} ${uid}`;
      const problems = (await checks.read(key, load))?.(values);
      if (problems?.length === 0) return problems;
      return (await checks.read(key, load, age(true)))?.(values);
    },
    pack: async (scope, query) => {
      const load = async (): Promise<PackLookup> => lookUpPack(clientForPacks(), scope, query);
      const key = JSON.stringify([keyOf(scope), query.name, query.tag, query.registryName, query.registryUid]);
      const found = await packs.read(key, load);
      return found.kind === 'found' ? found : packs.read(key, load, age(true));
    },
    accounts: async (scope, { again } = {}) =>
      accounts.read(keyOf(scope), async () => listAccounts(client, scope, limits()), age(again)),
    close: () => client.close(),
  };
}

function keyOf(scope: Scope): string {
  return scope.kind === 'project' ? scope.projectUid : '';
}

interface Limits {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

async function listProfiles(client: PaletteClient, scope: Scope, limits: Limits): Promise<ListedProfile[]> {
  const { items } = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope, ...limits });
  return items.flatMap(({ metadata, spec }) =>
    metadata?.name === undefined || metadata.uid === undefined
      ? []
      : [{ name: metadata.name, uid: metadata.uid, version: spec?.version ?? '' }],
  );
}

async function readVariables(
  client: PaletteClient,
  scope: Scope,
  uid: string,
  limits: Limits,
): Promise<VariableDefinition[] | undefined> {
  try {
    const { variables } = await client.get('/v1/clusterprofiles/{uid}/variables', { path: { uid }, scope, ...limits });
    return variableDefinitions(variables ?? []);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

type Check = (values: Readonly<Record<string, string>>) => readonly VariableProblem[];

/** Remembers what it said: an expression of a profile's author runs in a place of its own, which costs a millisecond. */
function createCheck(definitions: readonly VariableDefinition[]): Check {
  const said = new Map<string, readonly VariableProblem[]>();
  return (values) => {
    const key = JSON.stringify(values);
    const known = said.get(key);
    if (known !== undefined) return known;
    const problems = validateVariables(definitions, values);
    if (said.size >= MAX_ENTRIES) said.clear();
    said.set(key, problems);
    return problems;
  };
}

async function listAccounts(client: PaletteClient, scope: Scope, limits: Limits): Promise<ListedAccount[]> {
  const accounts: ListedAccount[] = [];
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, listmeta } = await client.get('/v1/cloudaccounts/summary', {
      query: { limit: PAGE, continue: next },
      scope,
      ...limits,
    });
    for (const { kind, metadata } of items) {
      if (metadata?.name === undefined || metadata.uid === undefined) continue;
      accounts.push({ name: metadata.name, uid: metadata.uid, cloudType: kind ?? '' });
    }
    next = listmeta?.continue;
    if (next === undefined || next === '') break;
  }
  return accounts;
}
