/** Looking for a tool that is on this machine already. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

import semver from 'semver';

import { type Tool, type ToolName, tools } from './tools.ts';

/** Milliseconds a tool may take to say its version. */
const VERSION_TIMEOUT_MS = 10_000;

export type Found =
  | { readonly kind: 'found'; readonly path: string; readonly version: string }
  /** There, but another version than is needed; `reason` is a sentence for the user. */
  | { readonly kind: 'passed-over'; readonly path: string; readonly reason: string }
  | { readonly kind: 'absent' };

/** Looks on PATH, then in KUBEBUILDER_ASSETS (where envtest keeps a control plane). */
export async function findTool(
  name: ToolName,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<Found> {
  let passedOver: Found = { kind: 'absent' };
  for (const path of await candidates(name, env)) {
    const found = await judge(tools[name], path, signal);
    if (found.kind === 'found') return found;
    passedOver = found;
  }
  return passedOver;
}

/** The first of that name on PATH, and the one in KUBEBUILDER_ASSETS. */
async function candidates(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const onPath = await onSearchPath(name, env);
  const assets = env['KUBEBUILDER_ASSETS'];
  const inAssets = assets && (await isExecutable(join(assets, name))) ? join(assets, name) : undefined;
  return [onPath, inAssets].filter((path) => path !== undefined);
}

/** The first executable of that name in a folder of PATH; relative folders do not count. */
export async function onSearchPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (isAbsolute(folder) && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function judge(tool: Tool, path: string, signal: AbortSignal): Promise<Found> {
  const passedOver = (what: string): Found => ({
    kind: 'passed-over',
    path,
    reason: `${path} is passed over: it ${what}, ${tool.range} is needed`,
  });
  let output: string;
  try {
    output = (await promisify(execFile)(path, [...tool.versionArgs], { timeout: VERSION_TIMEOUT_MS, signal })).stdout;
  } catch {
    signal.throwIfAborted();
    return passedOver('does not tell its version');
  }
  // Suffixes such as "+k3s1" or "-dispatcher" are the packager's: only the numbers count.
  const version = /\bv?(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined) return passedOver('does not tell its version');
  return semver.satisfies(version, tool.range) ? { kind: 'found', path, version } : passedOver(`is version ${version}`);
}
