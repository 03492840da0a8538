/** Claims on the bus: an account for each tenant, a user for each agent. Pure: nothing is sent here. */
import jwt from '@nats-io/jwt';

import type { ClusterUid, TenantUid } from '#protocol/identifiers';
import { heartbeatSubject, inboxPrefix, pokeSubject, reportSubject } from '#protocol/subjects';

import { UNLIMITED, type Operator } from './operator.ts';

export interface AccountKeys {
  readonly publicKey: string;
  readonly seed: string;
}

/** A user that may no longer connect: its key, and up to when claims for it were made that do not count, in seconds since 1970. */
export interface Revocation {
  readonly publicKey: string;
  readonly at: number;
}

/** Makes an account's key pair. */
export function createAccountKeys(): AccountKeys {
  const key = jwt.createAccount();
  return { publicKey: key.getPublicKey(), seed: decodeSeed(key.getSeed()) };
}

/** Bounds of one tenant on the bus. JetStream must be given limits, or it is off for the account. */
const TENANT_LIMITS = {
  ...UNLIMITED,
  mem_storage: 0,
  disk_storage: 1 << 30,
  streams: 4,
  consumer: 8,
  max_ack_pending: 10_000,
} as const;

/** The account's claims, signed by the operator. Users whose claims were made up to `at` are cut off when it is pushed. */
export async function accountJwt(
  operator: Operator,
  tenantUid: TenantUid,
  account: AccountKeys,
  revocations: readonly Revocation[],
): Promise<string> {
  return jwt.encodeAccount(
    `tenant-${tenantUid}`,
    account.publicKey,
    {
      limits: TENANT_LIMITS,
      revocations: Object.fromEntries(revocations.map(({ publicKey, at }) => [publicKey, at])),
    },
    { signer: operator.operatorSeed },
  );
}

/**
 * The claims of an agent, for a key whose seed only the agent has: it may publish its own
 * reports and heartbeats, hear its own pokes and the answers to its own requests, nothing else.
 *
 * @param expiresAt the server ends the connection then; milliseconds since 1970.
 */
export async function agentUserJwt(
  account: AccountKeys,
  agent: { readonly clusterUid: ClusterUid; readonly busPublicKey: string },
  expiresAt: number,
): Promise<string> {
  const { clusterUid, busPublicKey } = agent;
  return jwt.encodeUser(
    `cluster-${clusterUid}`,
    busPublicKey,
    account.seed,
    {
      pub: { allow: [reportSubject(clusterUid), heartbeatSubject(clusterUid)] },
      sub: { allow: [pokeSubject(clusterUid), `${inboxPrefix(clusterUid)}.>`] },
      subs: 16,
      data: -1,
      payload: -1,
    },
    { exp: Math.floor(expiresAt / 1000) },
  );
}

/** A user and its claims, as a connection of the plane itself needs them; kept in memory only. */
export interface PlaneUser {
  readonly jwt: string;
  readonly seed: string;
}

/** A user of the tenant's account with all of its subjects. */
export async function planeUser(account: AccountKeys): Promise<PlaneUser> {
  return user('plane', account.seed);
}

/** A user of the system account: it may push accounts to the servers. */
export async function systemUser(operator: Operator): Promise<PlaneUser> {
  return user('plane-system', operator.systemAccountSeed);
}

async function user(name: string, accountSeed: string): Promise<PlaneUser> {
  const key = jwt.createUser();
  const token = await jwt.encodeUser(name, key, accountSeed, { subs: -1, data: -1, payload: -1 }, {});
  return { jwt: token, seed: decodeSeed(key.getSeed()) };
}

function decodeSeed(seed: Uint8Array): string {
  return new TextDecoder().decode(seed);
}
