/** The way out of a cluster: real proxies, real TLS, and what happens when one of them does not do its part. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpsServer, get, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { agentNetworks, type Network, type NetworkSettings } from '#agent/channel/network';
import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { dial, dialTls } from '#core/network/dial';
import type { Proxy } from '#core/network/proxy';
import { createTrust } from '#core/network/trust';
import { silentLogger } from '#core/log';

import { startConnectProxy, startSocksProxy, type TestProxy } from '../support/proxies.ts';

const signal = new AbortController().signal;
const target = { host: 'plane.test', port: 443 };
const credentials = 'me:p@ss';

interface Suite {
  readonly dir: string;
  /** Signed the target's certificate. */
  readonly ca: string;
  /** Signed the certificate of the proxy that is spoken to over TLS. */
  readonly proxyCa: string;
  readonly target: Server;
  readonly http: TestProxy;
  readonly https: TestProxy;
  readonly socks: TestProxy;
  /** Takes connections and says nothing. */
  readonly mute: TcpServer;
}

let suite: Suite;

async function listen<S extends TcpServer>(server: S): Promise<S> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
const portOf = (server: TcpServer): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'channel-dial-'));
  const pair = async (name: string, names: string[]): Promise<{ cert: string; key: string; ca: string }> => {
    const authority = await ensureAuthority({ dir, name: `${name}-ca` });
    const files = await ensureCertificate({ dir, name, authority, commonName: name, names, usages: ['server'] });
    const [cert = '', key = '', ca = ''] = await Promise.all(
      [files.certFile, files.keyFile, authority.certFile].map(async (file) => readFile(file, 'utf8')),
    );
    return { cert, key, ca };
  };
  const plane = await pair('plane', ['plane.test']);
  const proxy = await pair('proxy', ['127.0.0.1']);
  const server = await listen(createHttpsServer(plane, (request, response) => response.end(`answer ${request.url}`)));
  const route = (authority: string): number | undefined =>
    authority === 'plane.test:443' ? portOf(server) : undefined;
  suite = {
    dir,
    ca: plane.ca,
    proxyCa: proxy.ca,
    target: server,
    http: await startConnectProxy({ route, credentials }),
    https: await startConnectProxy({ route, credentials, tls: proxy }),
    socks: await startSocksProxy({ route, credentials }),
    mute: await listen(createTcpServer((socket) => void socket.on('error', () => undefined))),
  };
});

afterAll(async () => {
  await Promise.all([suite.http, suite.https, suite.socks].map(async (proxy) => proxy.stop()));
  suite.target.close();
  suite.target.closeAllConnections();
  suite.mute.close();
  await rm(suite.dir, { recursive: true, force: true });
});

const options = (timeoutMs = 10_000, bundles = [suite.ca, suite.proxyCa]): Parameters<typeof dial>[2] => ({
  context: createTrust(() => bundles).context,
  timeoutMs,
  signal,
});

const proxyTo = (kind: Proxy['kind'], over: Partial<Proxy> = {}): Proxy => {
  const { port } = kind === 'socks5' ? suite.socks : suite[kind];
  return { kind, host: '127.0.0.1', port, username: 'me', password: 'p@ss', ...over };
};

async function network(settings: Partial<NetworkSettings>, env: Record<string, string> = {}): Promise<Network> {
  const open = await agentNetworks({ planeCaFile: undefined, env, log: silentLogger });
  return open({ settings: () => ({ planeUrl: 'https://plane.test', ca: suite.ca, ...settings }) });
}

/** A verified connection to the target. */
async function expectReached(out: Network): Promise<void> {
  const socket = await out.connect(target, { signal });
  expect(socket.authorized).toBe(true);
  socket.destroy();
}

