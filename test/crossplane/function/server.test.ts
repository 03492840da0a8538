import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ensureAuthority, ensureCertificate, type Authority } from '#cli/local/pki';
import { silentLogger } from '#core/log';
import { FunctionConfig } from '#crossplane/function/config';
import { runFunction, type RunningFunction } from '#crossplane/function/main';
import { startFunctionServer, type FunctionServer } from '#crossplane/function/server';

import { createCaller, type CallerTls } from './support/caller.ts';

let dir = '';
let authority: Authority;
let stranger: Authority;
const log = silentLogger;
const answer = { conditions: [], results: [], meta: { tag: 'x' } } as unknown as RunFunctionResponse; // as: enough of one

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-function-'));
  authority = await ensureAuthority({ dir, name: 'authority' });
  stranger = await ensureAuthority({ dir, name: 'stranger' });
}, 30_000);

afterAll(async () => rm(dir, { recursive: true, force: true }));

/** A folder as Crossplane mounts it. */
async function serverDir(name: string, signer: Authority, { withCa = true } = {}): Promise<string> {
  const folder = join(dir, name);
  await mkdir(folder, { recursive: true });
  const files = await ensureCertificate({
    dir,
    name: `${name}-${signer === authority ? 'own' : 'other'}`,
    authority: signer,
    commonName: 'function',
    names: ['localhost', '127.0.0.1'],
    usages: ['server'],
  });
  await copyFile(files.keyFile, join(folder, 'tls.key'));
  await copyFile(files.certFile, join(folder, 'tls.crt'));
  if (withCa) await copyFile(signer.certFile, join(folder, 'ca.crt'));
  return folder;
}

/** What a caller has: a certificate of the signer, or none. */
async function callerTls(trusted: Authority, signer?: Authority): Promise<CallerTls> {
  const ca = await readFile(trusted.certFile);
  if (signer === undefined) return { ca };
  const { certFile, keyFile } = await ensureCertificate({
    dir,
    name: signer === authority ? 'client' : 'strange-client',
    authority: signer,
    commonName: 'crossplane',
    names: [],
    usages: ['client'],
  });
  return { ca, cert: await readFile(certFile), key: await readFile(keyFile) };
}

async function serve(tlsServerCertsDir: string | undefined, more: object = {}): Promise<FunctionServer> {
  return startFunctionServer({
    host: '127.0.0.1',
    port: 0,
    tlsServerCertsDir,
    handle: async () => Promise.resolve(answer),
    log,
    ...more,
  });
}

/** Calls once; the tag of the answer, or the code of the failure. */
async function callOnce(port: number, tls?: CallerTls): Promise<string> {
  const caller = createCaller(port, tls);
  try {
    return (await caller.call({}, { timeoutMs: 5_000 })).meta?.tag ?? '';
  } catch (error) {
    return error instanceof Error && 'code' in error ? `code ${String(error.code)}` : String(error);
  } finally {
    caller.close();
  }
}

const UNAVAILABLE = 'code 14';

describe('the function over TLS', () => {
  it('answers Crossplane, and nobody without a certificate of its authority', async () => {
    const server = await serve(await serverDir('mutual', authority));
    try {
      expect(await callOnce(server.port, await callerTls(authority, authority))).toBe('x');
      expect(await callOnce(server.port, await callerTls(authority))).toBe(UNAVAILABLE);
      expect(await callOnce(server.port, await callerTls(authority, stranger))).toBe(UNAVAILABLE);
      expect(await callOnce(server.port)).toBe(UNAVAILABLE);
    } finally {
      await server.drain(1_000);
    }
  }, 60_000);

  it('answers everybody where no authority is mounted, and says so', async () => {
    const warnings: string[] = [];
    const warning = { ...log, warn: (_fields: object, message: string) => warnings.push(message) };
    const server = await serve(await serverDir('one-sided', authority, { withCa: false }), { log: warning });
    try {
      expect(warnings).toEqual([expect.stringContaining('there is no ca.crt')]);
      expect(await callOnce(server.port, await callerTls(authority))).toBe('x');
    } finally {
      await server.drain(1_000);
    }
  }, 60_000);

  it('takes renewed certificates without a restart', async () => {
    const folder = await serverDir('renewed', authority);
    const server = await serve(folder, { refreshMs: 20 });
    try {
      const renewed = await callerTls(stranger, stranger);
      expect(await callOnce(server.port, renewed)).toBe(UNAVAILABLE);
      await serverDir('renewed', stranger);
      const deadline = Date.now() + 20_000;
      let told = '';
      while (told !== 'x' && Date.now() < deadline) told = await callOnce(server.port, renewed);
      expect(told).toBe('x');
    } finally {
      await server.drain(1_000);
    }
  }, 60_000);

  it('says which file is missing, and which is not right', async () => {
    await expect(serve(join(dir, 'nowhere'))).rejects.toThrow(/nowhere\/tls\.(crt|key) cannot be read.*needs tls\.crt/);
    const folder = await serverDir('mixed', authority);
    await copyFile(stranger.keyFile, join(folder, 'tls.key'));
    await expect(serve(folder)).rejects.toThrow(/the certificate, key or authority in .*mixed is not right/);
  });
});

describe('drain', () => {
  it('lets calls that run end, and takes no new ones', async () => {
    let finish = (): void => undefined;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const handle = async (): Promise<RunFunctionResponse> => {
      begin();
      await new Promise<void>((resolve) => (finish = resolve));
      return answer;
    };
    const server = await serve(undefined, { handle });
    const caller = createCaller(server.port);
    const running = caller.call({});
    await begun;
    const drained = server.drain(30_000);
    expect(await callOnce(server.port)).toBe(UNAVAILABLE);
    finish();
    expect((await running).meta?.tag).toBe('x');
    await drained;
    caller.close();
  }, 60_000);

  it('cuts off what runs too long', async () => {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const handle = async (): Promise<never> => {
      begin();
      return new Promise(() => undefined);
    };
    const server = await serve(undefined, { handle });
    const caller = createCaller(server.port);
    const running = caller.call({}).then(
      () => 'answered',
      () => 'cut off',
    );
    await begun;
    await server.drain(50);
    expect(await running).toBe('cut off');
    caller.close();
  }, 60_000);
});

describe('the process', () => {
  it('serves, tells of its health and its calls, and ends when it is told to', async () => {
    const config = FunctionConfig.parse({ listen: { host: '127.0.0.1', port: 0 }, insecure: true });
    const stop = new AbortController();
    let ended: Promise<void> | undefined;
    const running = await new Promise<RunningFunction>((resolve, reject) => {
      ended = runFunction(config, { log, signal: stop.signal, onReady: resolve });
      ended.catch(reject);
    });
    const caller = createCaller(running.port);
    const composite = { apiVersion: 'example.org/v1', kind: 'Bucket', metadata: { name: 'b' } };
    const response = await caller.call({ meta: { tag: 't' }, observed: { composite: { resource: composite } } });
    expect(response).toMatchObject({ meta: { tag: 't' }, results: [{ severity: 1 }] });
    caller.close();
    const at = `http://127.0.0.1:${running.metricsPort}`;
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${at}/metrics`)).text()).toContain('palette_function_calls_total{outcome="refused"} 1');
    stop.abort();
    await ended;
    await expect(fetch(`${at}/healthz`)).rejects.toThrow();
  }, 60_000);
});
