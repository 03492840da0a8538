/** The patch of an operating system, run for real in a machine whose commands only say that they were called. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startFakeMachine, type FakeMachine } from '../../test/support/fake-machine.ts';
import { PATCH_SCRIPT, readPatch, REBOOT_SCRIPT } from './patch-script.ts';

let machine: FakeMachine;

beforeEach(async () => {
  machine = await startFakeMachine();
  await machine.command('sleep');
  await machine.command('uname', 'echo 6.1.0-9');
});

afterEach(async () => machine.remove());

describe('with apt-get', () => {
  beforeEach(async () => {
    await machine.command('apt-get');
    await machine.command('apt-mark', 'if [ "$1" = showhold ]; then echo kubeadm; fi');
    await machine.command('dpkg', 'case $2 in kubelet|kubeadm) exit 0 ;; *) exit 1 ;; esac');
  });

  it('upgrades everything but Kubernetes, and leaves holds as they were', async () => {
    const { exitCode, calls, said } = await machine.execute(PATCH_SCRIPT);
    expect([exitCode, readPatch(said)]).toEqual([0, false]);
    // kubeadm was held before, and kubectl is not there.
    expect(calls.filter((call) => call.startsWith('apt-mark') && !call.endsWith('showhold'))).toEqual([
      'apt-mark hold kubelet',
      'apt-mark unhold kubelet',
    ]);
    expect(calls.at(-2)).toMatch(/^apt-get -q -y --with-new-pkgs .* upgrade$/);
  });

  it('says that a restart is needed', async () => {
    await writeFile(join(machine.root, 'var/run/reboot-required'), '');
    expect(readPatch((await machine.execute(PATCH_SCRIPT)).said)).toBe(true);
  });

  it('waits for a lock that another holds, and for nothing else', async () => {
    const update = `[ "$2" = update ] || exit 0; echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7" >&2`;
    await machine.exits('apt-get', [100, 100, 0], update);
    const waited = await machine.execute(PATCH_SCRIPT);
    expect([waited.exitCode, waited.calls.filter((call) => call === 'sleep 10').length]).toEqual([0, 2]);

    await machine.command('apt-get', 'echo "E: Temporary failure resolving" >&2; exit 100');
    const failed = await machine.execute(PATCH_SCRIPT);
    expect([failed.exitCode, failed.said]).toEqual([1, '']);
    expect(failed.errors).toContain('Temporary failure resolving');
    expect(failed.calls.filter((call) => call === 'sleep 10')).toEqual([]);
    // Also then.
    expect(failed.calls).toContain('apt-mark unhold kubelet');
  });

  it('fails when packages cannot be installed', async () => {
    await machine.command('apt-get', 'case "$*" in *upgrade) echo "disk full" >&2; exit 100 ;; esac');
    const { exitCode, said, errors } = await machine.execute(PATCH_SCRIPT);
    expect([exitCode, said, errors]).toEqual([100, '', 'disk full\n']);
  });
});

describe.each(['dnf', 'yum'])('with %s', (manager) => {
  it.each([
    { code: 0, needs: false },
    { code: 1, needs: true },
  ])('asks needs-restarting, which answers $code', async ({ code, needs }) => {
    await machine.command(manager);
    await machine.command('needs-restarting', `exit ${code}`);
    const { exitCode, said, calls } = await machine.execute(PATCH_SCRIPT);
    expect([exitCode, readPatch(said)]).toEqual([0, needs]);
    expect(calls[0]).toMatch(/^(dnf -y upgrade|yum -y update) --exclude=kubelet --exclude=kubeadm --exclude=kubectl$/);
  });

  it.each([
    { installed: 'kernel-core-6.1.0-9 Mon 01 Jan 2029', needs: false },
    { installed: 'kernel-core-6.2.0-1 Mon 01 Jan 2029\nkernel-core-6.1.0-9 Mon 01 Jan 2028', needs: true },
  ])('compares kernels without it: $installed', async ({ installed, needs }) => {
    await machine.command(manager);
    await machine.command('rpm', `cat <<'END'\n${installed}\nEND`);
    expect(readPatch((await machine.execute(PATCH_SCRIPT)).said)).toBe(needs);
  });

  it('fails with it', async () => {
    await machine.command(manager, 'exit 1');
    expect(await machine.execute(PATCH_SCRIPT)).toMatchObject({ exitCode: 1, said: '' });
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
    await machine.exits('zypper', codes);
    const found = await machine.execute(PATCH_SCRIPT);
    expect([found.exitCode, readPatch(found.said)]).toEqual([exitCode, needs]);
    expect(found.calls.filter((call) => call.startsWith('zypper'))).toHaveLength(codes.length);
  });
});

describe('with transactional-update', () => {
  it('needs a restart only where it made a new snapshot', async () => {
    await machine.command('transactional-update');
    await machine.command('zypper', 'exit 9');
    expect(readPatch((await machine.execute(PATCH_SCRIPT)).said)).toBe(false);
    await writeFile(join(machine.root, 'run/reboot-needed'), '');
    expect(readPatch((await machine.execute(PATCH_SCRIPT)).said)).toBe(true);
  });
});

it('says so where no package manager is known', async () => {
  expect(await machine.execute(PATCH_SCRIPT)).toMatchObject({
    exitCode: 3,
    said: '',
    errors: expect.stringContaining('no package manager is known here'),
  });
});

describe('a restart', () => {
  it('is begun by systemd, not by a process of the Job', async () => {
    await machine.command('systemd-run');
    await machine.command('systemctl');
    const { exitCode, calls } = await machine.execute(REBOOT_SCRIPT);
    expect([exitCode, calls]).toEqual([
      0,
      ['systemd-run --collect --on-active=5 --timer-property=AccuracySec=1s systemctl reboot'],
    ]);
  });

  it('is begun at once on a system without systemd', async () => {
    await machine.command('reboot');
    expect((await machine.execute(REBOOT_SCRIPT)).calls).toEqual(['reboot']);
  });
});
