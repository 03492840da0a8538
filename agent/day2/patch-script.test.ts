/** The patch of an operating system, run for real in a machine whose commands only say that they were called. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { PATCH_SCRIPT, readPatch, REBOOT_SCRIPT } from './patch-script.ts';

const run = promisify(execFile);

/** What every system has; package managers are in its tests' hands. */
const EVERYWHERE = ['cat', 'cut', 'grep', 'head', 'sh'];

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'palette-patch-'));
  for (const folder of ['bin', 'run', 'var/run']) await mkdir(join(root, folder), { recursive: true });
  for (const name of EVERYWHERE) await symlink(await whichOf(name), join(root, 'bin', name));
  await writeFile(join(root, 'calls'), '');
  await command('sleep', '');
  await command('uname', 'echo 6.1.0-9');
});

afterEach(async () => rm(root, { recursive: true, force: true }));

async function whichOf(name: string): Promise<string> {
  return (await run('sh', ['-c', `command -v ${name}`])).stdout.trim();
}

/** A command that notes how it was called, and then does this. */
async function command(name: string, body: string): Promise<void> {
  const file = join(root, 'bin', name);
  await writeFile(file, `#!/bin/sh\necho "${name} $*" >> "${root}/calls"\n${body}\n`);
  await chmod(file, 0o755);
}

interface Ran {
  readonly exitCode: number;
  readonly said: string;
  readonly errors: string;
  readonly calls: readonly string[];
}

