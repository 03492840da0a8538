import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ensureTool } from '#cli/toolchain/ensure-tool';
import { execute, palette, temporaryFolder } from '#test/support/palette';

const signal = AbortSignal.timeout(20 * 60_000);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('toolchain');
});
afterAll(async () => {
  await folder.remove();
});

/** An environment in which only what is in these folders of the test can be found, and nothing is cached yet. */
const machine = (path: readonly string[], change: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: ['/nowhere', ...path].join(':'),
  KUBEBUILDER_ASSETS: '',
  PALETTE_CACHE: join(folder.dir, 'cache'),
  ...change,
});

async function fakeGo(name: string, script: string): Promise<string> {
  const dir = join(folder.dir, name);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'go'), `#!/bin/sh\n${script}\n`);
  await chmod(join(dir, 'go'), 0o755);
  return dir;
}

describe('what palette says when a server cannot be had', () => {
  it('names the server and how to get Go, when Go is missing', async () => {
    const result = await palette(['tools', 'path', 'nats-server'], { env: machine([]) });
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toMatch(
      /^error: nats-server is not on this machine, and Go, which builds it, is not on PATH\nInstall Go 1\.24 or newer/,
    );
  });

  it('names the version of a Go that is too old', async () => {
    const go = await fakeGo('old-go', 'echo go version go1.19.8 linux/amd64');
    const result = await palette(['tools', 'path', 'helm'], { env: machine([go]) });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/error: .*old-go\/go is version 1\.19\.8, too old to build helm\nInstall Go 1\.24/);
  });

  it('says that the registry of Go modules cannot be reached, and leaves nothing behind', async () => {
    // The real compiler, without modules on disk and with a proxy that nobody serves.
    const go = (await execute('/bin/sh', ['-c', 'command -v go'])).stdout.trim();
    const env = machine([dirname(go), '/usr/bin', '/bin'], {
      GOMODCACHE: join(folder.dir, 'modules'),
      GOFLAGS: '-modcacherw',
      GOPROXY: 'http://127.0.0.1:1',
      GOTOOLCHAIN: 'local',
    });
    const result = await palette(['tools', 'path', 'nats-server'], { env });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(
      /error: building github\.com\/nats-io\/nats-server\/v2 failed: the Go module proxy cannot be reached\n[^]*connection refused[^]*HTTPS_PROXY/,
    );
    expect(await readdir(join(folder.dir, 'cache/tools'))).toEqual([]);
  }, 120_000);

  it('knows every tool by name', async () => {
    const result = await palette(['tools', 'path', 'docker']);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('There are: etcd, kube-apiserver,') });
  });
});

describe('building a server', () => {
  it('happens once, however many processes want it at the same time', async () => {
    const cache = join(folder.dir, 'shared-cache');
    // A compiler that writes down each of its runs and makes an executable.
    const go = await fakeGo(
      'counting-go',
      [
        'if [ "$1" = version ]; then echo go version go1.26.0 linux/amd64; exit; fi',
        `echo run >> '${join(folder.dir, 'runs')}'`,
        'while [ "$1" != -o ]; do shift; done',
        'printf "#!/bin/sh\\necho nats-server: v2.12.0\\n" > "$2"; chmod 755 "$2"; sleep 0.5',
      ].join('\n'),
    );
    const env = machine([go, '/usr/bin', '/bin'], { PALETTE_CACHE: cache, PATH: `${go}:/usr/bin:/bin` });
    const results = await Promise.all([1, 2, 3].map(async () => palette(['tools', 'path', 'nats-server'], { env })));
    const paths = new Set(results.map(({ stdout }) => stdout.trim()));
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(paths.size).toBe(1);
    expect((await execute('cat', [join(folder.dir, 'runs')])).stdout).toBe('run\n');
    expect(results.map(({ stderr }) => stderr).join('')).toMatch(/process \d+ builds it already, waiting/);
  }, 60_000);

  it(
    'gives servers of the pinned version',
    async () => {
      const kubectl = await ensureTool('kubectl', { signal });
      expect((await execute(kubectl, ['version', '--client', '-o', 'json'])).stdout).toMatch(
        /"gitVersion": "v1\.3[345]\./,
      );
      const apiserver = await ensureTool('kube-apiserver', { signal });
      expect((await execute(apiserver, ['--version'])).stdout).toMatch(/^Kubernetes v1\.34\./);
    },
    20 * 60_000,
  );

  it.each([
    { name: 'crossplane', args: ['--version'], says: /^v2\.1\.\d+\n$/ },
    { name: 'crank', args: ['version', '--client'], says: /^Client Version: v2\.1\.\d+\n$/ },
    { name: 'ociregistry', args: ['--version'], says: /^ociregistry v0\.20\.\d+\n$/ },
  ] as const)(
    'gives Crossplane of the pinned version: $name',
    async ({ name, args, says }) => {
      expect((await execute(await ensureTool(name, { signal }), args)).stdout).toMatch(says);
    },
    20 * 60_000,
  );
});
