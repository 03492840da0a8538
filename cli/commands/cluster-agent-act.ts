import { writeFileAtomic } from '#cli/atomic-file';
import { CliError, exitCodes } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';

import { rethrowMissing } from './agent-releases.ts';
import { ended, tellUid } from './cluster-operate.ts';
import { findCluster, withClient } from './cluster-read.ts';
import type { ApiOptions, OutputOptions } from './options.ts';

export interface ClusterOptions extends ApiOptions, OutputOptions {
  readonly project?: string;
}

export interface UpgradeOptions extends ClusterOptions {
  readonly to: string;
  readonly wait: boolean;
  readonly timeout: string;
}

export interface ClusterUseOptions extends ClusterOptions {
  readonly none?: boolean;
}

export interface LogsOptions extends ClusterOptions {
  readonly since: string;
  readonly out?: string;
  readonly timeout: string;
}

const DIAGNOSTICS = 'diagnostics.tgz';

/** @throws CliError, ApiError */
export async function showAgent(name: string, options: ClusterOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    const { uid } = await findCluster(client, scope, name);
    const found = await client.get('/v1/spectroclusters/{uid}/agentrelease', { path: { uid }, scope });
    if (options.output === 'json') {
      writeJson(found);
      return;
    }
    write(
      formatTable(
        ['runs', 'is to run', 'plane', 'together', 'upgrades'],
        [
          [
            found.agentVersion || 'unknown',
            found.effectiveVersion ?? 'as it is',
            found.planeVersion,
            found.skew,
            found.paused ? 'paused' : 'automatic',
          ],
        ],
        '',
      ),
    );
  });
}

/** @throws CliError where the agent did not come to run the release, ApiError */
export async function upgradeAgent(name: string, options: UpgradeOptions): Promise<void> {
  const timeoutMs = secondsOf(options.timeout);
  await withClient(options, async (client, scope) => {
    const cluster = await findCluster(client, scope, name);
    const { uid: runUid } = await client
      .post('/v1/spectroclusters/{uid}/agentrelease/upgrade', {
        path: { uid: cluster.uid },
        body: { version: options.to },
        scope,
      })
      .catch(async (error: unknown) => rethrowMissing(client, options.to, error));
    if (!options.wait) {
      tellUid(runUid, options);
      return;
    }
    const action = await ended({ client, scope, uid: cluster.uid }, runUid, { timeoutMs });
    if (options.output === 'json') writeJson(action);
    else write(action.message);
  });
}

/** @throws CliError, ApiError */
export async function useForCluster(
  name: string,
  version: string | undefined,
  options: ClusterUseOptions,
): Promise<void> {
  if ((version === undefined) !== (options.none === true))
    throw new CliError('give a version, or --none', { exitCode: exitCodes.usage });
  await withClient(options, async (client, scope) => {
    const cluster = await findCluster(client, scope, name);
    await client
      .put('/v1/spectroclusters/{uid}/agentrelease', {
        path: { uid: cluster.uid },
        body: { version: version ?? '' },
        scope,
      })
      .catch(async (error: unknown) => rethrowMissing(client, version, error));
    write(`${cluster.name} ${version === undefined ? "follows the tenant's choice" : `is to run agent ${version}`}`);
  });
}

/** @throws CliError, ApiError */
export async function setPaused(name: string, paused: boolean, options: ClusterOptions): Promise<void> {
  await withClient(options, async (client, scope) => {
    const cluster = await findCluster(client, scope, name);
    await client.post('/v1/spectroclusters/{uid}/upgrade/settings', {
      path: { uid: cluster.uid },
      body: { spectroComponents: paused ? 'lock' : 'unlock' },
      scope,
    });
    write(`upgrades of the agent of ${cluster.name} ${paused ? 'are paused' : 'go on'}`);
  });
}

/** @throws CliError, ApiError */
export async function collectLogs(name: string, options: LogsOptions): Promise<void> {
  const sinceHours = Number(options.since);
  if (!Number.isInteger(sinceHours) || sinceHours < 1 || sinceHours > 24 * 14)
    throw new CliError(`--since ${options.since}: expected 1 to ${24 * 14} hours`, { exitCode: exitCodes.usage });
  const timeoutMs = secondsOf(options.timeout);
  await withClient(options, async (client, scope) => {
    const cluster = await findCluster(client, scope, name);
    const { uid: runUid } = await client.post('/v1/spectroclusters/{uid}/actions', {
      path: { uid: cluster.uid },
      body: { type: 'collect-logs', spec: { sinceHours } },
      scope,
    });
    const action = await ended({ client, scope, uid: cluster.uid }, runUid, {
      timeoutMs,
      isComplete: ({ artifacts = [] }) => artifacts.some((artifact) => artifact.name === DIAGNOSTICS),
    });
    const bytes = await client.get('/v1/spectroclusters/{uid}/actions/{runUid}/artifacts/{name}', {
      path: { uid: cluster.uid, runUid, name: DIAGNOSTICS },
      scope,
    });
    const file = options.out ?? `${cluster.name}-diagnostics.tgz`;
    await writeFileAtomic(file, bytes, 0o600);
    if (options.output === 'json') writeJson({ file, bytes: bytes.length, uid: runUid });
    else write(`${file}: ${action.message}`);
  });
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0)
    throw new CliError(`--timeout ${text}: expected seconds`, { exitCode: exitCodes.usage });
  return seconds * 1000;
}
