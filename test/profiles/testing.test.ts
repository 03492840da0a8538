/** `palette profile test` in folders of users: with Jest alone, and with a configuration of their own. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { palette } from '../support/palette.ts';

jest.setTimeout(180_000);

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

const PROFILE = `import { addon, defineProfile, manifests, noPrivilegedPods, variable } from 'palette-iac/profiles';

const replicas = variable('replicas', { format: 'number', default: 2 });

export const shop = defineProfile({
  name: 'shop',
  variables: [replicas, variable('greeting', { default: 'hello' })],
  policies: [noPrivilegedPods()],
  layers: [
    addon({ pack: 'hello-chart', version: '1.x', values: { charts: { hello: { replicas } } } }),
    manifests({ name: 'config', manifests: { map: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'default' } } } }),
  ],
});
`;

const TEST = `import { render, snapshotOf } from 'palette-iac/profiles/testing';
import { noLatestTag } from 'palette-iac/profiles';
import { shop } from './profile.ts';

describe('the shop', () => {
  it('runs twice, and as often as it is told', async () => {
    await expect(shop).toRenderObject('Deployment hello/hello-chart', { spec: { replicas: 2 } });
    const rendered = await render(shop, { variables: { replicas: '3' } });
    expect(rendered).toRenderObject({ kind: 'Deployment', layer: 'hello-chart' }, { spec: { replicas: 3 } });
    expect(rendered).not.toRenderObject('Ingress');
  });

  it('keeps its policies and what it was', async () => {
    await expect(shop).toPassPolicy();
    await expect(shop).toPassPolicy(noLatestTag());
    expect(snapshotOf(await render(shop), 'ConfigMap')).toMatchSnapshot();
  });
});
`;

async function project(
  name: string,
  files: Readonly<Record<string, string>>,
  { withJest = true } = {},
): Promise<string> {
  const dir = join(folder, name);
  await mkdir(join(dir, 'node_modules'), { recursive: true });
  if (withJest) await symlink(join(root, 'node_modules', 'jest'), join(dir, 'node_modules', 'jest'));
  for (const [file, content] of Object.entries(files)) await writeFile(join(dir, file), content);
  return dir;
}

/** At a desk without colours, wherever these tests run: in CI Jest writes no snapshots. */
const test = async (dir: string, ...args: readonly string[]) =>
  palette(['profile', 'test', '.', '--packs', join(root, 'examples/packs'), ...args], {
    cwd: dir,
    env: { ...process.env, CI: 'false', NO_COLOR: '1' },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-testing-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('palette profile test', () => {
  it('runs tests in TypeScript in a folder that has nothing but Jest', async () => {
    const dir = await project('plain', { 'profile.ts': PROFILE, 'shop.test.ts': TEST });
    const first = await test(dir);
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Tests:       2 passed, 2 total') });
    const snapshot = join(dir, '__snapshots__', 'shop.test.ts.snap');
    expect(await readFile(snapshot, 'utf8')).toContain('"config: ConfigMap default/m"');
    // What is rendered differs: the snapshot says so, and can be written anew.
    await writeFile(join(dir, 'profile.ts'), PROFILE.replace("name: 'm'", "name: 'n'"));
    const second = await test(dir, '--ci');
    expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('1 snapshot failed') });
    expect(second.stderr).toContain('error: the tests did not pass');
    expect(await test(dir, '--update-snapshots', '--only', 'shop')).toMatchObject({ exitCode: 0 });
  });

  it('shows what is wrong with line and object', async () => {
    const dir = await project('failing', {
      'profile.ts': PROFILE,
      'shop.test.ts': TEST.replace('{ replicas: 2 }', '{ replicas: 5 }'),
    });
    const { exitCode, stderr } = await test(dir);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Deployment hello/hello-chart differs, found → expected:\n      ~ spec.replicas: 2 → 5');
    expect(stderr).toMatch(/> {2}7 \|.*toRenderObject/);
  });

  it('says which pack is missing', async () => {
    const dir = await project('missing', {
      'profile.ts': PROFILE.replace('hello-chart', 'hallo-chart'),
      'shop.test.ts': TEST,
    });
    const { exitCode, stderr } = await test(dir);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the pack hallo-chart is not in the folder');
  });

  it("works with a folder's own configuration and the preset", async () => {
    const dir = await project('preset', {
      'package.json': JSON.stringify({
        jest: { preset: 'palette-iac/profiles/testing', testMatch: ['**/*.check.ts'] },
      }),
      'profile.ts': PROFILE,
      'shop.check.ts': TEST,
    });
    await symlink(root, join(dir, 'node_modules', 'palette-iac'));
    expect(await test(dir)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('Tests:       2 passed, 2 total'),
    });
  });

  it('says how to get Jest, and what is no folder', async () => {
    const dir = await project('bare', { 'profile.ts': PROFILE }, { withJest: false });
    expect(await test(dir)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('npm install --save-dev jest'),
    });
    expect(await palette(['profile', 'test', join(dir, 'nowhere')])).toMatchObject({ exitCode: 2 });
    await expect(access(join(dir, '__snapshots__'))).rejects.toThrow(/ENOENT/);
  });
});
