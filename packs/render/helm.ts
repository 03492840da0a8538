import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Files } from '../files.ts';
import { localChart } from './local-chart.ts';

/** One run of `helm template`. */
export interface HelmRun {
  /** Files of the chart, `Chart.yaml` at the root. */
  readonly chart: Files;
  readonly releaseName: string;
  readonly namespace: string;
  /** Values as JSON, which is YAML too. */
  readonly values: string;
  /** Such as `1.34.1`; with it Helm needs no cluster. */
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export type HelmOutcome =
  | { readonly kind: 'rendered'; readonly yaml: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-much-memory' }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface HelmOptions {
  /** Path of the helm executable (version 3). */
  readonly helm: string;
  /** Directory for short-lived private directories. */
  readonly workDir: string;
  readonly timeoutMs: number;
  /** Most bytes of standard output. */
  readonly maxOutputBytes: number;
  /** Most bytes of memory, where the system tells how many there are (Linux). */
  readonly maxMemoryBytes: number;
  readonly signal: AbortSignal;
}

/** Names of private directories begin so. */
const PREFIX = 'render-';

/** A chart's templates may make text without end before Helm writes the first of it. */
const WATCH_MS = 50;
const PAGE_BYTES = 4096;

/** Resident memory of a process; 0 where that is not known. */
async function memoryOf(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(text.split(' ')[1] ?? 0) * PAGE_BYTES;
}

const NOWHERE = 'http://127.0.0.1:9';

/** Helm's complaints are short; what is longer is a chart that prints. */
const MAX_STDERR = 64 * 1024;

/**
 * Runs `helm template` on a chart in a private directory that is removed afterwards. Values go
 * through a file only the owner can read, never the command line. Helm sees an empty home, no
 * kubeconfig, no plugins, no repositories and no network.
 *
 * @throws the signal's reason when it is aborted; Helm is killed then, as after a time-out.
 */
export async function helmTemplate(run: HelmRun, options: HelmOptions): Promise<HelmOutcome> {
  options.signal.throwIfAborted();
  await mkdir(options.workDir, { recursive: true, mode: 0o700 });
  // mkdtemp makes directories with mode 0700.
  const directory = await mkdtemp(join(options.workDir, PREFIX));
  try {
    const chart = join(directory, 'chart');
    await writeChart(chart, await localChart(run.chart));
    const values = join(directory, 'values.json');
    await writeFile(values, run.values, { mode: 0o600, flag: 'wx' });
    const args = [
      'template',
      run.releaseName,
      chart,
      '--namespace',
      run.namespace,
      '--values',
      values,
      '--include-crds',
      '--kube-version',
      run.kubeVersion,
      ...run.apiVersions.flatMap((version) => ['--api-versions', version]),
    ];
    return await execute(args, directory, options);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Age after which a private directory is one that a killed process left behind, in milliseconds. */
const STALE_MS = 60 * 60 * 1000;

/** Removes what processes that were killed left behind: values may be in there. */
export async function removeStale(workDir: string, now: number = Date.now()): Promise<void> {
  const entries = await readdir(workDir).catch(() => []);
  for (const name of entries) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(workDir, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function writeChart(root: string, files: Files): Promise<void> {
  const made = new Set<string>();
  for (const [path, content] of files) {
    const target = join(root, path);
    const parent = dirname(target);
    if (!made.has(parent)) {
      await mkdir(parent, { recursive: true, mode: 0o700 });
      made.add(parent);
    }
    await writeFile(target, content, { mode: 0o600, flag: 'wx' });
  }
}

async function execute(args: readonly string[], home: string, options: HelmOptions): Promise<HelmOutcome> {
  const { signal } = options;
  const outcome = await new Promise<HelmOutcome>((resolve) => {
    const child = spawn(options.helm, args, {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        HOME: home,
        TMPDIR: home,
        PATH: '',
        HELM_CACHE_HOME: join(home, 'cache'),
        HELM_CONFIG_HOME: join(home, 'config'),
        HELM_DATA_HOME: join(home, 'data'),
        HELM_PLUGINS: join(home, 'plugins'),
        KUBECONFIG: join(home, 'no-kubeconfig'),
        // Nothing listens there: what a chart names outside of itself is not fetched.
        HTTP_PROXY: NOWHERE,
        HTTPS_PROXY: NOWHERE,
        ALL_PROXY: NOWHERE,
        // Go gives memory back before it takes this much.
        GOMEMLIMIT: `${Math.floor(options.maxMemoryBytes * 0.8)}`,
      },
    });
    const output: Buffer[] = [];
    let size = 0;
    let complaint = '';
    let ended: HelmOutcome | undefined;
    const stop = (why: HelmOutcome): void => {
      ended ??= why;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => stop({ kind: 'timeout' });
    const timer = setTimeout(() => stop({ kind: 'timeout' }), options.timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    const watch = setInterval(() => {
      void memoryOf(child.pid).then((bytes) => {
        if (bytes > options.maxMemoryBytes) stop({ kind: 'too-much-memory' });
      });
    }, WATCH_MS);
    const finish = (result: HelmOutcome): void => {
      clearTimeout(timer);
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      resolve(ended ?? result);
    };

    child.stdout.on('data', (part: Buffer) => {
      size += part.byteLength;
      if (size > options.maxOutputBytes) stop({ kind: 'too-large' });
      else output.push(part);
    });
    child.stderr.on('data', (part: Buffer) => {
      if (complaint.length < MAX_STDERR) complaint += part.toString('utf8');
    });
    child.on('error', (error) => finish({ kind: 'unavailable', message: error.message }));
    child.on('close', (code) => {
      finish(
        code === 0
          ? { kind: 'rendered', yaml: Buffer.concat(output).toString('utf8') }
          : { kind: 'refused', message: complaint.replaceAll(home, '').trim() },
      );
    });
  });
  signal.throwIfAborted();
  return outcome;
}
