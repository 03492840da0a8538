import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';
import { z } from 'zod';

import { CliError, exitCodes } from '#cli/cli-error';
import { untilTold } from '#cli/until-told';
import { version } from '#cli/version';
import { createLogger } from '#core/log';
import { startTracing } from '#core/tracing/start';
import { PlaneConfig } from '#plane/config';
import { runPlane } from '#plane/main';

import type { PlaneRunOptions } from './plane.ts';

export async function runPlaneCommand(options: PlaneRunOptions): Promise<void> {
  const { signal } = untilTold();
  const config = await readConfig(options.config);
  const log = createLogger({ name: 'palette-plane', level: options.logLevel });
  const tracing = await startTracing({ service: 'palette-plane', version, env: process.env, log });
  try {
    await runPlane(config, { log, signal });
  } finally {
    await tracing.stop();
  }
}

/** @throws CliError that names file and field. */
async function readConfig(file: string): Promise<PlaneConfig> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${file}: the configuration cannot be read`, { cause, exitCode: exitCodes.usage });
  });
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    throw new CliError(`${file}: neither JSON nor YAML: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const parsed = PlaneConfig.safeParse(content);
  if (!parsed.success) throw new CliError(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
