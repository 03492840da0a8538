import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { identify, isAlive } from '#cli/process-identity';
import { delay } from '#core/retry';
import { kubectl } from '#test/support/cluster';
import { type RunningEnvironment, execute, palette, paletteUp, temporaryFolder } from '#test/support/palette';

const START_MS = 20 * 60_000;
const pack = join(packageRoot, 'examples/packs/guardrails-1.0.0');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let home = '';
let running: RunningEnvironment;

beforeAll(async () => {
  folder = await temporaryFolder('up');
  home = join(folder.dir, 'env');
  running = await paletteUp(home);
}, START_MS);

afterAll(async () => {
  await running.stop();
  await folder.remove();
}, 60_000);

const at = async (...args: string[]): ReturnType<typeof palette> => palette([...args, '--home', home]);

async function services(): Promise<Readonly<Record<string, { readonly state: string; readonly pid?: number }>>> {
  const list = JSON.parse((await at('service', 'list', '--output', 'json')).stdout) as {
    name: string;
    state: string;
    pid?: number;
  }[]; // palette's own output
  return Object.fromEntries(list.map(({ name, ...rest }) => [name, rest]));
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  while (!(await check())) await delay(50, { signal });
}

describe('palette up', () => {
  it('starts every server, and tells where they are', async () => {
    expect(Object.keys(await services()).toSorted()).toEqual([
      'agent',
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kwok',
      'nats-server',
      'plane',
    ]);
    expect(running.ready).toMatchObject({ projectName: 'Default', pid: running.child.pid });
    expect(await kubectl(running.ready, ['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}'])).toBe('node-0');
  });

  it('gives a shell what it needs', async () => {
    const { stdout } = await execute('/bin/sh', [
      '-c',
      'eval "$1"; echo "$SPECTROCLOUD_HOST $SPECTROCLOUD_CA_FILE $KUBECONFIG $PALETTE_HOME"',
      'sh',
      (await at('env')).stdout,
    ]);
    expect(stdout.trim()).toBe([running.ready.host, running.ready.caFile, running.ready.kubeconfig, home].join(' '));
    const variables: unknown = JSON.parse((await at('env', '--output', 'json')).stdout);
    expect(variables).toMatchObject({
      SPECTROCLOUD_APIKEY: running.ready.apiKey,
      TF_CLI_CONFIG_FILE: join(home, 'terraform/terraform.rc'),
    });
  });

  it('says so when one runs already', async () => {
    const second = await at('up');
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(
      /error: an environment runs already in .* \(process \d+\)\nUse it by `eval "\$\(palette env\)"`/,
    );
  });

  it('keeps its API key out of process lists and logs', async () => {
    const commands = (await execute('ps', ['-eo', 'args'])).stdout;
    expect(commands).not.toContain(running.ready.apiKey);
    for (const name of ['plane', 'agent', 'palette-up']) {
      expect(await readFile(join(home, 'logs', `${name}.log`), 'utf8')).not.toContain(running.ready.apiKey);
    }
  });

  it('lets the agent do no more than wait before a cluster is imported', async () => {
    const can = async (...what: string[]): Promise<string> => {
      const result = await execute('/bin/sh', [
        '-c',
        '"$(node "$1" tools path kubectl)" --kubeconfig "$2" auth can-i "$3" "$4" -n "$5"',
        'sh',
        join(packageRoot, 'dist/cli/main.js'),
        join(home, 'agent/kubeconfig'),
        ...what,
      ]);
      return result.stdout.trim();
    };
    expect(await can('get', 'secrets', 'palette-system')).toBe('yes');
    expect(await can('get', 'secrets', 'kube-system')).toBe('no');
    expect(await can('create', 'deployments', 'default')).toBe('no');
  });
});

