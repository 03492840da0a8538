/** Every command and every program of the README, run as it stands there. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { packageRoot } from '#cli/package-root';
import { execute, paletteUp, type RunningEnvironment, temporaryFolder } from '#test/support/palette';

const START_MS = 20 * 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let home = '';
let running: RunningEnvironment;
let readme = '';

beforeAll(async () => {
  folder = await temporaryFolder('readme');
  home = join(folder.dir, 'env');
  readme = await readFile(join(packageRoot, 'README.md'), 'utf8');
  running = await paletteUp(home);
}, START_MS);

afterAll(async () => {
  await running.stop();
  await folder.remove();
}, 60_000);

/** The blocks of one language, in their order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);
}

describe('the README', () => {
  it('has two command lines that do all the set-up, and continuous integration runs the second', async () => {
    const [first, second] = blocks('sh').map((block) => block.trim());
    expect(first).toBe('npm install && npm run quickstart');
    expect(await readFile(join(packageRoot, '.ci/run'), 'utf8')).toContain(`\n${second}\n`);
  });

  // Before the other commands, whose last one stops the environment.
  it('shows how profiles as programs go from a file to a bundle', async () => {
    const [alias = ''] = (blocks('sh')[2] ?? '').split('\n');
    const script = `shopt -s expand_aliases\nset -eo pipefail\n${alias}\neval "$(palette env)"\n${blocks('sh')[4]}`;
    const result = await execute('bash', ['-c', script], {
      cwd: packageRoot,
      env: { ...process.env, PALETTE_HOME: home },
    });
    expect({ exitCode: result.exitCode, stderr: result.exitCode === 0 ? '' : result.stderr }).toEqual({
      exitCode: 0,
      stderr: '',
    });
    expect(result.stdout).toContain('is whole, signed with sha256:');
  }, 120_000);

  it('shows commands that work in the shell beside a running environment', async () => {
    const [alias = '', up] = (blocks('sh')[2] ?? '').split('\n');
    expect(up).toMatch(/^palette up/); // what beforeAll has done
    const script = `shopt -s expand_aliases\nset -eo pipefail\n${alias}\n${blocks('sh')[3]}`;
    const result = await execute('bash', ['-c', script], {
      cwd: packageRoot,
      env: { ...process.env, PALETTE_HOME: home },
    });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout).toMatch(/guardrails\s+1\.0\.0/);
    expect(result.stdout).toMatch(/node-0\s+Ready/);
  }, 120_000);

  it('shows a program that compiles and is synthesised', async () => {
    const project = join(folder.dir, 'program');
    await mkdir(join(project, 'node_modules'), { recursive: true });
    await symlink(packageRoot, join(project, 'node_modules/palette-iac'));
    for (const name of ['cdktf', 'constructs'])
      await symlink(join(packageRoot, 'node_modules', name), join(project, 'node_modules', name));
    await writeFile(join(project, 'package.json'), '{"type":"module"}');
    await writeFile(join(project, 'main.ts'), blocks('ts')[0] ?? '');
    const tsc = join(packageRoot, 'node_modules/@typescript/native/bin/tsc');
    const flags = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--skipLibCheck', '--types', ''];
    expect(await execute(process.execPath, [tsc, ...flags, 'main.ts'], { cwd: project })).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
    expect(await execute(process.execPath, ['main.js'], { cwd: project })).toMatchObject({ exitCode: 0, stderr: '' });
    const synthesised = await readFile(join(project, 'cdktf.out/stacks/profiles/cdk.tf.json'), 'utf8');
    expect(JSON.parse(synthesised)).toMatchObject({
      resource: { spectrocloud_cluster_profile: { base: { name: 'base' } } },
    });
  }, 60_000);
});
