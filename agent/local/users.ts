/** Who may sign in: kept in a Secret of the cluster, so that whoever may read and write it there can help themselves. */
import { z } from 'zod';

import type { Logger } from '#core/log';
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { readSecret, writeSecret } from '#kubernetes/secret';

import type { Schemas } from './contract.ts';
import { createKeyedLock } from '../enforce/keyed-lock.ts';
import { hashPassword, randomPassword } from './passwords.ts';

const USERS_SECRET = 'palette-agent-local-users';
const USERS_KEY = 'users.json';
/** The password that the agent gave its first administrator, until it is changed. */
const INITIAL_PASSWORD_KEY = 'initial-password';
const FIRST_USER = 'admin';
export const USER_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const MAX_USERS = 100;

const StoredUser = z.object({
  name: z.string().regex(USER_NAME),
  role: z.enum(['admin', 'viewer']),
  hash: z.string().min(1),
  mustChangePassword: z.boolean().default(false),
  displayName: z.string().max(128).optional(),
});
export type StoredUser = z.infer<typeof StoredUser>;

/** What is told of a user. */
export function userOf({ name, role, mustChangePassword, displayName }: StoredUser): Schemas['User'] {
  return { name, role, mustChangePassword, ...(displayName === undefined ? {} : { displayName }) };
}

const StoredUsers = z.object({ users: z.array(StoredUser).max(MAX_USERS) });

export interface Users {
  /** All of them, by name. While the API server is away as they were last. @throws KubeError when they were never read */
  all(options: CallOptions): Promise<readonly StoredUser[]>;
  /** `atMostMs`: one that was read so long ago is new enough. Default: asked now. */
  find(name: string, options: CallOptions & { readonly atMostMs?: number }): Promise<StoredUser | undefined>;
  /** Reads, changes and writes them; one change at a time. @throws KubeError, or what `change` throws */
  change(
    change: (users: readonly StoredUser[]) => readonly StoredUser[],
    options: CallOptions & { readonly dropInitialPassword?: boolean },
  ): Promise<readonly StoredUser[]>;
}

export function createUsers(client: KubeClient, namespace: string, log: Logger): Users {
  let last: readonly StoredUser[] | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  const oneAtATime = createKeyedLock();

  const write = async (
    users: readonly StoredUser[],
    initialPassword: string | undefined,
    options: CallOptions,
  ): Promise<void> => {
    const data = {
      [USERS_KEY]: JSON.stringify({ users: users.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }),
      ...(initialPassword === undefined ? {} : { [INITIAL_PASSWORD_KEY]: initialPassword }),
    };
    await writeSecret(client, { namespace, name: USERS_SECRET, data }, options);
    last = users;
    readAt = performance.now();
  };

  /** What stands there; a first administrator is made where nobody is. */
  const read = async (
    options: CallOptions,
  ): Promise<{ readonly users: readonly StoredUser[]; readonly initialPassword: string | undefined }> => {
    const data = await readSecret(client, namespace, USERS_SECRET, options);
    const text = data?.get(USERS_KEY)?.toString('utf8');
    const initialPassword = data?.get(INITIAL_PASSWORD_KEY)?.toString('utf8');
    if (text !== undefined) {
      const parsed = StoredUsers.safeParse(parseLoosely(text));
      if (!parsed.success)
        throw new Error(`Secret ${USERS_SECRET}: ${USERS_KEY} is not as expected; remove it to begin anew`);
      last = parsed.data.users;
      readAt = performance.now();
      return { users: last, initialPassword };
    }
    const password = initialPassword ?? randomPassword();
    const users = [
      { name: FIRST_USER, role: 'admin' as const, hash: await hashPassword(password), mustChangePassword: true },
    ];
    await write(users, password, options);
    log.info(
      { object: `Secret ${namespace}/${USERS_SECRET}`, key: INITIAL_PASSWORD_KEY },
      'first user of the local API made; its password is in that Secret',
    );
    return { users, initialPassword: password };
  };

  const all = async (options: CallOptions): Promise<readonly StoredUser[]> =>
    oneAtATime('users', async () => read(options)).then(
      ({ users }) => users,
      (error: unknown) => {
        options.signal.throwIfAborted();
        if (!last) throw error;
        log.debug({ err: error }, 'users cannot be read now; taken as they were');
        return last;
      },
    );

  return {
    all,
    find: async (name, options) => {
      const isNew = last !== undefined && performance.now() - readAt <= (options.atMostMs ?? -1);
      return (isNew ? last : await all(options))?.find((user) => user.name === name);
    },
    change: async (change, options) =>
      oneAtATime('users', async () => {
        const { users, initialPassword } = await read(options);
        const next = change(users);
        await write(next, options.dropInitialPassword === true ? undefined : initialPassword, options);
        return next;
      }),
  };
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
