/** A real nats-server for tests, in a temporary folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import { ensureOperator, natsServerConfig, type Operator } from '#plane/bus/operator';

export interface TestNats {
  readonly url: string;
  readonly dir: string;
  readonly operator: Operator;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

async function natsBinary(): Promise<string> {
  const override = process.env['PALETTE_TEST_NATS'];
  if (override) return override;
  return ensureTool('nats-server', { log: silentLogger, signal: AbortSignal.timeout(600_000) });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Waits until `check` holds. @throws Error with `what` after `timeoutMs`. */
export async function eventually(
  what: string,
  check: () => Promise<boolean> | boolean,
  timeoutMs = 15_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`did not happen in ${timeoutMs} ms: ${what}`);
    await sleep(25);
  }
}

/** Starts a nats-server in operator mode with JetStream; the same folder and port through restarts. */
export async function startNats(): Promise<TestNats> {
  const binary = await natsBinary();
  const dir = await mkdtemp(join(tmpdir(), 'palette-nats-'));
  const operator = await ensureOperator(join(dir, 'operator'));
  const port = await freePort();
  const monitorPort = await freePort();
  const config = join(dir, 'nats.conf');
  await writeFile(
    config,
    natsServerConfig({
      operator,
      listen: { host: '127.0.0.1', port },
      storeDir: join(dir, 'jetstream'),
      resolverDir: join(dir, 'accounts'),
      monitorPort,
    }),
    { mode: 0o600 },
  );
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(binary, ['-c', config], { stdio: 'ignore' });
    await eventually('nats-server is healthy', async () => {
      const answer = await fetch(`http://127.0.0.1:${monitorPort}/healthz`).catch(() => undefined);
      return answer?.ok ?? false;
    });
  };
  const kill = async (): Promise<void> => {
    const running = child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    dir,
    operator,
    kill,
    start,
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
