/** Who may sign in: kept in a Secret of the cluster, so that whoever may read and write it there can help themselves. */
import { z } from 'zod';

import type { Logger } from '#core/log';
import { parseLoosely } from '#core/parse-loosely';
import type { CallOptions } from '#kubernetes/client';
import type { SecretData } from '#kubernetes/secret';

import type { Schemas } from './contract.ts';
import { createKeyedLock } from '../enforce/keyed-lock.ts';
import { changeSecret, type SecretClient } from './own-secret.ts';
import { hashPassword, randomPassword } from './passwords.ts';

const USERS_SECRET = 'palette-agent-local-users';
const USERS_KEY = 'users.json';
/** The password that the agent gave its first administrator, until it is changed. */
const INITIAL_PASSWORD_KEY = 'initial-password';
const FIRST_USER = 'admin';
export const USER_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
export const MAX_USERS = 100;

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
  /** `change` may be asked more than once, when others write at the same time. @throws KubeError, or what `change` throws */
  change(change: (users: readonly StoredUser[]) => readonly StoredUser[], options: CallOptions): Promise<void>;
  /** A password that its user chose; false when there is no such user. @throws KubeError */
  setPassword(name: string, hash: string, options: CallOptions): Promise<boolean>;
}

export function createUsers(client: SecretClient, namespace: string, log: Logger): Users {
  const secret = { namespace, name: USERS_SECRET };
  let last: readonly StoredUser[] | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  const oneAtATime = createKeyedLock();

  const remember = (data: SecretData): readonly StoredUser[] => {
    last = usersIn(data) ?? [];
    readAt = performance.now();
    return last;
  };

  /** What stands there; a first administrator is made where nobody is. */
  const read = async (options: CallOptions): Promise<readonly StoredUser[]> => {
    let isNew = false;
    const data = await changeSecret(
      client,
      secret,
      async (present) => {
        isNew = usersIn(present) === undefined;
        if (!isNew) return undefined;
        const password = present.get(INITIAL_PASSWORD_KEY)?.toString('utf8') ?? randomPassword();
        const hash = await hashPassword(password);
        return written([{ name: FIRST_USER, role: 'admin', hash, mustChangePassword: true }], password);
      },
      options,
    );
    if (isNew)
      log.info(
        { object: `Secret ${namespace}/${USERS_SECRET}`, key: INITIAL_PASSWORD_KEY },
        'first user of the local API made; its password is in that Secret',
      );
    return remember(data);
  };

  const change = async (
    work: (users: readonly StoredUser[]) => readonly StoredUser[],
    { dropInitialPassword = false, ...options }: CallOptions & { readonly dropInitialPassword?: boolean },
  ): Promise<void> =>
    oneAtATime('users', async () => {
      await read(options);
      const data = await changeSecret(
        client,
        secret,
        async (present) => {
          const initialPassword = present.get(INITIAL_PASSWORD_KEY)?.toString('utf8');
          return written(work(usersIn(present) ?? []), dropInitialPassword ? undefined : initialPassword);
        },
        options,
      );
      remember(data);
    });

  const all = async (options: CallOptions): Promise<readonly StoredUser[]> => {
    try {
      return await oneAtATime('users', async () => read(options));
    } catch (error) {
      options.signal.throwIfAborted();
      if (!last) throw error;
      log.debug({ err: error }, 'users cannot be read now; taken as they were');
      return last;
    }
  };

  return {
    all,
    find: async (name, options) => {
      const isNew = last !== undefined && performance.now() - readAt <= (options.atMostMs ?? -1);
      return (isNew ? last : await all(options))?.find((user) => user.name === name);
    },
    change,
    setPassword: async (name, hash, options) => {
      let found = false;
      await change(
        (users) => {
          found = users.some((user) => user.name === name);
          return users.map((user) => (user.name === name ? { ...user, hash, mustChangePassword: false } : user));
        },
        { ...options, dropInitialPassword: name === FIRST_USER },
      );
      return found;
    },
  };
}

function written(users: readonly StoredUser[], initialPassword: string | undefined): Readonly<Record<string, string>> {
  return {
    [USERS_KEY]: JSON.stringify({ users: users.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }),
    ...(initialPassword === undefined ? {} : { [INITIAL_PASSWORD_KEY]: initialPassword }),
  };
}

/** Undefined where there are none yet. @throws Error that says what to do when they cannot be read */
function usersIn(data: SecretData): readonly StoredUser[] | undefined {
  const text = data.get(USERS_KEY)?.toString('utf8');
  if (text === undefined) return undefined;
  const parsed = StoredUsers.safeParse(parseLoosely(text));
  if (parsed.success) return parsed.data.users;
  throw new Error(`Secret ${USERS_SECRET}: ${USERS_KEY} is not as expected; remove it to begin anew`);
}
