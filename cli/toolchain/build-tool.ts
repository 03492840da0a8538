/** Building a tool into the cache: once per version on a machine, however many processes want it. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { lock } from '#cli/file-lock';

import { findGo, goBuild } from './go.ts';
import { type Build, linkerFlags } from './tools.ts';

/** Milliseconds between two lines about a build that goes on. */
const PROGRESS_INTERVAL_MS = 15_000;

export interface BuildOptions {
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /** Called before a build starts, not when it is in the cache. */
  readonly onBuild?: () => void;
}

/** The folder in the cache where this very build belongs: another version, pin, flag or platform is another folder. */
export async function buildFolder(build: Build, cache: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(build.module, file)));
  if (build.package.startsWith('./')) {
    const folder = join(build.module, build.package);
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.go')).toSorted())
      hash.update(await readFile(join(folder, file)));
  }
  const key = hash.update(linkerFlags(build)).digest('hex').slice(0, 12);
  return join(cache, 'tools', `${build.binary}-${build.version}-${process.platform}-${process.arch}-${key}`);
}

/**
 * The folder with the executable, and links to it under the names of its components; built when
 * it is not there.
 *
 * @throws CliError when Go is missing or the build fails.
 */
export async function buildTool(build: Build, options: BuildOptions): Promise<string> {
  const folder = await buildFolder(build, options.cache);
  if (existsSync(folder)) return folder;
  await mkdir(join(options.cache, 'tools'), { recursive: true });
  const held = await lock(`${folder}.lock`, {
    signal: options.signal,
    onWait: (pid) => options.onProgress(`${build.binary} ${build.version}: process ${pid} builds it already, waiting`),
  });
  try {
    if (!existsSync(folder)) await buildInto(folder, build, options);
  } finally {
    await held.release();
  }
  return folder;
}

/** The folder gets its name when it is complete: a build that was interrupted leaves none. */
async function buildInto(folder: string, build: Build, options: BuildOptions): Promise<void> {
  const go = await findGo(options.env, build.links.length === 0 ? build.binary : build.links.join(', '));
  options.onBuild?.();
  const partial = await mkdtemp(`${folder}.partial-`);
  const started = Date.now();
  const seen = { compiled: 0, downloaded: 0 };
  const name = `${build.binary} ${build.version}`;
  const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  options.onProgress(
    `${name}: building, once on this machine (about ${duration(build.cold.seconds)} on two cores when nothing of it is cached)`,
  );
  const timer = setInterval(() => {
    const doing =
      seen.compiled > 0 || seen.downloaded === 0
        ? `${seen.compiled} of at most ${build.cold.packages} packages compiled`
        : `${seen.downloaded} modules downloaded`;
    options.onProgress(`${name}: ${doing} after ${elapsed()}`);
  }, PROGRESS_INTERVAL_MS);
  try {
    await goBuild({
      go,
      module: build.module,
      package: build.package,
      output: join(partial, build.binary),
      linkerFlags: linkerFlags(build),
      env: options.env,
      signal: options.signal,
      onEvent: ({ kind }) => seen[kind]++,
    });
    for (const link of build.links) await symlink(build.binary, join(partial, link));
    await rename(partial, folder);
    options.onProgress(`${name}: built in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(partial, { recursive: true, force: true });
  }
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
