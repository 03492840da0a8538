import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import * as http2 from 'node:http2';
import { connect, type TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { createSelfSigned } from '#provider/terraform/transport/certificate';
import { pem } from '#provider/terraform/transport/der';

import { createMirror, type Mirror } from './support/workspace.ts';

jest.setTimeout(60_000);

const COOKIE = { TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2' };

let mirror: Mirror;
const children: ChildProcess[] = [];

beforeAll(async () => {
  mirror = await createMirror();
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  mirror.remove();
});

interface Started {
  readonly child: ChildProcess;
  readonly line: Promise<string>;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

function start(env: Record<string, string>, command: readonly string[] = [mirror.program]): Started {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  let line = '';
  return {
    child,
    line: new Promise((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        line += chunk.toString('utf8');
        if (line.endsWith('\n')) resolve(line.trimEnd());
      });
    }),
    ended: new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, stderr }));
    }),
  };
}

interface Handshake {
  readonly path: string;
  readonly certificate: string;
}

function parseHandshake(line: string): Handshake {
  const [core, app, network, path = '', protocol, der = ''] = line.split('|');
  expect([core, app, network, protocol]).toEqual(['1', '6', 'unix', 'grpc']);
  expect(der).not.toContain('=');
  return { path, certificate: pem('CERTIFICATE', Buffer.from(der, 'base64')) };
}

const self = createSelfSigned();

async function open(
  { path, certificate }: Handshake,
  client: { readonly certificate: string; readonly privateKey: string } | undefined,
): Promise<http2.ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    // A refusal is seen on the socket alone.
    const createConnection = (): TLSSocket =>
      connect({
        path,
        servername: 'localhost',
        ca: certificate,
        ALPNProtocols: ['h2'],
        ...(client === undefined ? {} : { cert: client.certificate, key: client.privateKey }),
      }).once('error', reject);
    const session = http2.connect('https://localhost', { createConnection });
    session.once('error', reject);
    session.once('close', () => reject(new Error('refused')));
    // The server has verified the client's certificate when it sends its settings.
    session.once('remoteSettings', () => resolve(session));
  });
}

async function call(session: http2.ClientHttp2Session, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let status = '';
    stream.on('response', (headers) => (status = String(headers['grpc-status'] ?? status)));
    stream.on('trailers', (headers) => (status = String(headers['grpc-status'] ?? status)));
    stream.on('error', reject);
    stream.on('close', () => resolve(status));
    stream.resume();
    stream.end(Buffer.alloc(5));
  });
}

describe('the program that Terraform starts', () => {
  it('tells a person who starts it by hand what it is', async () => {
    const { code, stderr } = await start({}).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('palette provider install');
  });

  it('says when it does not speak the protocol that is offered', async () => {
    const { code, stderr } = await start({ ...COOKIE, PLUGIN_PROTOCOL_VERSIONS: '4,5' }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('speaks plugin protocol 6, Terraform offers 4,5');
  });

  it('answers over TLS in both directions, survives an interrupt, and ends when it is told to', async () => {
    const provider = start({ ...COOKIE, PLUGIN_CLIENT_CERT: self.certificate });
    const handshake = parseHandshake(await provider.line);
    const session = await open(handshake, self);
    expect(await call(session, '/tfplugin6.Provider/GetMetadata')).toBe('0');
    expect(await call(session, '/tfplugin6.Provider/GetProviderSchema')).toBe('0');
    expect(await call(session, '/tfplugin6.Provider/OpenEphemeralResource')).toBe('12');
    expect(await call(session, '/plugin.GRPCStdio/StreamStdio')).toBe('12');
    provider.child.kill('SIGINT');
    expect(await call(session, '/tfplugin6.Provider/GetMetadata')).toBe('0');
    expect(await call(session, '/plugin.GRPCController/Shutdown')).toBe('0');
    expect(await provider.ended).toEqual({ code: 0, stderr: '' });
    expect(existsSync(handshake.path)).toBe(false);
  });

  it.each([
    { name: 'without a certificate', client: undefined },
    { name: 'with another certificate than announced', client: createSelfSigned() },
  ])('refuses a client $name', async ({ client }) => {
    const provider = start({ ...COOKIE, PLUGIN_CLIENT_CERT: self.certificate });
    const handshake = parseHandshake(await provider.line);
    await expect(open(handshake, client)).rejects.toThrow();
    provider.child.kill('SIGKILL');
  });

  it('finds a place for its socket when the folder for temporary files is too deep', async () => {
    const base = mkdtempSync(join(tmpdir(), 'palette-deep-'));
    const deep = join(base, 'd'.repeat(100));
    mkdirSync(deep);
    const provider = start({ ...COOKIE, TMPDIR: deep, PLUGIN_CLIENT_CERT: self.certificate });
    const handshake = parseHandshake(await provider.line);
    expect(handshake.path.startsWith('/tmp/')).toBe(true);
    (await open(handshake, self)).destroy();
    provider.child.kill('SIGKILL');
    rmSync(base, { recursive: true });
  });

  it('honours the folder that Terraform names for the socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'palette-sock-'));
    const provider = start({ ...COOKIE, PLUGIN_UNIX_SOCKET_DIR: folder, PLUGIN_CLIENT_CERT: self.certificate });
    expect(parseHandshake(await provider.line).path.startsWith(`${folder}/`)).toBe(true);
    provider.child.kill('SIGKILL');
    await provider.ended;
    rmSync(folder, { recursive: true });
  });

  it('ends when the process that started it has died', async () => {
    // The shell stays in between and dies without a word to its child.
    const provider = start({ ...COOKIE, PLUGIN_CLIENT_CERT: self.certificate }, [
      '/bin/sh',
      '-c',
      `"${mirror.program}"; true`,
    ]);
    const handshake = parseHandshake(await provider.line);
    const session = await open(handshake, self);
    const closed = new Promise<void>((resolve) => {
      session.once('close', () => resolve());
    });
    provider.child.kill('SIGKILL');
    await closed;
    // Its end of the pipes closes when the provider has gone, too.
    await provider.ended;
    expect(existsSync(handshake.path)).toBe(false);
  });
});
