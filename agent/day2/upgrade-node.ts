/** Brings Kubernetes on one machine to a version, with the tool of what put it there. */
import { assertNever } from '#core/assert-never';
import type { KubeObject } from '#kubernetes/object';

import { ActionFailed, type ActionContext } from './action.ts';
import { imageOf, type ActionImages } from './images.ts';
import { runJob, type JobEnd } from './job.ts';
import { distributionOf, isControlPlane } from './nodes.ts';
import { hostPod, runOnHost } from './on-host.ts';
import { APT_UPDATE } from './patch-script.ts';

const UPGRADE_SECONDS = 1_800;

export interface UpgradeStep {
  /** The first of the control plane: it upgrades what all machines share. */
  readonly isFirst: boolean;
  readonly jobName: string;
  readonly everyMs: number | undefined;
}

/**
 * How a machine is brought to a version such as `v1.34.2` or `v1.34.2+k3s1`. Whether it can be is known before anything is
 * done to any.
 *
 * @throws ActionFailed for a version that this machine's distribution does not have
 */
export function planUpgrade(
  node: KubeObject,
  version: string,
  images: ActionImages,
): (context: ActionContext, step: UpgradeStep) => Promise<JobEnd> {
  const { name } = node.metadata;
  const distribution = distributionOf(node);
  switch (distribution) {
    case 'kubeadm': {
      if (version.includes('+')) throw wrongVersion(name, 'kubeadm', 'v1.34.2', version);
      const image = imageOf(images, 'host');
      return async (context, { isFirst, jobName, everyMs }) =>
        runOnHost(
          {
            name: jobName,
            node: name,
            script: kubeadmScript(version, isFirst ? 'first' : isControlPlane(node) ? 'control-plane' : 'worker'),
            timeoutSeconds: UPGRADE_SECONDS,
          },
          context,
          { image, everyMs },
        );
    }
    case 'k3s':
    case 'rke2': {
      if (!version.includes(`+${distribution}`))
        throw wrongVersion(name, distribution, distribution === 'k3s' ? 'v1.34.2+k3s1' : 'v1.34.2+rke2r1', version);
      const pod = hostPod(name, {
        name: 'upgrade',
        image: imageOf(images, distribution === 'k3s' ? 'k3sUpgrade' : 'rke2Upgrade', version),
        args: ['upgrade'],
        volumeMounts: [{ name: 'host', mountPath: '/host' }],
      });
      return async (context, { jobName, everyMs }) =>
        runJob(
          {
            name: jobName,
            runId: context.runId,
            timeoutSeconds: UPGRADE_SECONDS,
            reads: 'last words',
            pod: { ...pod, volumes: [{ name: 'host', hostPath: { path: '/' } }] },
          },
          // What is begun on a machine comes to its end.
          { ...context, signal: context.ending, everyMs },
        );
    }
    default:
      return assertNever(distribution);
  }
}

function wrongVersion(node: string, runs: string, such: string, version: string): ActionFailed {
  return new ActionFailed(`node ${node} runs ${runs}: its versions are written such as ${such}, not ${version}`);
}

/**
 * kubeadm's own order: its new version first, then what it upgrades, then the kubelet. Package repositories are by minor
 * version; which one is set up on the machine is its owner's matter, and the script says so where the version is missing.
 */
export function kubeadmScript(version: string, role: 'first' | 'control-plane' | 'worker'): string {
  const plain = version.replace(/^v/, '');
  return `set -eu
export LC_ALL=C
${APT_UPDATE}
install() {
  if command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt_update
    packages=
    for p in "$@"; do packages="$packages $p=${plain}-*"; done
    apt-mark unhold "$@" >/dev/null
    apt-get -q -y -o DPkg::Lock::Timeout=300 --allow-change-held-packages install $packages
    apt-mark hold "$@" >/dev/null
  elif command -v dnf >/dev/null 2>&1 || command -v yum >/dev/null 2>&1; then
    packages=
    for p in "$@"; do packages="$packages $p-${plain}-*"; done
    $(command -v dnf || command -v yum) -y --disableexcludes=kubernetes install $packages
  else
    echo "no package manager is known here that could bring $* ${plain}" >&2
    exit 3
  fi
}
install kubeadm
${role === 'first' ? `kubeadm upgrade apply -y ${version}` : 'kubeadm upgrade node'}
install kubelet kubectl
systemctl daemon-reload
systemctl restart kubelet`;
}
