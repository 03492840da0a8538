/** What upgrades Kubernetes on a machine and renews its certificates, run in a machine whose commands note their calls. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startFakeMachine, type FakeMachine } from '../../test/support/fake-machine.ts';
import { RENEW_SCRIPTS } from './renew-scripts.ts';
import { kubeadmScript } from './upgrade-node.ts';

let machine: FakeMachine;

beforeEach(async () => {
  machine = await startFakeMachine();
  for (const name of ['kubeadm', 'systemctl']) await machine.command(name);
});

afterEach(async () => machine.remove());

describe('an upgrade by kubeadm', () => {
  const kubeadmOf = { first: 'upgrade apply -y v1.34.2', 'control-plane': 'upgrade node', worker: 'upgrade node' };

  it.each(['first', 'control-plane', 'worker'] as const)('on a %s node with apt-get', async (role) => {
    for (const name of ['apt-get', 'apt-mark']) await machine.command(name);
    const { exitCode, calls } = await machine.execute(kubeadmScript('v1.34.2', role));
    const install = 'apt-get -q -y -o DPkg::Lock::Timeout=300 --allow-change-held-packages install';
    expect([exitCode, calls]).toEqual([
      0,
      [
        'apt-get -q update',
        'apt-mark unhold kubeadm',
        `${install} kubeadm=1.34.2-*`,
        'apt-mark hold kubeadm',
        `kubeadm ${kubeadmOf[role]}`,
        'apt-get -q update',
        'apt-mark unhold kubelet kubectl',
        `${install} kubelet=1.34.2-* kubectl=1.34.2-*`,
        'apt-mark hold kubelet kubectl',
        'systemctl daemon-reload',
        'systemctl restart kubelet',
      ],
    ]);
  });

  it.each(['dnf', 'yum'])('with %s', async (manager) => {
    await machine.command(manager);
    const { exitCode, calls } = await machine.execute(kubeadmScript('v1.34.2', 'worker'));
    expect([exitCode, calls]).toEqual([
      0,
      [
        `${manager} -y --disableexcludes=kubernetes install kubeadm-1.34.2-*`,
        'kubeadm upgrade node',
        `${manager} -y --disableexcludes=kubernetes install kubelet-1.34.2-* kubectl-1.34.2-*`,
        'systemctl daemon-reload',
        'systemctl restart kubelet',
      ],
    ]);
  });

  it('says so where nothing could bring the version', async () => {
    expect(await machine.execute(kubeadmScript('v1.34.2', 'worker'))).toMatchObject({
      exitCode: 3,
      errors: 'no package manager is known here that could bring kubeadm 1.34.2\n',
      calls: [],
    });
  });

  it('changes no kubelet where kubeadm failed', async () => {
    await machine.command('dnf');
    await machine.command('kubeadm', 'echo "etcd is not well" >&2; exit 1');
    const { exitCode, errors, calls } = await machine.execute(kubeadmScript('v1.34.2', 'first'));
    expect([exitCode, errors, calls.at(-1)]).toEqual([1, 'etcd is not well\n', 'kubeadm upgrade apply -y v1.34.2']);
  });
});

describe('new certificates', () => {
  it('are made by kubeadm, and read by servers that are started again', async () => {
    await machine.command(
      'crictl',
      'if [ "$1" = ps ]; then case $4 in *apiserver*|*etcd*) echo "id-of-$4" ;; esac; fi',
    );
    const { exitCode, calls } = await machine.execute(RENEW_SCRIPTS.kubeadm);
    expect([exitCode, calls.filter((call) => !call.startsWith('crictl ps'))]).toEqual([
      0,
      [
        'kubeadm certs renew all',
        'crictl stop --timeout 30 id-of-^kube-apiserver$',
        'crictl stop --timeout 30 id-of-^etcd$',
        'systemctl restart kubelet',
      ],
    ]);
  });

  it.each([
    { distribution: 'k3s', service: 'k3s' },
    { distribution: 'rke2', service: 'rke2-server' },
  ] as const)('are made by $distribution, whose server stands still meanwhile', async ({ distribution, service }) => {
    await machine.command(distribution);
    const { exitCode, calls } = await machine.execute(RENEW_SCRIPTS[distribution]);
    expect([exitCode, calls]).toEqual([
      0,
      [`systemctl stop ${service}`, `${distribution} certificate rotate`, `systemctl start ${service}`],
    ]);
    // The server runs again, whatever came of it.
    await machine.command(distribution, 'exit 7');
    const failed = await machine.execute(RENEW_SCRIPTS[distribution]);
    expect([failed.exitCode, failed.calls.at(-1)]).toEqual([1, `systemctl start ${service}`]);
  });
});
