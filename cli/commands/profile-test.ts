import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { CliError, exitCodes } from '#cli/cli-error';
import { cacheFolder } from '#cli/folders';
import { home, readReady, requireReady } from '#cli/local/home';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { untilTold } from '#cli/until-told';
import { jestConfig } from '#profiles/testing/jest/config';
import { SETTINGS_VARIABLE, type TestSettings } from '#profiles/testing/settings';

import type { SourceOptions } from './profile-options.ts';
import { withWorkbench } from './profile-sources.ts';

export interface TestOptions extends SourceOptions {
  readonly only?: readonly string[];
  readonly updateSnapshots?: true;
  readonly ci?: true;
}

/** Runs the Jest of a folder. @throws CliError when there is none, or a test fails. */
export async function test(dir: string, options: TestOptions): Promise<void> {
  const folder = resolve(dir);
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new CliError(`${dir}: there is no such folder`, { exitCode: exitCodes.usage });
  const jest = jestOf(folder);
  const { signal, forget } = untilTold();
  try {
    const note = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const helm = await ensureTool('helm', { signal, onProgress: note });
    const code = await run([jest, ...(await argumentsOf(folder, options))], {
      cwd: folder,
      env: { ...process.env, ...(await environmentOf(options, helm)) },
      signal,
    });
    if (code !== 0) throw new CliError('the tests did not pass');
  } finally {
    forget();
  }
}

function jestOf(folder: string): string {
  const require = createRequire(join(folder, 'package.json'));
  try {
    return join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
  } catch (cause) {
    throw new CliError(`${folder}: there is no Jest`, {
      cause,
      hint: 'Install it there: npm install --save-dev jest',
    });
  }
}

async function argumentsOf(folder: string, options: TestOptions): Promise<string[]> {
  return [
    ...((await hasJestConfig(folder)) ? [] : ['--config', JSON.stringify({ ...jestConfig(), rootDir: folder })]),
    ...(options.ci === true ? ['--ci'] : []),
    ...(options.updateSnapshots === true ? ['--updateSnapshot'] : []),
    // As every version of Jest takes them.
    ...(options.only ?? []),
  ];
}

/** Whether the folder says itself how its tests run. */
async function hasJestConfig(folder: string): Promise<boolean> {
  if (['js', 'ts', 'mjs', 'cjs', 'json'].some((ending) => existsSync(join(folder, `jest.config.${ending}`))))
    return true;
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'jest' in parsed;
  } catch (cause) {
    throw new CliError(`${join(folder, 'package.json')} is no JSON`, { cause });
  }
}

async function environmentOf(options: SourceOptions, helm: string): Promise<Record<string, string>> {
  const packs = (options.packs ?? []).map((path) => resolve(path));
  const settings: TestSettings = {
    helm,
    packs,
    cache: join(cacheFolder(), 'packs'),
    ...(options.locked === true ? { locked: true } : {}),
  };
  if (packs.length > 0) return { [SETTINGS_VARIABLE]: JSON.stringify(settings) };
  const api = await apiOf(options);
  const projectUid = options.project === undefined ? undefined : await projectUidOf(options);
  return {
    ...api,
    [SETTINGS_VARIABLE]: JSON.stringify({ ...settings, ...(projectUid === undefined ? {} : { projectUid }) }),
  };
}

/** The API as commands find it; none when there is none, for profiles that need no packs. */
async function apiOf({ home: dir, host, caFile }: SourceOptions): Promise<Record<string, string>> {
  const named = host ?? (dir === undefined ? process.env['SPECTROCLOUD_HOST'] : undefined);
  if (named !== undefined)
    return { SPECTROCLOUD_HOST: named, ...(caFile === undefined ? {} : { SPECTROCLOUD_CA_FILE: caFile }) };
  const layout = home(dir);
  const ready = dir === undefined ? await readReady(layout) : await requireReady(layout);
  return ready === undefined
    ? {}
    : { SPECTROCLOUD_HOST: ready.host, SPECTROCLOUD_APIKEY: ready.apiKey, SPECTROCLOUD_CA_FILE: ready.caFile };
}

async function projectUidOf(options: SourceOptions): Promise<string | undefined> {
  const { scope } = await withWorkbench(options, async (bench) => bench.client());
  return scope.kind === 'project' ? scope.projectUid : undefined;
}

async function run(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<number> {
  const child = spawn(process.execPath, [...args], { ...options, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented arguments
  options.signal.throwIfAborted();
  return code ?? 1;
}
