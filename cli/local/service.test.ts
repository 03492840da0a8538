import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { identify, isAlive } from '#cli/process-identity';
import { silentLogger } from '#core/log';
import { delay } from '#core/retry';

import { startChild } from './child.ts';
import { startGuard } from './guard.ts';
import { endLeftovers, recordProcesses } from './leftovers.ts';
import { rotateFolder } from './log-rotation.ts';
import { Service, type ServiceSpec } from './service.ts';

let dir = '';
const signal = AbortSignal.timeout(60_000);
const started: Service[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-service-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(async (service) => service.stop()));
  await rm(dir, { recursive: true, force: true });
});

/** A server in shell: ready when its file `up` is there. */
function service(script: string, change: Partial<ServiceSpec> & { readonly keepRunning?: boolean } = {}): Service {
  const made = new Service(
    {
      name: 'server',
      command: '/bin/sh',
      args: ['-c', script, 'sh', dir],
      logFile: join(dir, 'server.log'),
      probe: async () => existsSync(join(dir, 'up')),
      readyWithinMs: 10_000,
      graceMs: 2_000,
      ...change,
    },
    { log: silentLogger, keepRunning: change.keepRunning ?? false },
  );
  started.push(made);
  return made;
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await delay(10, { signal });
}

const SERVER = 'echo $$ >> "$1/pids"; touch "$1/up"; while :; do sleep 0.1; done';

describe('a service', () => {
  it('is running once its probe says so, and gone with all it started after stop', async () => {
    const server = service('sleep 600 & echo $! > "$1/helper"; touch "$1/up"; wait');
    await server.start({ signal });
    expect(server.state()).toEqual({ kind: 'running', pid: server.pid() });
    const helper = await identify(Number(await readFile(join(dir, 'helper'), 'utf8')));
    await server.stop();
    expect(server.state()).toEqual({ kind: 'stopped' });
    await until(async () => helper === undefined || !(await isAlive(helper)));
  });

  it('tells why when it ends before it is ready', async () => {
    const server = service('echo "bind: address already in use" >&2; exit 3');
    await expect(server.start({ signal })).rejects.toThrow(
      'server ended while it started (exit code 3):\nbind: address already in use',
    );
    expect(server.state()).toEqual({ kind: 'stopped' });
  });

  it('tells it when it is not ready in time, and ends it', async () => {
    const server = service('echo working; while :; do sleep 0.1; done', { readyWithinMs: 100 });
    await expect(server.start({ signal })).rejects.toThrow('server is not ready after 0.1 s:\nworking');
    expect(server.pid()).toBeUndefined();
  });

  it('tells it when the command is not there', async () => {
    await expect(service('', { command: join(dir, 'nothing') }).start({ signal })).rejects.toThrow(
      'server cannot be started: spawn',
    );
  });

  it('is started again when it ends by itself', async () => {
    const server = service(SERVER, { keepRunning: true });
    await server.start({ signal });
    const first = server.pid();
    server.kill('SIGKILL');
    await until(() => server.state().kind === 'running' && server.pid() !== first && server.pid() !== undefined);
    // The file that the probe looks for is there from the first time: the second process may have said nothing yet.
    await until(async () => (await readFile(join(dir, 'pids'), 'utf8')).trim().split('\n').length >= 2);
    expect((await readFile(join(dir, 'pids'), 'utf8')).trim().split('\n')).toHaveLength(2);
  });

  it('is ready again after a restart by SIGKILL, as another process', async () => {
    const server = service(SERVER, { keepRunning: true });
    await server.start({ signal });
    const first = server.pid();
    await server.restart('SIGKILL', { signal });
    expect(server.state().kind).toBe('running');
    expect(server.pid()).not.toBe(first);
  });

  it('stays stopped after stop, also when it was about to be started again', async () => {
    const server = service(SERVER, { keepRunning: true });
    await server.start({ signal });
    server.kill('SIGKILL');
    await until(() => server.state().kind === 'restarting');
    await server.stop();
    expect(server.state()).toEqual({ kind: 'stopped' });
    expect(server.pid()).toBeUndefined();
  });

  it('is killed when it does not care about SIGTERM', async () => {
    const server = service('trap "" TERM; touch "$1/up"; while :; do sleep 0.1; done', { graceMs: 200 });
    await server.start({ signal });
    await server.stop();
    expect(server.pid()).toBeUndefined();
  });
});

describe('the guard', () => {
  it('ends what is left when its owner is ended by SIGKILL', async () => {
    // The owner is a process of its own: it starts a guard, gives it a group, and hangs.
    const script = `
      const { spawn } = require('node:child_process');
      const guard = spawn('/bin/sh', ['-c', process.argv[1], 'guard', '', ''], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
      const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
      guard.stdin.write('add ' + child.pid + '\\n', () => console.log(child.pid));
      setInterval(() => {}, 1000);`;
    const { GUARD_SCRIPT } = await import('./guard.ts');
    const owner = spawn(process.execPath, ['-e', script, GUARD_SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer]; // one line, written above
    const child = await identify(Number(line.toString('utf8')));
    expect(child).toBeDefined();
    owner.kill('SIGKILL');
    await until(async () => child === undefined || !(await isAlive(child)));
  });

  it('leaves alone what was taken from it', async () => {
    const guard = startGuard();
    const child = await startChild(
      { name: 'sleep', command: 'sleep', args: ['600'], logFile: join(dir, 'sleep.log') },
      { guard },
    );
    guard.remove(child.pid);
    expect(child.running()).toBe(true);
    await child.stop(1_000);
  });
});

describe('leftovers of a former run', () => {
  it('are ended; a process that only has the same number is not', async () => {
    const file = join(dir, 'processes.json');
    const left = await startChild({ name: 'left', command: 'sleep', args: ['600'], logFile: join(dir, 'left.log') });
    const other = await startChild({ name: 'other', command: 'sleep', args: ['600'], logFile: join(dir, 'other.log') });
    const record = recordProcesses(file, silentLogger);
    record.update({ left: left.pid });
    await record.close();
    const recorded: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(
      file,
      JSON.stringify([
        ...(Array.isArray(recorded) ? recorded : []),
        { name: 'other', pid: other.pid, started: 'before' },
      ]),
    );
    await endLeftovers(file, { log: silentLogger, signal });
    await left.exited;
    expect(other.running()).toBe(true);
    await other.stop(1_000);
  });
});

describe('log files', () => {
  it('are cut when they are too large, and their writer goes on', async () => {
    const file = join(dir, 'server.log');
    await writeFile(file, 'x'.repeat(100));
    await rotateFolder(dir, 50);
    expect((await stat(file)).size).toBe(0);
    expect((await stat(`${file}.1`)).size).toBe(100);
    await truncate(file, 10);
    await rotateFolder(dir, 50);
    expect((await stat(file)).size).toBe(10);
  });
});
