/** Running the Go compiler, and saying in plain words why it could not do its work. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import semver from 'semver';

import { CliError } from '#cli/cli-error';

import { onSearchPath } from './find-tool.ts';

/** The oldest Go that can fetch the newer one that tools/go.mod asks for. */
const MINIMUM_GO = '1.21.0';
/** The version that tools/go.mod asks for. */
const WANTED_GO = '1.24';
/** Lines of the compiler's output that are kept for the error. */
const KEPT_LINES = 30;

/** Finds Go. @throws CliError when it is missing or too old; `forWhat` names what it is needed for. */
export async function findGo(env: NodeJS.ProcessEnv, forWhat: string): Promise<string> {
  const hint = `Install Go ${WANTED_GO} or newer (https://go.dev/doc/install, or a package such as golang-go), or put ${forWhat} on PATH.`;
  const go = await onSearchPath('go', env);
  if (go === undefined)
    throw new CliError(`${forWhat} is not on this machine, and Go, which builds it, is not on PATH`, { hint });
  // GOTOOLCHAIN=local: the version that is installed, not one that it would fetch.
  const { stdout } = await promisify(execFile)(go, ['version'], { env: { ...env, GOTOOLCHAIN: 'local' } }).catch(
    (cause: unknown) => {
      throw new CliError(`${go} does not run, and ${forWhat} has to be built with it`, { hint, cause });
    },
  );
  const version = semver.coerce(/\bgo(\d+\.\d+(\.\d+)?)/.exec(stdout)?.[1] ?? '');
  if (version !== null && semver.lt(version, MINIMUM_GO)) {
    throw new CliError(`${go} is version ${version.version}, too old to build ${forWhat}`, { hint });
  }
  return go;
}

export interface GoBuild {
  readonly go: string;
  readonly module: string;
  readonly package: string;
  readonly output: string;
  readonly linkerFlags: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Called for every package compiled and every module downloaded. */
  readonly onEvent: (event: { readonly kind: 'compiled' | 'downloaded' }) => void;
}

/**
 * Builds one executable, static and without traces of this machine, so that the build cache is
 * shared by all builds of all checkouts.
 *
 * @throws CliError that says what stopped it.
 */
export async function goBuild(options: GoBuild): Promise<void> {
  const { go, signal } = options;
  const args = [
    'build',
    '-v',
    '-trimpath',
    '-buildvcs=false',
    '-mod=readonly',
    '-ldflags',
    options.linkerFlags,
    '-o',
    options.output,
    options.package,
  ];
  const child = spawn(go, args, {
    cwd: options.module,
    // A go.work of the user's above this package is not about it.
    env: { ...options.env, CGO_ENABLED: '0', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const kept: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    if (/^[\w./-]+$/.test(line)) options.onEvent({ kind: 'compiled' });
    else if (line.startsWith('go: downloading ')) options.onEvent({ kind: 'downloaded' });
    else {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
    }
  });
  const code = await once(child, 'close').then(
    ([status]: unknown[]) => status,
    (error: unknown) => {
      signal.throwIfAborted();
      throw error;
    },
  );
  signal.throwIfAborted();
  if (code !== 0) throw explainBuildFailure(options.package, kept.join('\n'));
}

const CAUSES: readonly { readonly pattern: RegExp; readonly message: string; readonly hint: string }[] = [
  {
    pattern: /toolchain not available|requires go >= |GOTOOLCHAIN/i,
    message: 'this Go is too old, and the newer one that it needs could not be fetched',
    hint: `Install Go ${WANTED_GO} or newer (https://go.dev/doc/install).`,
  },
  {
    pattern: /no space left on device/i,
    message: 'the disk is full',
    hint: 'About 6 GB are needed for Go modules and the build cache; free some, or point GOCACHE and GOMODCACHE to a larger disk.',
  },
  {
    pattern: /signal: killed|cannot allocate memory|out of memory/i,
    message: 'the compiler ran out of memory',
    hint: 'Linking the Kubernetes servers takes about 3 GB of memory; close something, or try again with GOFLAGS=-p=1.',
  },
  {
    pattern: /SECURITY ERROR|checksum mismatch/i,
    message: 'a downloaded Go module is not the one that go.sum names',
    hint: 'Something between this machine and the Go module proxy changes what is downloaded; try `go clean -modcache`, then another network or GOPROXY.',
  },
  {
    pattern:
      /dial tcp|no such host|i\/o timeout|TLS handshake|connection re(?:fused|set)|proxyconnect|network is unreachable|x509:|reading https?:|module lookup disabled/i,
    message: 'the Go module proxy cannot be reached',
    hint: 'Check the network; behind a company proxy set HTTPS_PROXY, or GOPROXY to a mirror that you can reach. What was downloaded already is kept.',
  },
];

/** Turns what the compiler said into what the user can do. */
export function explainBuildFailure(what: string, output: string): CliError {
  const known = CAUSES.find(({ pattern }) => pattern.test(output));
  const said = output.trim() === '' ? '' : `\n${output.trim()}`;
  return known === undefined
    ? new CliError(`building ${what} failed${said}`, {
        hint: 'Try `palette tools build` again; with another Go version if it stays.',
      })
    : new CliError(`building ${what} failed: ${known.message}${said}`, { hint: known.hint });
}
