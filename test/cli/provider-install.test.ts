import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { installProvider, platform } from '#cli/provider/install';
import { version } from '#cli/version';
import { execute, palette, temporaryFolder } from '#test/support/palette';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder('install');
});
afterAll(async () => {
  await folder.remove();
});

const place = (dir: string, registry = 'registry.terraform.io'): string =>
  join(dir, 'mirror', registry, 'spectrocloud/spectrocloud', version, platform());

describe('palette provider install', () => {
  it.each([
    { os: 'linux', cpu: 'x64', want: 'linux_amd64' },
    { os: 'darwin', cpu: 'arm64', want: 'darwin_arm64' },
  ])('names $os on $cpu as Terraform does', ({ os, cpu, want }) => {
    expect(platform(os, cpu)).toBe(want);
  });

  it.each(['registry.terraform.io', 'registry.opentofu.org'])(
    'writes a mirror that is the same after a second time, for %s',
    async (registry) => {
      const dir = join(folder.dir, 'again');
      const first = await installProvider({ dir, env: {} });
      const before = await readFile(first.configFile, 'utf8');
      expect(await installProvider({ dir, env: { TF_CLI_CONFIG_FILE: first.configFile } })).toEqual(first);
      expect(await readFile(first.configFile, 'utf8')).toBe(before);
      expect((await readdir(place(dir, registry))).toSorted()).toEqual([
        'provider.cjs',
        `terraform-provider-spectrocloud_v${version}`,
        'tracing.cjs',
      ]);
    },
  );

  it('starts with the Node.js that installed it, wherever PATH points', async () => {
    const dir = join(folder.dir, "it's here");
    await installProvider({ dir, env: {} });
    const launcher = join(place(dir), `terraform-provider-spectrocloud_v${version}`);
    expect((await stat(launcher)).mode & 0o777).toBe(0o755);
    // Started by a person it says what it is.
    const result = await execute(launcher, [], { env: { PATH: '/nowhere' } });
    expect(result.stdout + result.stderr).toContain('Terraform provider spectrocloud/spectrocloud');
  });

  it("keeps what the user's own configuration says about other things", async () => {
    const own = join(folder.dir, 'own.rc');
    await writeFile(own, 'disable_checkpoint = true\n');
    const { configFile, note } = await installProvider({
      dir: join(folder.dir, 'kept'),
      env: { TF_CLI_CONFIG_FILE: own },
    });
    expect(await readFile(configFile, 'utf8')).toMatch(/^disable_checkpoint = true\n\nprovider_installation \{/);
    expect(note).toBeUndefined();
  });

  it("says so when the user's own provider_installation is not used", async () => {
    const own = join(folder.dir, 'mirror.rc');
    await writeFile(own, 'provider_installation {\n  direct {}\n}\n');
    const { configFile, note } = await installProvider({
      dir: join(folder.dir, 'noted'),
      env: { TF_CLI_CONFIG_FILE: own },
    });
    expect(note).toContain(`${own} has a provider_installation block of its own`);
    expect((await readFile(configFile, 'utf8')).match(/provider_installation/g)).toHaveLength(1);
  });

  it('tells a person what to type next', async () => {
    const dir = join(folder.dir, 'with space');
    await mkdir(dir);
    const result = await palette(['provider', 'install', '--dir', dir]);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`export TF_CLI_CONFIG_FILE='${join(dir, 'terraform.rc')}'\n  terraform init`),
    });
  });
});
