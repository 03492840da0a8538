/** Registries that answer slowly, wrongly, or not at all: a clear word, in bounded time, and nothing stored. */
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { indexCharts, packageCharts, serveFolder, type FileServer } from '../support/chart-repository.ts';
import { temporaryFolder } from '../support/palette.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';
import { eventually } from './fleet-support.ts';
import { createHelmRegistry, synced } from './registry-support.ts';

jest.setTimeout(60_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: FileServer;
let plane: TestPlane;

/** 200 MB in 200 KB. */
const BOMB = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
const http = { backoff: { baseMs: 1, maxMs: 5 }, silenceMs: 500, requestsPerSecond: 1000 };

beforeAll(async () => {
  folder = await temporaryFolder('bad');
  await packageCharts(folder.dir, [
    { name: 'web', version: '1.0.0' },
    { name: 'web', version: '1.1.0' },
  ]);
  await indexCharts(folder.dir);
  server = await serveFolder(folder.dir);
  plane = await startTestPlane({ registries: { http } });
}, 700_000);

afterAll(async () => {
  await plane?.stop();
  await server?.stop();
  await folder?.remove();
});

async function validate(
  endpoint: string,
  of: TestPlane = plane,
): Promise<{ status: number; body: { code: string; message: string } }> {
  return of.call('/v1/registries/helm/validate', { method: 'POST', body: { endpoint, auth: { type: 'noAuth' } } });
}

async function packsOf(uid: string, of: TestPlane = plane): Promise<string[]> {
  const { body } = await of.call(`/v1/packs?filters=spec.registryUid=${uid}&limit=1000`);
  return body.items.map(
    (item: { spec: { name: string; version: string } }) => `${item.spec.name} ${item.spec.version}`,
  );
}

describe('a registry that is not well', () => {
  it.each([
    {
      name: 'says nothing',
      code: 'RegistryTooSlow',
      says: /said nothing for 0.5 s/,
      intercept: (): boolean => true,
    },
    {
      name: 'stops in the middle',
      code: 'RegistryTooSlow',
      says: /said nothing/,
      intercept: (_request: unknown, response: { write: (text: string) => void }): boolean => {
        response.write('apiVersion: v1\nentries:\n  web:\n  - name: w');
        return true;
      },
    },
    {
      name: 'breaks off',
      code: 'RegistryUnreachable',
      says: /cannot be reached|broke off/,
      intercept: (_request: unknown, response: { destroy: () => void }): boolean => {
        response.destroy();
        return true;
      },
    },
    {
      name: 'fails',
      code: 'RegistryBadAnswer',
      says: /status 503/,
      intercept: (_request: unknown, response: { writeHead: (code: number) => { end: () => void } }): boolean => {
        response.writeHead(503).end();
        return true;
      },
    },
    {
      name: 'is a web page',
      code: 'RegistryBadAnswer',
      says: /no index/,
      intercept: (_request: unknown, response: { end: (text: string) => void }): boolean => {
        response.end('<!doctype html>\n<html><body>Welcome</body></html>');
        return true;
      },
    },
    {
      name: 'redirects without end',
      code: 'RegistryBadAnswer',
      says: /redirects without end/,
      intercept: (
        _request: unknown,
        response: { writeHead: (code: number, headers: object) => { end: () => void } },
      ): boolean => {
        response.writeHead(302, { location: '/index.yaml' }).end();
        return true;
      },
    },
    {
      name: 'sends gzip that is none',
      code: 'RegistryBadAnswer',
      says: /cannot be read/,
      intercept: (
        _request: unknown,
        response: { writeHead: (code: number, headers: object) => { end: (text: string) => void } },
      ): boolean => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
        return true;
      },
    },
    {
      name: 'unpacks without end',
      code: 'RegistryLimit',
      says: /longer than|without end/,
      intercept: (
        _request: unknown,
        response: { writeHead: (code: number, headers: object) => { end: (bytes: Buffer) => void } },
      ): boolean => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB);
        return true;
      },
    },
  ])('and $name is told as what it is', async ({ code, says, intercept }) => {
    server.intercept = intercept;
    try {
      const before = performance.now();
      const answer = await validate(server.url);
      expect(answer).toMatchObject({ status: 422, body: { code, message: expect.stringMatching(says) } });
      expect(performance.now() - before).toBeLessThan(15_000);
    } finally {
      server.intercept = () => false;
    }
  });

  it.each([
    { endpoint: 'http://127.0.0.1:9', code: 'RegistryUnreachable' },
    { endpoint: 'http://charts.invalid', code: 'RegistryUnreachable' },
    { endpoint: 'http://169.254.169.254/latest/meta-data', code: 'RegistryAddressRefused' },
    { endpoint: 'http://[fd00:ec2::254]/', code: 'RegistryAddressRefused' },
    { endpoint: 'http://[::ffff:169.254.169.254]/', code: 'RegistryAddressRefused' },
    { endpoint: 'http://0.0.0.0:1/', code: 'RegistryAddressRefused' },
    { endpoint: 'http://2852039166/', code: 'RegistryAddressRefused' },
    { endpoint: 'file:///etc/passwd', code: 'InvalidRequest' },
    { endpoint: 'https://user:secret@charts.example.com', code: 'InvalidRequest' },
    { endpoint: 'no host at all', code: 'InvalidRequest' },
  ])('is refused at $endpoint', async ({ endpoint, code }) => {
    const answer = await validate(endpoint);
    expect(answer).toMatchObject({ status: 422, body: { code } });
    expect(answer.body.message).not.toContain('secret@');
  });

  it('is not spoken to on the machine of a plane that many share, nor by a name or redirect that leads there', async () => {
    const shared = await startTestPlane({
      registries: {
        http,
        allowLoopback: false,
        resolve: (hostname, done) =>
          done(null, [{ address: hostname === 'public.example.com' ? '203.0.113.1' : '127.0.0.1', family: 4 }]),
      },
    });
    try {
      for (const endpoint of [
        server.url,
        `http://127.0.0.1:${server.port}`,
        `http://rebound.example.com:${server.port}`,
      ])
        expect(await validate(endpoint, shared)).toMatchObject({
          status: 422,
          body: { code: 'RegistryAddressRefused' },
        });
    } finally {
      await shared.stop();
    }
  });

  it('does not spoil its good charts by its bad ones', async () => {
    const good = await readFile(join(folder.dir, 'index.yaml'), 'utf8');
    const other = await temporaryFolder('mixed');
    const entry = (name: string, more: string): string => `  ${name}:\n  - apiVersion: v2\n    name: ${name}\n${more}`;
    const broken = [
      entry('tabbed', '    version: "1"\n\tbad: true\n'),
      entry('nameless-version', '    urls:\n    - x.tgz\n'),
      entry('evil/../name', '    version: 1.0.0\n    urls:\n    - x.tgz\n'),
      entry('local', '    version: 1.0.0\n    urls:\n    - file:///etc/passwd\n'),
      entry(
        'bomb',
        `    version: 1.0.0\n    urls: [x.tgz]\n    a: &a [x,x,x,x,x,x,x,x,x]\n    b: &b [${'*a,'.repeat(9)}*a]\n    c: [${'*b,'.repeat(9)}*b]\n`,
      ),
      entry('long', `    version: 1.0.0\n    urls:\n    - x.tgz\n    description: ${'x'.repeat(600 * 1024)}\n`),
    ].join('');
    await writeFile(join(other.dir, 'index.yaml'), good.replace('entries:\n', `entries:\n${broken}`));
    const mixed = await serveFolder(other.dir);
    try {
      const uid = await createHelmRegistry(plane, 'mixed', mixed.url);
      const status = await synced(plane, `/v1/registries/helm/${uid}/sync/status`);
      expect(status.message).toMatch(
        /^6 left out: tabbed: .*; nameless-version: .*; evil\/\.\.\/name 1\.0\.0: .*; and 3 more$/,
      );
      expect((await packsOf(uid)).toSorted()).toEqual(['web 1.0.0', 'web 1.1.0']);
    } finally {
      await mixed.stop();
      await other.remove();
    }
  });

  it('gives an archive of another digest, another chart, or none at all: a profile cannot have it, and nothing is stored', async () => {
    const uid = await createHelmRegistry(plane, 'lying', server.url);
    await synced(plane, `/v1/registries/helm/${uid}/sync/status`);
    const create = async (tag: string): Promise<object> =>
      plane.call('/v1/clusterprofiles', {
        method: 'POST',
        body: {
          metadata: { name: 'lied to' },
          spec: {
            template: { type: 'add-on', packs: [{ name: 'web', type: 'helm', tag, registryUid: uid, values: '' }] },
          },
        },
      });
    server.intercept = (request, response) => {
      if (!request.url?.endsWith('.tgz')) return false;
      response.end(gzipSync('another archive'));
      return true;
    };
    expect(await create('1.0.0')).toMatchObject({ status: 422, body: { code: 'DigestMismatch' } });
    server.intercept = (request, response) => {
      if (!request.url?.endsWith('.tgz')) return false;
      response.writeHead(404).end();
      return true;
    };
    expect(await create('1.0.0')).toMatchObject({ status: 422, body: { code: 'RegistryNotFound' } });
    server.intercept = () => false;
    const stored = await plane.database
      .asSystem()
      .transaction(async (tx) =>
        tx.query('SELECT digest FROM packs WHERE registry_uid = $1 AND digest IS NOT NULL', [uid]),
      );
    expect(stored).toEqual([]);
    expect((await plane.call('/v1/clusterprofiles?limit=1')).status).not.toBe(500);
    expect(await create('1.0.0')).toMatchObject({ status: 201 });
  });

  it('says why it failed, and is tried again by itself', async () => {
    const other = await temporaryFolder('late');
    const late = await serveFolder(other.dir);
    try {
      const uid = await createHelmRegistry(plane, 'late', late.url);
      const failed = await synced(plane, `/v1/registries/helm/${uid}/sync/status`, 'Failed');
      expect(failed).toMatchObject({
        status: 'Failed',
        message: expect.stringContaining('/index.yaml does not exist'),
      });
      await writeFile(join(other.dir, 'index.yaml'), 'apiVersion: v1\nentries: {}\n');
      await plane.call(`/v1/registries/helm/${uid}/sync`, { method: 'POST' });
      await eventually('it is well', async () => {
        const { body } = await plane.call(`/v1/registries/helm/${uid}/sync/status`);
        return body.status === 'Success';
      });
    } finally {
      await late.stop();
      await other.remove();
    }
  });
});

