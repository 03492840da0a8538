import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { KubeError } from '#kubernetes/error';
import { refOf, type KubeObject } from '#kubernetes/object';
import { secretData } from '#kubernetes/secret';

import { createAuditStore, type AuditStore, type AuditStoreOptions } from './audit-store.ts';
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
  const unused = (): never => {
    throw new Error('nothing here asks for it');
  };
  const client: AuditStoreOptions['client'] = {
    discovery: {
      resourceType: async () => ({ apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true, verbs: [] }),
      preferredType: unused,
      apiVersions: unused,
      typesOf: unused,
      allTypes: unused,
      invalidate: unused,
    },
    list: async () => {
      check();
      return { items: [...stored.values()], resourceVersion: String(version) };
    },
    delete: async ({ name }) => {
      check();
      stored.delete(name);
    },
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
    names: () => [...stored.keys()].toSorted(),
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
/** Where the first administrator has been made: passwords are slow to hash. */
async function begun(): Promise<ReturnType<typeof secrets>> {
  const fake = secrets();
  const users = [user('admin', { role: 'admin', mustChangePassword: true })];
  const data = { 'users.json': JSON.stringify({ users }), 'initial-password': 'first' };
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')] as const);
  await fake.client.create(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRET }, data: Object.fromEntries(encoded) },
    options,
  );
  return fake;
}
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
    const { client } = await begun();
    const replicas = Array.from({ length: 3 }, () => createUsers(client, 'palette-system', silentLogger));
    await Promise.all(replicas.map(async (users, at) => users.change((all) => [...all, user(`user-${at}`)], options)));
    for (const users of replicas) expect(await namesOf(users)).toEqual(['admin', 'user-0', 'user-1', 'user-2']);
  });

  it('choose a password, and only the first one’s own choice removes the first password', async () => {
    const { client, key } = await begun();
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
    const { client, away } = await begun();
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

describe('lines of the audit log', () => {
  const open = (client: AuditStoreOptions['client']): AuditStore =>
    createAuditStore({ client, namespace: 'palette-system', log: silentLogger });
  const line = (at: number): string => `<110>1 2026-01-01T00:00:00Z host palette-agent 1 audit - {"id":"${at}"}`;
  const lines = (from: number, to: number): readonly string[] =>
    Array.from({ length: to - from }, (_, at) => line(from + at));

  it('are there in the next life, in their order', async () => {
    const { client } = secrets();
    const first = open(client);
    expect(await first.load(options)).toEqual([]);
    lines(0, 10).forEach(first.add);
    await first.flush(options);
    lines(10, 20).forEach(first.add);
    await first.flush(options);
    const second = open(client);
    expect(await second.load(options)).toEqual(lines(0, 20));
    second.add(line(20));
    await second.flush(options);
    expect(await open(client).load(options)).toEqual(lines(0, 21));
  });

  it('are kept too when they come while as many as may wait are written', async () => {
    const { client } = secrets();
    const store = open(client);
    lines(0, 1_000).forEach(store.add);
    const writing = store.flush(options);
    lines(1_000, 1_010).forEach(store.add);
    await writing;
    expect(await open(client).load(options)).toEqual(lines(0, 1_010));
  });

  it('are bounded: the oldest go', async () => {
    const { client, names } = secrets();
    const store = open(client);
    for (let at = 0; at < 20_000; at += 500) {
      lines(at, at + 500).forEach(store.add);
      await store.flush(options);
    }
    expect(names()).toHaveLength(16);
    const kept = await open(client).load(options);
    expect(kept.length).toBeGreaterThan(8_000);
    expect(kept).toEqual(lines(20_000 - kept.length, 20_000));
  });

  it('of replicas are kept side by side', async () => {
    const { client } = secrets();
    const replicas = [open(client), open(client), open(client)];
    await Promise.all(
      replicas.map(async (store, replica) => {
        for (let at = 0; at < 5; at++) {
          store.add(line(replica * 100 + at));
          await store.flush(options);
        }
      }),
    );
    const kept = await open(client).load(options);
    expect(new Set(kept).size).toBe(15);
    expect(kept).toHaveLength(15);
  });

  it('wait while the API server is away, and are written once it is back', async () => {
    const { client, away } = secrets();
    const store = open(client);
    away(true);
    lines(0, 5).forEach(store.add);
    await expect(store.flush(options)).rejects.toThrow('does not answer');
    store.add(line(5));
    away(false);
    await store.flush(options);
    expect(await open(client).load(options)).toEqual(lines(0, 6));
  });

  it('are not written twice when the answer of a write was lost', async () => {
    const { client } = secrets();
    let isLost = true;
    const store = open({
      ...client,
      create: async (object, how) => {
        const made = await client.create(object, how);
        if (!isLost) return made;
        isLost = false;
        throw new KubeError('the answer was lost', { status: 0, reason: 'Unreachable' });
      },
    });
    store.add(line(1));
    await expect(store.flush(options)).rejects.toThrow('lost');
    await store.flush(options);
    expect(await open(client).load(options)).toEqual([line(1)]);
  });
});
