import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { accessFromKubeconfig, accessFromServiceAccount } from './kubeconfig.ts';

const { signal } = new AbortController();
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kubeconfig-'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

async function write(user: object, cluster: object = {}, context = 'main'): Promise<string> {
  const file = path.join(dir, 'config');
  const config = {
    'current-context': context,
    clusters: [{ name: 'c', cluster: { server: 'https://api.example.com:6443', ...cluster } }],
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
    users: [{ name: 'u', user }],
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

describe('access by a kubeconfig', () => {
  it('says which file cannot be read', async () => {
    const missing = path.join(dir, 'missing');
    await expect(accessFromKubeconfig(missing)).rejects.toThrow(
      new RegExp(`kubeconfig ${missing} cannot be read: .*ENOENT`),
    );
  });

  it('takes certificates from data, and from files beside the kubeconfig', async () => {
    await writeFile(path.join(dir, 'ca.pem'), 'the ca');
    const data = (text: string): string => Buffer.from(text).toString('base64');
    const user = { 'client-certificate-data': data('the cert'), 'client-key-data': data('the key') };
    const access = await accessFromKubeconfig(
      await write(user, { 'certificate-authority': 'ca.pem', 'tls-server-name': 'kube' }),
    );
    expect(access.server.href).toBe('https://api.example.com:6443/');
    expect(access.tls).toMatchObject({ ca: 'the ca', cert: 'the cert', key: 'the key', servername: 'kube' });
    expect(await access.authorization({ signal })).toBeUndefined();
  });

  it.each([
    { name: 'a token', user: { token: 'secret' }, want: 'Bearer secret' },
    { name: 'a token file', user: { tokenFile: 'token' }, want: 'Bearer from a file' },
    {
      name: 'name and password',
      user: { username: 'me', password: 'pw' },
      want: `Basic ${Buffer.from('me:pw').toString('base64')}`,
    },
    {
      name: 'a plugin',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: ['-e', 'console.log(JSON.stringify({kind: "ExecCredential", status: {token: process.env.WHO}}))'],
          env: [{ name: 'WHO', value: 'plugin' }],
        },
      },
      want: 'Bearer plugin',
    },
  ])('authorizes by $name', async ({ user, want }) => {
    await writeFile(path.join(dir, 'token'), 'from a file\n');
    const access = await accessFromKubeconfig(await write(user));
    expect(await access.authorization({ signal })).toBe(want);
  });

  it('names the file and the entry when something is missing', async () => {
    const file = await write({}, {}, 'elsewhere');
    await expect(accessFromKubeconfig(file)).rejects.toThrow(`kubeconfig ${file}: there is no context named elsewhere`);
  });
});

describe('access by a service account', () => {
  it('says what to do outside a pod', async () => {
    await expect(accessFromServiceAccount({})).rejects.toThrow('name a kubeconfig instead');
  });
});
