import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';

import { afterEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { startPlane, type Plane } from '#plane/main';
import { startWholePlane, type TestPlane } from '#test/support/plane';

const options = { log: silentLogger, signal: new AbortController().signal };

describe('the life of a plane', () => {
  let test: TestPlane | undefined;
  let second: Plane | undefined;

  afterEach(async () => {
    await second?.stop();
    await test?.stop();
    test = second = undefined;
  }, 30_000);

  const restart = async ({ config }: TestPlane): Promise<Plane> => (second = await startPlane(config, options));

  it('goes on after a restart with what it had, key included', async () => {
    test = await startWholePlane({ database: 'embedded' });
    const { uid } = await test.client().post('/v1/projects', { body: { metadata: { name: 'kept' } } });
    const before = await test.client().get('/v1/users/info');
    await test.plane.stop();
    const { port } = await restart(test);
    const client = test.client({ host: `localhost:${port}` });
    expect(await client.get('/v1/projects/{uid}', { path: { uid } })).toMatchObject({ metadata: { name: 'kept' } });
    expect(await client.get('/v1/users/info')).toEqual(before);
    expect((await client.get('/v1/dashboard/projects/metadata')).items).toHaveLength(2);
    expect((await readFile(test.config.bootstrap.apiKeyFile, 'utf8')).trim()).toBe(test.apiKey);
  }, 60_000);

  it("writes a new key when the administrator's was lost, and the old one stops working", async () => {
    test = await startWholePlane();
    await test.plane.stop();
    await rm(test.config.bootstrap.apiKeyFile);
    const { port } = await restart(test);
    const apiKey = (await readFile(test.config.bootstrap.apiKeyFile, 'utf8')).trim();
    const host = `localhost:${port}`;
    await expect(test.client({ host, apiKey }).get('/v1/users/info')).resolves.toBeDefined();
    await expect(test.client({ host }).get('/v1/users/info')).rejects.toMatchObject({ code: 'InvalidApiKey' });
  }, 60_000);

  it('refuses a second plane over the same embedded database, and the first goes on', async () => {
    test = await startWholePlane({ database: 'embedded' });
    await expect(startPlane(test.config, options)).rejects.toThrow(/another process uses this folder/);
    await expect(test.client().get('/v1/users/info')).resolves.toBeDefined();
  }, 60_000);

  it('says which address it cannot have, and lets go of what it had opened', async () => {
    test = await startWholePlane({ database: 'embedded' });
    const other = await startWholePlane({ database: 'embedded' });
    await other.plane.stop();
    const taken = { ...other.config, listen: { host: '127.0.0.1', port: test.plane.port } };
    await expect(startPlane(taken, options)).rejects.toThrow(`cannot listen on 127.0.0.1:${test.plane.port}`);
    second = await startPlane(other.config, options);
    await second.stop();
    await other.stop();
  }, 60_000);

  it('lets a running request end and ends streams when it stops', async () => {
    test = await startWholePlane();
    const { plane, apiKey, ca } = test;
    const stream = await open(plane.port, ca, { path: '/v1/events', headers: { ApiKey: apiKey } });
    stream.end();
    const streamEnd = stream.text();
    await stream.firstByte;

    const body = JSON.stringify({ metadata: { name: 'slow' } });
    const headers = { ApiKey: apiKey, 'content-type': 'application/json', 'content-length': String(body.length) };
    const slow = await open(plane.port, ca, { path: '/v1/projects', method: 'POST', headers });
    slow.write(body.slice(0, 10));
    const stopped = plane.stop();
    expect(await streamEnd).toMatch(/^: connected/);
    slow.write(body.slice(10));
    slow.end();
    expect(JSON.parse(await slow.text())).toEqual({ uid: expect.any(String) });
    await stopped;
    await expect(open(plane.port, ca, { path: '/healthz' })).rejects.toThrow(/ECONNREFUSED/);
  }, 60_000);

  it('tells whether it is alive, ready, and how it does', async () => {
    test = await startWholePlane();
    const { plane, ca } = test;
    const get = async (path: string): Promise<string> => {
      const call = await open(plane.port, ca, { path });
      call.end();
      return call.text();
    };
    expect(await get('/healthz')).toBe('ok');
    expect(await get('/readyz')).toBe('ok');
    await test.client().get('/v1/users/info');
    expect(await get('/metrics')).toMatch(
      /palette_plane_request_seconds_count\{operation="v1UsersInfoGet",status="200"\} 1/,
    );
  }, 60_000);
});

interface OpenCall {
  write(piece: string): void;
  end(): void;
  /** Resolves when the answer begins. */
  readonly firstByte: Promise<void>;
  text(): Promise<string>;
}

/** A request in the caller's hands, once the connection stands. */
async function open(
  port: number,
  ca: string,
  call: { path: string; method?: string; headers?: Record<string, string> },
): Promise<OpenCall> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: 'localhost', port, ca, agent: false, ...call });
    let began = (): void => undefined;
    const firstByte = new Promise<void>((done) => (began = done));
    const answer = new Promise<string>((done, fail) => {
      sent.once('error', fail);
      sent.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
          began();
        });
        response.once('end', () => done(text));
        response.once('error', fail);
      });
    });
    answer.catch(reject);
    sent.once('socket', (socket) =>
      socket.once('secureConnect', () =>
        resolve({ write: (piece) => sent.write(piece), end: () => sent.end(), firstByte, text: async () => answer }),
      ),
    );
    sent.flushHeaders();
  });
}
