import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { z } from 'zod';

import type { AgentConfigInput } from '#agent/config';
import { LocalConfig } from '#agent/local/config';
import { ActionImages, IMAGE_NAMES } from '#agent/day2/images';
import { runAgent } from '#agent/main';
import { AGENT_VERSION } from '#agent/version';
import { CliError, exitCodes } from '#cli/cli-error';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { untilTold } from '#cli/until-told';
import { createLogger } from '#core/log';
import { startTracing } from '#core/tracing/start';

import { openLauncherLink, passTrial, takePlace } from './agent-launched.ts';
import type { AgentRunOptions } from './agent.ts';

/** What the import manifest's Deployment expects. */
const IN_CLUSTER = { host: '0.0.0.0', port: 9090 };
const ON_HOST = { host: '127.0.0.1', port: 0 };

export async function runAgentCommand(options: AgentRunOptions): Promise<void> {
  const log = createLogger({ name: 'palette-agent', level: options.logLevel });
  const link = openLauncherLink();
  const { signal } = untilTold({ isChild: link !== undefined });
  const metrics =
    options.metrics === undefined
      ? options.kubeconfig === undefined
        ? IN_CLUSTER
        : ON_HOST
      : parseAddress(options.metrics);
  const { kubeconfig, namespace, stateDir, planeCaFile, upgradesDir, releaseKeyFile } = options;
  const tracing = await startTracing({ service: 'palette-agent', version: AGENT_VERSION, env: process.env, log });
  try {
    const config = {
      helm: options.helm ?? (await ensureTool('helm', { signal, log })),
      metrics,
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(stateDir === undefined ? {} : { stateDir }),
      ...(planeCaFile === undefined ? {} : { planeCaFile }),
      images: parseImages(options.image ?? [], options.pinnedImages ?? false),
      ...(releaseKeyFile === undefined ? {} : { releaseKeyFile }),
      ...etcdAccess(options),
      ...(await localSettings(options)),
    };
    if (link && !(await passTrial(link, config, { log, signal }))) return;
    const launcher = link && upgradesDir !== undefined ? { dir: resolve(upgradesDir), link } : undefined;
    const place = launcher && (await takePlace(launcher.dir, { log, signal }));
    try {
      await runAgent(config, { log, signal, launcher });
    } finally {
      await place?.release();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await tracing.stop();
    link?.close();
  }
}

function etcdAccess({
  etcd: endpoint,
  etcdCaFile: caFile,
  etcdCertFile: certFile,
  etcdKeyFile: keyFile,
}: AgentRunOptions): Pick<AgentConfigInput, 'etcd'> {
  if (endpoint === undefined) return {};
  return {
    etcd: {
      endpoint,
      ...(caFile === undefined ? {} : { caFile }),
      ...(certFile === undefined ? {} : { certFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
    },
  };
}

/** Inside a cluster there is one, for who may forward a port to the pod; elsewhere where it is asked for. */
async function localSettings({
  kubeconfig,
  local,
  localConfig,
}: AgentRunOptions): Promise<Pick<AgentConfigInput, 'local'>> {
  if (local === 'off' || (local === undefined && localConfig === undefined && kubeconfig !== undefined)) return {};
  const address = local === undefined ? {} : parseAddress(local, '--local');
  if (localConfig === undefined) return { local: address };
  const text = await readFile(localConfig, 'utf8').catch((cause: unknown) => {
    throw new CliError(`--local-config ${localConfig}: it cannot be read`, { cause, exitCode: exitCodes.usage });
  });
  const { parse } = await import('yaml');
  const parsed = LocalConfig.strict().safeParse(parse(text));
  if (!parsed.success)
    throw new CliError(`--local-config ${localConfig}: it is not as expected:\n${z.prettifyError(parsed.error)}`, {
      exitCode: exitCodes.usage,
    });
  return { local: { ...parsed.data, ...address } };
}

/** @throws CliError for a name that no tool has */
function parseImages(given: readonly string[], pinnedOnly: boolean): ActionImages {
  const parts = given.map((part) => {
    const [, name = '', image = ''] = /^([A-Za-z0-9]+)=(.+)$/.exec(part) ?? [];
    if (!IMAGE_NAMES.some((known) => known === name))
      throw new CliError(`--image ${part}: expected name=image, with a name of: ${IMAGE_NAMES.join(', ')}`, {
        exitCode: exitCodes.usage,
      });
    return [name, image] as const;
  });
  return ActionImages.parse({ ...Object.fromEntries(parts), pinnedOnly });
}

function parseAddress(text: string, option = '--metrics'): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new CliError(`${option} ${text}: not host:port`, { exitCode: exitCodes.usage });
  return { host, port: Number(port) };
}