describe('palette pack', () => {
  it('pushes a pack, also twice, and lists it', async () => {
    const first = await at('pack', 'push', pack);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await at('pack', 'push', pack)).stdout).toBe(first.stdout);
    const listed: unknown = JSON.parse((await at('pack', 'list', '--output', 'json')).stdout);
    expect(listed).toEqual([expect.objectContaining({ name: 'guardrails', version: '1.0.0' })]);
  });

  it.each([
    {
      name: 'JSON that is cut off',
      file: 'pack.json',
      content: '{\n  "name": "guardrails",',
      want: /pack\.json:\d+(:\d+)?: error: /,
    },
    {
      name: 'YAML with a wrong indentation',
      file: 'values.yaml',
      content: 'pack:\n  namespace: a\n bad: [',
      want: /values\.yaml:3(:\d+)?: error: /,
    },
  ])('lint and push say file, line and reason of $name, and nothing is stored', async ({ file, content, want }) => {
    const broken = join(folder.dir, 'broken-1.0.0');
    await cp(pack, broken, { recursive: true });
    await writeFile(join(broken, file), content);
    const lint = await at('pack', 'push', broken);
    const push = await palette(['pack', 'lint', broken]);
    expect(lint.exitCode).toBe(1);
    expect(lint.stderr).toMatch(want);
    expect(push.exitCode).toBe(1);
    expect(push.stdout).toMatch(want);
    expect((await at('pack', 'list')).stdout.trim().split('\n')).toHaveLength(2);
    await rm(broken, { recursive: true });
  });

  it('says which registries there are when one is asked for that is not there', async () => {
    const result = await at('pack', 'push', pack, '--registry', 'nope');
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There are: Palette Registry') });
  });

  it('says what to set when there is no API', async () => {
    const env = {
      ...process.env,
      PALETTE_HOME: join(folder.dir, 'empty'),
      SPECTROCLOUD_HOST: '',
      SPECTROCLOUD_APIKEY: '',
    };
    const result = await palette(['pack', 'list'], { env });
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/no API to talk to\nStart an environment with `palette up`/),
    });
  });

  it('says so when the key is wrong', async () => {
    const env = {
      ...process.env,
      SPECTROCLOUD_HOST: running.ready.host,
      SPECTROCLOUD_APIKEY: 'wrong',
      SPECTROCLOUD_CA_FILE: running.ready.caFile,
    };
    const result = await palette(['cluster', 'list'], { env });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/^error: the API key is not valid[^]*401 InvalidApiKey/);
    expect(result.stderr).not.toMatch(/\n {4}at /);
  });
});

describe('servers that end', () => {
  it('are started again after kill -9, and everything accepted is still there', async () => {
    const before = await services();
    for (const name of ['plane', 'nats-server', 'agent', 'kube-apiserver', 'etcd'])
      process.kill(before[name]?.pid ?? 0, 'SIGKILL');
    await until(async () => {
      const now = await services();
      return Object.entries(now).every(
        ([name, { state, pid }]) =>
          state === 'running' &&
          (['kwok', 'kube-scheduler', 'kube-controller-manager'].includes(name) || pid !== before[name]?.pid),
      );
    });
    expect((await at('pack', 'list')).stdout).toContain('guardrails');
    expect(await kubectl(running.ready, ['get', 'nodes', '-o', 'name'])).toBe('node/node-0\n');
  }, 90_000);

  it('stay ended when they were stopped by name, until they are started', async () => {
    await at('service', 'stop', 'plane');
    expect((await services())['plane']).toEqual({ state: 'stopped' });
    expect((await at('cluster', 'list')).exitCode).toBe(1);
    expect((await at('service', 'start', 'plane')).exitCode).toBe(0);
    expect(await at('cluster', 'list')).toMatchObject({ exitCode: 0, stdout: 'no clusters\n' });
    expect(await at('service', 'stop', 'nope')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There are: '),
    });
  }, 120_000);
});

describe('state', () => {
  it('survives down and up, with the same addresses and keys', async () => {
    const down = await at('down');
    expect(down).toMatchObject({ exitCode: 0, stderr: 'stopped\n' });
    expect(running.child.exitCode).toBe(0);
    expect((await at('env')).stderr).toMatch(/no environment runs in/);
    expect(await at('down')).toMatchObject({ exitCode: 0, stderr: 'nothing runs\n' });
    const before = running.ready;
    running = await paletteUp(home);
    expect(running.ready).toEqual({ ...before, pid: running.child.pid });
    expect((await at('pack', 'list')).stdout).toContain('guardrails');
  }, 120_000);

  it('survives kill -9 of palette up itself: no server is left over, and the next one goes on', async () => {
    const children = await Promise.all(Object.values(await services()).map(async ({ pid }) => identify(pid ?? 0)));
    running.child.kill('SIGKILL');
    await until(async () => {
      const alive = await Promise.all(children.map(async (child) => child !== undefined && isAlive(child)));
      return alive.every((one) => !one);
    });
    running = await paletteUp(home);
    expect((await at('pack', 'list')).stdout).toContain('guardrails');
  }, 120_000);
});
