import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { KubeError } from '#kubernetes/error';
import { refOf, type KubeObject } from '#kubernetes/object';
import { secretData } from '#kubernetes/secret';

import type { SecretClient } from './own-secret.ts';
import { isPassword } from './passwords.ts';
import { localCertificate } from './tls.ts';
import { createUsers, type StoredUser, type Users } from './users.ts';

const options = { signal: new AbortController().signal };

/** Secrets as an API server keeps them: a write to what is no longer there is refused. */
function secrets() {
  const stored = new Map<string, KubeObject>();
  let version = 0;
  let isAway = false;
  const check = (): void => {
    if (isAway) throw new KubeError('it does not answer', { status: 0, reason: 'Unreachable' });
  };
  const conflict = (): KubeError => new KubeError('written meanwhile', { status: 409, reason: 'Conflict' });
  const put = (object: KubeObject): KubeObject => {
    const kept = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    stored.set(object.metadata.name, kept);
    return kept;
  };
  const client: SecretClient = {
    get: async ({ name }) => {
      check();
      return stored.get(name);
    },
    create: async ({ metadata: { name = '', ...metadata }, ...object }) => {
      check();
      if (stored.has(name)) throw conflict();
      return put({ ...object, metadata: { ...metadata, name } });
    },
    replace: async (object) => {
      check();
      const present = stored.get(refOf(object).name);
      if (present?.metadata.resourceVersion !== object.metadata.resourceVersion) throw conflict();
      return put(object);
    },
  };
  return {
    client,
    key: (secret: string, key: string) => {
      const found = stored.get(secret);
      return found && secretData(found).get(key)?.toString('utf8');
    },
    away: (is: boolean) => {
      isAway = is;
    },
  };
}

const SECRET = 'palette-agent-local-users';
const user = (name: string, change: Partial<StoredUser> = {}): StoredUser => ({
  name,
  role: 'viewer',
  hash: `hash of ${name}`,
  mustChangePassword: false,
  ...change,
});
const namesOf = async (users: Users): Promise<readonly string[]> => (await users.all(options)).map(({ name }) => name);

describe('users of the local API', () => {
  it('begin with one administrator, whose password is in the cluster, however many replicas begin at once', async () => {
    const { client, key } = secrets();
    const replicas = Array.from({ length: 2 }, () => createUsers(client, 'palette-system', silentLogger));
    const found = await Promise.all(replicas.map(async (users) => users.all(options)));
    const [first] = found[0] ?? [];
    expect(found.map((users) => users.map(({ hash }) => hash))).toEqual(found.map(() => [first?.hash]));
    expect(first).toMatchObject({ name: 'admin', role: 'admin', mustChangePassword: true });
    expect(await isPassword(first?.hash, key(SECRET, 'initial-password') ?? '')).toBe(true);
  });

  it('are all kept when several are added at once, by whomever', async () => {
    const { client } = secrets();
    const replicas = Array.from({ length: 3 }, () => createUsers(client, 'palette-system', silentLogger));
    await Promise.all(replicas.map(async (users, at) => users.change((all) => [...all, user(`user-${at}`)], options)));
    for (const users of replicas) expect(await namesOf(users)).toEqual(['admin', 'user-0', 'user-1', 'user-2']);
  });

  it('choose a password, and only the first one’s own choice removes the first password', async () => {
    const { client, key } = secrets();
    const users = createUsers(client, 'palette-system', silentLogger);
    await users.change((all) => [...all, user('other', { role: 'admin', mustChangePassword: true })], options);
    expect(await users.setPassword('other', 'new hash', options)).toBe(true);
    expect(await users.find('other', options)).toMatchObject({ hash: 'new hash', mustChangePassword: false });
    expect(key(SECRET, 'initial-password')).toBeDefined();
    expect(await users.setPassword('admin', 'new hash', options)).toBe(true);
    expect(key(SECRET, 'initial-password')).toBeUndefined();
    expect(await users.setPassword('nobody', 'new hash', options)).toBe(false);
  });

  it('come in as they were last while the API server is away', async () => {
    const { client, away } = secrets();
    const users = createUsers(client, 'palette-system', silentLogger);
    await expect(namesOf(users)).resolves.toEqual(['admin']);
    away(true);
    await expect(namesOf(users)).resolves.toEqual(['admin']);
    await expect(createUsers(client, 'palette-system', silentLogger).all(options)).rejects.toThrow('does not answer');
  });
});

describe('the certificate of the local API', () => {
  it('is one, however many replicas make it at once', async () => {
    const { client } = secrets();
    const config = { names: ['agent.example.test'] };
    const make = async (): Promise<string> =>
      (await localCertificate({ client, namespace: 'palette-system', config, now: () => new Date() }, options)).cert;
    expect(new Set(await Promise.all([make(), make(), make()])).size).toBe(1);
    expect(await make()).toBe(await make());
  });
});