describe('a way to a registry', () => {
  it('is secured by a CA that the registry is given, or by none when that is asked for', async () => {
    const authority = await ensureAuthority({ dir: folder.dir, name: 'ca' });
    const pair = await ensureCertificate({
      dir: folder.dir,
      name: 'charts',
      authority,
      commonName: 'charts',
      names: ['localhost'],
      usages: ['server'],
    });
    const [cert, key, ca] = await Promise.all(
      [pair.certFile, pair.keyFile, authority.certFile].map(async (file) => readFile(file, 'utf8')),
    );
    const secure = await serveFolder(folder.dir, { tls: { cert: cert ?? '', key: key ?? '' } });
    try {
      const attempt = async (tls: object): Promise<object> =>
        plane.call('/v1/registries/helm/validate', {
          method: 'POST',
          body: { endpoint: secure.url, auth: { type: 'noAuth', tls } },
        });
      expect(await attempt({})).toMatchObject({ status: 422, body: { code: 'RegistryCertificate' } });
      expect(await attempt({ ca })).toMatchObject({ status: 204 });
      expect(await attempt({ certificate: ca })).toMatchObject({ status: 204 });
      expect(await attempt({ insecureSkipVerify: true })).toMatchObject({ status: 204 });
    } finally {
      await secure.stop();
    }
  });

  it('leads through a proxy that the environment names, which credentials do not stop at', async () => {
    const authority = await ensureAuthority({ dir: folder.dir, name: 'ca' });
    const pair = await ensureCertificate({
      dir: folder.dir,
      name: 'proxied',
      authority,
      commonName: 'charts.example.com',
      names: ['charts.example.com'],
      usages: ['server'],
    });
    const [cert = '', key = '', ca] = await Promise.all(
      [pair.certFile, pair.keyFile, authority.certFile].map(async (file) => readFile(file, 'utf8')),
    );
    const authorization = `Basic ${Buffer.from('reader:secret').toString('base64')}`;
    const secure = await serveFolder(folder.dir, { tls: { cert, key }, authorization });
    const asked: string[] = [];
    const sockets = new Set<Socket>();
    const proxy = createServer().on('connect', (request, socket: Socket) => {
      asked.push(request.url ?? '');
      const way = connect(secure.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        way.pipe(socket).pipe(way);
      });
      for (const one of [way, socket]) {
        sockets.add(one);
        one.on('error', () => undefined);
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const behind = await startTestPlane({ registries: { http, env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } } });
    try {
      const answer = await behind.call('/v1/registries/helm/validate', {
        method: 'POST',
        body: {
          endpoint: 'https://charts.example.com',
          auth: { type: 'basic', username: 'reader', password: 'secret', tls: { ca } },
        },
      });
      expect(answer).toMatchObject({ status: 204 });
      expect(asked).toEqual(['charts.example.com:443']);
    } finally {
      await behind.stop();
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await secure.stop();
    }
  });

  it('does not carry credentials to another host', async () => {
    const archives = await serveFolder(folder.dir);
    const other = await temporaryFolder('elsewhere');
    await writeFile(
      join(other.dir, 'index.yaml'),
      `apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.0.0\n    urls:\n    - http://127.0.0.1:${archives.port}/web-1.0.0.tgz\n`,
    );
    const authorization = `Basic ${Buffer.from('reader:secret').toString('base64')}`;
    const index = await serveFolder(other.dir, { authorization });
    try {
      const uid = await createHelmRegistry(plane, 'split', index.url, {
        type: 'basic',
        username: 'reader',
        password: 'secret',
      });
      await synced(plane, `/v1/registries/helm/${uid}/sync/status`);
      const { body } = await plane.call(`/v1/packs/web/registries/${uid}`);
      expect(body.packValues[0].values).toContain('replicas');
      expect(index.headers.get('/index.yaml')?.authorization).toBe(authorization);
      expect(archives.headers.get('/web-1.0.0.tgz')?.authorization).toBeUndefined();
    } finally {
      await index.stop();
      await archives.stop();
      await other.remove();
    }
  });

  it('keeps no other tenant waiting, however many of one tenant say nothing', async () => {
    const silent = await serveFolder(folder.dir);
    silent.intercept = () => true;
    const registries = { http: { ...http, silenceMs: 120_000 } };
    const one = await startTestPlane({ registries });
    const other = await startTestPlane({ replicaOf: one, registries });
    try {
      for (let index = 0; index < 6; index++) await createHelmRegistry(one, `silent-${index}`, silent.url);
      await eventually('two of them are looked into', async () => silent.requests.length >= 2);
      const uid = await createHelmRegistry(other, 'good', server.url);
      await synced(other, `/v1/registries/helm/${uid}/sync/status`);
      expect(silent.requests).toHaveLength(2);
    } finally {
      await other.stop();
      await one.stop();
      await silent.stop();
    }
  });
});