describe('a connection through a proxy', () => {
  it.each(['http', 'https', 'socks5'] as const)(
    'of the kind %s reaches a name that only the proxy knows',
    async (kind) => {
      const socket = await dialTls(target, proxyTo(kind), options());
      const text = await new Promise<string>((resolve, reject) => {
        get({ createConnection: () => socket, path: '/x', headers: { host: 'plane.test' } }, (answer) => {
          let read = '';
          answer.on('data', (part: Buffer) => (read += part.toString()));
          answer.on('end', () => resolve(read));
        }).on('error', reject);
      });
      expect(text).toBe('answer /x');
      socket.destroy();
    },
  );

  it.each([
    {
      name: 'credentials that are wrong (HTTP)',
      kind: 'http',
      over: { password: 'other' },
      reason: /credentials.*407/,
    },
    { name: 'credentials that are missing (HTTP)', kind: 'http', over: { username: '', password: '' }, reason: /407/ },
    {
      name: 'credentials that are wrong (SOCKS)',
      kind: 'socks5',
      over: { password: 'other' },
      reason: /refused the way/,
    },
    { name: 'a proxy that is not there', kind: 'http', over: { port: 1 }, reason: /ECONNREFUSED/ },
  ] as const)('tells of $name, and shows no password', async ({ kind, over, reason }) => {
    const failed: unknown = await dial(target, proxyTo(kind, over), options()).catch((error: unknown) => error);
    expect(String(failed)).toMatch(reason);
    expect(String(failed)).toContain('plane.test:443');
    expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed)) + String((failed as Error).stack)).not.toMatch(
      /p@ss|other/,
    );
  });

  it.each(['http', 'socks5'] as const)('of the kind %s tells that a firewall refuses the target', async (kind) => {
    await expect(dial({ host: 'else.test', port: 22 }, proxyTo(kind), options())).rejects.toThrow(
      /else\.test:22 cannot be reached through .*refused the way/,
    );
  });

  it.each(['http', 'socks5'] as const)('gives up a proxy of the kind %s that says nothing', async (kind) => {
    await expect(dial(target, proxyTo(kind, { port: portOf(suite.mute) }), options(300))).rejects.toThrow(
      /no answer in 300 ms/,
    );
  });

  it('does not trust a proxy whose certificate nobody signed that is trusted', async () => {
    await expect(dial(target, proxyTo('https'), options(10_000, [suite.ca]))).rejects.toThrow(/cannot be reached/);
    expect(suite.https.asked).toEqual(['plane.test:443']);
  });

  it('verifies the target and not the proxy in its place', async () => {
    await expect(dialTls(target, proxyTo('https'), options(10_000, [suite.proxyCa]))).rejects.toThrow(
      /no TLS with plane\.test/,
    );
  });
});

describe("the agent's way out", () => {
  it('takes the proxy of the bootstrap secret before that of the environment', async () => {
    const proxied = { httpsProxy: `http://me:p%40ss@127.0.0.1:${suite.http.port}` };
    const out = await network({ proxy: proxied }, { HTTPS_PROXY: 'http://127.0.0.1:1' });
    await expectReached(out);
  });

  it('takes that of the environment where the secret names none', async () => {
    const out = await network({}, { ALL_PROXY: `socks5://me:p%40ss@127.0.0.1:${suite.socks.port}` });
    await expectReached(out);
  });

  it('asks no proxy for what is excepted', async () => {
    const asked = suite.http.asked.length;
    const out = await network({
      proxy: { httpsProxy: `http://me:p%40ss@127.0.0.1:${suite.http.port}`, noProxy: '.test' },
    });
    await expect(out.connect(target, { signal })).rejects.toThrow(/plane\.test:443 cannot be reached: getaddrinfo/);
    expect(suite.http.asked.length).toBe(asked);
  });

  it('follows settings that change while it runs', async () => {
    let httpsProxy = 'http://127.0.0.1:1';
    const open = await agentNetworks({ planeCaFile: undefined, env: {}, log: silentLogger });
    const out = open({ settings: () => ({ planeUrl: 'https://plane.test', ca: suite.ca, proxy: { httpsProxy } }) });
    await expect(out.connect(target, { signal })).rejects.toThrow(/ECONNREFUSED/);
    httpsProxy = `http://me:p%40ss@127.0.0.1:${suite.http.port}`;
    await expectReached(out);
  });

  it('adds authorities to the public ones, from the secret, from files that the environment names, and from the bus', async () => {
    const proxied = { httpsProxy: `https://me:p%40ss@127.0.0.1:${suite.https.port}` };
    const fromSecret = await network({ proxy: { ...proxied, ca: suite.proxyCa } });
    await expectReached(fromSecret);
    const fromFile = await network({ proxy: proxied }, { NODE_EXTRA_CA_CERTS: join(suite.dir, 'proxy-ca.crt') });
    await expectReached(fromFile);
    const open = await agentNetworks({ planeCaFile: undefined, env: {}, log: silentLogger });
    const besides = open({
      settings: () => ({ planeUrl: 'https://plane.test', ca: suite.ca, proxy: proxied }),
      bundles: () => [undefined, suite.proxyCa],
    });
    await expectReached(besides);
  });

  it('leaves out what cannot be used, and finds its way without', async () => {
    const out = await network(
      { proxy: { httpsProxy: 'nonsense', ca: 'no certificate' } },
      { NODE_EXTRA_CA_CERTS: '/does/not/exist' },
    );
    expect(out.proxies()).toEqual({});
    expect(out.context()).toBeDefined();
  });
});
