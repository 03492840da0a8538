/** Brings Kubernetes on one machine to a version, with the tool of what put it there. */
import { assertNever } from '#core/assert-never';
import type { KubeObject } from '#kubernetes/object';

import { ActionFailed, type ActionContext } from './action.ts';
import type { ActionImages } from './images.ts';
import { runJob, type JobEnd } from './job.ts';
import { distributionOf, isControlPlane } from './nodes.ts';
import { hostPod, lastWords, runOnHost } from './on-host.ts';

const UPGRADE_SECONDS = 1_800;

export interface NodeUpgrade {
  readonly node: KubeObject;
  /** `v1.34.2`, `v1.34.2+k3s1` */
  readonly version: string;
  /** The first of the control plane: it upgrades what all machines share. */
  readonly isFirst: boolean;
  readonly jobName: string;
}

/** @throws ActionFailed for a version that this machine's distribution does not have */
export async function upgradeNode(
  { node, version, isFirst, jobName }: NodeUpgrade,
  context: ActionContext,
  { images, everyMs }: { readonly images: ActionImages; readonly everyMs?: number | undefined },
): Promise<JobEnd> {
  const { name } = node.metadata;
  const distribution = distributionOf(node);
  switch (distribution) {
    case 'kubeadm':
      return withLastWords(
        await runOnHost(
          {
            name: jobName,
            node: name,
            script: kubeadmScript(version, isFirst ? 'first' : isControlPlane(node) ? 'control-plane' : 'worker'),
            timeoutSeconds: UPGRADE_SECONDS,
          },
          context,
          { image: images.host, everyMs },
        ),
      );
    case 'k3s':
    case 'rke2': {
      if (!version.includes(`+${distribution}`))
        throw new ActionFailed(
          `node ${name} runs ${distribution}: its versions are written such as v1.34.2+${distribution === 'k3s' ? 'k3s1' : 'rke2r1'}, not ${version}`,
        );
      const image = distribution === 'k3s' ? images.k3sUpgrade : images.rke2Upgrade;
      const pod = hostPod(name, {
        name: 'upgrade',
        // Tags have no plus.
        image: `${image}:${version.replace('+', '-')}`,
        args: ['upgrade'],
        volumeMounts: [{ name: 'host', mountPath: '/host' }],
      });
      return withLastWords(
        await runJob(
          {
            name: jobName,
            runId: context.runId,
            timeoutSeconds: UPGRADE_SECONDS,
            pod: { ...pod, volumes: [{ name: 'host', hostPath: { path: '/' } }] },
          },
          { ...context, everyMs },
        ),
      );
    }
    default:
      return assertNever(distribution);
  }
}

function withLastWords(end: JobEnd): JobEnd {
  return end.kind === 'failed' ? { ...end, message: `${end.message}${lastWords(end.log)}` } : end;
}

/**
 * kubeadm's own order: its new version first, then what it upgrades, then the kubelet. Package repositories are by minor
 * version; which one is set up on the machine is its owner's matter, and the script says so where the version is missing.
 */
export function kubeadmScript(version: string, role: 'first' | 'control-plane' | 'worker'): string {
  const plain = version.replace(/^v/, '');
  return `set -eu
install() {
  if command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300 update
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