async function execute(script: string): Promise<Ran> {
  const said = join(root, 'said');
  await writeFile(said, '');
  // The machine's root is a folder here, and the Pod's termination message a file.
  const there = script.replaceAll(/(?<=\[ ! -f )\//g, `${root}/`);
  const { exitCode, errors } = await run(join(root, 'bin', 'sh'), ['-c', `exec 3>"${said}"\n${there}`], {
    env: { PATH: join(root, 'bin') },
  }).then(
    ({ stderr }) => ({ exitCode: 0, errors: stderr }),
    (error: unknown) => {
      const { code, stderr } = error as { code: number; stderr: string };
      return { exitCode: code, errors: stderr };
    },
  );
  const calls = (await readFile(join(root, 'calls'), 'utf8')).trim().split('\n');
  return { exitCode, errors, said: (await readFile(said, 'utf8')).trim(), calls };
}

/** Exits as given, in the order of calls; the last one from then on. */
function exits(name: string, codes: readonly number[]): string {
  const file = `${root}/${name}.count`;
  const cases = codes.map((code, at) => `${at}) exit ${code} ;;`).join(' ');
  return `n=$(cat ${file} 2>/dev/null || echo 0); echo $((n + 1)) > ${file}; case $n in ${cases} *) exit ${codes.at(-1)} ;; esac`;
}

describe('with apt-get', () => {
  beforeEach(async () => {
    await command('apt-get', '');
    await command('apt-mark', 'if [ "$1" = showhold ]; then echo kubeadm; fi');
    await command('dpkg', 'case $2 in kubelet|kubeadm) exit 0 ;; *) exit 1 ;; esac');
  });

  it('upgrades everything but Kubernetes, and leaves holds as they were', async () => {
    const { exitCode, calls, said } = await execute(PATCH_SCRIPT);
    expect([exitCode, readPatch(said)]).toEqual([0, false]);
    // kubeadm was held before, and kubectl is not there.
    expect(calls.filter((call) => call.startsWith('apt-mark') && !call.endsWith('showhold'))).toEqual([
      'apt-mark hold kubelet',
      'apt-mark unhold kubelet',
    ]);
    expect(calls.at(-2)).toMatch(/^apt-get -q -y --with-new-pkgs .* upgrade$/);
  });

  it('says that a restart is needed', async () => {
    await writeFile(join(root, 'var/run/reboot-required'), '');
    expect(readPatch((await execute(PATCH_SCRIPT)).said)).toBe(true);
  });

  it('waits for a lock that another holds, and for nothing else', async () => {
    const update = `[ "$2" = update ] || exit 0; echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7" >&2;`;
    await command('apt-get', `${update} ${exits('update', [100, 100, 0])}`);
    const waited = await execute(PATCH_SCRIPT);
    expect([waited.exitCode, waited.calls.filter((call) => call === 'sleep 10').length]).toEqual([0, 2]);

    await writeFile(join(root, 'calls'), '');
    await command('apt-get', 'echo "E: Temporary failure resolving" >&2; exit 100');
    const failed = await execute(PATCH_SCRIPT);
    expect([failed.exitCode, failed.said]).toEqual([1, '']);
    expect(failed.errors).toContain('Temporary failure resolving');
    expect(failed.calls.filter((call) => call === 'sleep 10')).toEqual([]);
    // Also then.
    expect(failed.calls).toContain('apt-mark unhold kubelet');
  });

  it('fails when packages cannot be installed', async () => {
    await command('apt-get', 'case "$*" in *upgrade) echo "disk full" >&2; exit 100 ;; esac');
    const { exitCode, said, errors } = await execute(PATCH_SCRIPT);
    expect([exitCode, said, errors]).toEqual([100, '', 'disk full\n']);
  });
});

describe.each(['dnf', 'yum'])('with %s', (manager) => {
  it.each([
    { code: 0, needs: false },
    { code: 1, needs: true },
  ])('asks needs-restarting, which answers $code', async ({ code, needs }) => {
    await command(manager, '');
    await command('needs-restarting', `exit ${code}`);
    const { exitCode, said, calls } = await execute(PATCH_SCRIPT);
    expect([exitCode, readPatch(said)]).toEqual([0, needs]);
    expect(calls[0]).toMatch(/^(dnf -y upgrade|yum -y update) --exclude=kubelet --exclude=kubeadm --exclude=kubectl$/);
  });

  it.each([
    { installed: 'kernel-core-6.1.0-9 Mon 01 Jan 2029', needs: false },
    { installed: 'kernel-core-6.2.0-1 Mon 01 Jan 2029\nkernel-core-6.1.0-9 Mon 01 Jan 2028', needs: true },
  ])('compares kernels without it: $installed', async ({ installed, needs }) => {
    await command(manager, '');
    await command('rpm', `cat <<'END'\n${installed}\nEND`);
    expect(readPatch((await execute(PATCH_SCRIPT)).said)).toBe(needs);
  });

  it('fails with it', async () => {
    await command(manager, 'exit 1');
    expect(await execute(PATCH_SCRIPT)).toMatchObject({ exitCode: 1, said: '' });
  });
});

describe('with zypper', () => {
  it.each([
    { codes: [0], exitCode: 0, needs: false, why: 'all is well' },
    { codes: [100], exitCode: 0, needs: false, why: 'more patches are there' },
    { codes: [102], exitCode: 0, needs: true, why: 'the machine needs a restart' },
    { codes: [103, 0], exitCode: 0, needs: false, why: 'it had to patch itself first' },
    { codes: [103, 102], exitCode: 0, needs: true, why: 'it had to patch itself, and then the kernel' },
    { codes: [4], exitCode: 4, needs: undefined, why: 'it failed' },
    { codes: [103, 4], exitCode: 4, needs: undefined, why: 'it failed once it was itself new' },
  ])('reads that $why', async ({ codes, exitCode, needs }) => {
    await command('zypper', exits('zypper', codes));
    const found = await execute(PATCH_SCRIPT);
    expect([found.exitCode, readPatch(found.said)]).toEqual([exitCode, needs]);
    expect(found.calls.filter((call) => call.startsWith('zypper'))).toHaveLength(codes.length);
  });
});

describe('with transactional-update', () => {
  it('needs a restart only where it made a new snapshot', async () => {
    await command('transactional-update', '');
    await command('zypper', 'exit 9');
    expect(readPatch((await execute(PATCH_SCRIPT)).said)).toBe(false);
    await writeFile(join(root, 'run/reboot-needed'), '');
    expect(readPatch((await execute(PATCH_SCRIPT)).said)).toBe(true);
  });
});

it('says so where no package manager is known', async () => {
  expect(await execute(PATCH_SCRIPT)).toMatchObject({
    exitCode: 3,
    said: '',
    errors: expect.stringContaining('no package manager is known here'),
  });
});

describe('a restart', () => {
  it('is begun by systemd, not by a process of the Job', async () => {
    await command('systemd-run', '');
    await command('systemctl', '');
    const { exitCode, calls } = await execute(REBOOT_SCRIPT);
    expect([exitCode, calls]).toEqual([
      0,
      ['systemd-run --collect --on-active=5 --timer-property=AccuracySec=1s systemctl reboot'],
    ]);
  });

  it('is begun at once on a system without systemd', async () => {
    await command('reboot', '');
    expect((await execute(REBOOT_SCRIPT)).calls).toEqual(['reboot']);
  });
});
