import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Logger } from '#core/log';
import type { RunningTracing } from '#core/tracing/start';
import { installTracer } from '#core/tracing/trace';
import { wantsTracing } from '#core/tracing/wants-tracing';
import { dataSources, resources } from '#resources/registry';

import type * as Tracing from './tracing.ts';
import { encodedSchema } from './encoded-schema.ts';
import { guardProcess } from './log/guard-process.ts';
import { createHclog, logLevel } from './log/hclog.ts';
import { serve } from './serve.ts';
import { whoStarted, startedByHandMessage } from './transport/handshake.ts';
import { removeSocket } from './transport/socket.ts';
import { providerVersion } from './version.ts';

const ORPHAN_CHECK_MS = 2000;

/** The program that Terraform and OpenTofu start. */
async function main(): Promise<void> {
  const version = providerVersion();
  const starter = whoStarted(process.env);
  if (starter.kind === 'hand') {
    process.stderr.write(startedByHandMessage(version));
    process.exitCode = 1;
    return;
  }
  if (starter.kind === 'incompatible') {
    process.stderr.write(
      `This provider speaks plugin protocol 6, Terraform offers ${starter.offered}: use Terraform 1.1 or newer, or OpenTofu.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const writeError = (text: string): void => {
    // On a pipe this is synchronous, so that the last words before an exit arrive.
    process.stderr.write(text);
  };
  const log = createHclog({ level: logLevel(process.env), write: writeError });
  let path: string | undefined;
  let tracing: RunningTracing | undefined;
  const cleanUp = (): void => {
    if (path !== undefined) removeSocket(path);
  };
  guardProcess({ process, console, log, writeError, onExit: cleanUp });
  // When Terraform dies without a word, nobody else ends its children. Its connection ends a moment before the
  // provider gets another parent, or there was none yet: hence the look now and then.
  const parent = process.ppid;
  const isOrphaned = (): boolean => process.ppid !== parent;
  const end = (): void => {
    void served
      .close()
      .then(async () => tracing?.stop())
      .finally(() => process.exit(0));
  };
  setInterval(() => {
    if (isOrphaned()) end();
  }, ORPHAN_CHECK_MS).unref();
  const served = await serve({
    provider: {
      resources,
      dataSources,
      encodedSchema,
      loadClient: async () => (await import('#openapi/client/index')).createClient,
      env: process.env,
      log,
      version,
    },
    clientCertificate: starter.clientCertificate,
    env: process.env,
    isOrphaned,
    onEnd: end,
  });
  path = served.path;
  process.on('exit', cleanUp);
  process.stdout.write(served.handshake);
  // Terraform connects meanwhile, and nothing that it asks is read before this is done.
  if (wantsTracing(process.env)) tracing = await startProviderTracing(version, log);
}

/** The bundle beside this one; where it is missing, nothing is traced. */
async function startProviderTracing(version: string, log: Logger): Promise<RunningTracing | undefined> {
  const file = join(import.meta.dirname, 'tracing.cjs');
  try {
    // as: the file is built of this very module
    const { startTracing } = createRequire(file)(file) as typeof Tracing;
    const service = 'terraform-provider-spectrocloud';
    return await startTracing({
      service,
      version,
      env: process.env,
      log,
      processSpan: 'terraform',
      install: installTracer,
    });
  } catch (error) {
    log.warn({ error }, 'traces are asked for and cannot be had');
    return undefined;
  }
}

void main();
