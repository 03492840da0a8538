/** Brings the operating system of nodes up to date, one node at a time. */
import { KubeError } from '#kubernetes/error';

import { ActionFailed, type ActionContext, type ActionHandler } from './action.ts';
import type { ActionImages } from './images.ts';
import { removeJobs } from './job.ts';
import { bootId, isControlPlane, listNodes, nodeRef } from './nodes.ts';
import { lastWords, runOnHost } from './on-host.ts';
import { until } from './until.ts';
import { NODE_TIMES, NodeWorkFailed, walkNodes, type NodeTimes } from './walk-nodes.ts';

/** On a node: when its operating system was last patched. */
export const PATCHED_ANNOTATION = 'palette-iac.dev/os-patched-at';

const PATCH_SECONDS = 3_600;
const REBOOT_SECONDS = 60;
const REBOOT_MARK = 'palette: reboot required: ';

/**
 * Packages of Kubernetes are left out: which version runs is the upgrade's matter. Says at the end whether the machine has
 * to be started again.
 */
export const PATCH_SCRIPT = `set -eu
reboot=no
if command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  held=
  for p in kubelet kubeadm kubectl; do
    if dpkg -s "$p" >/dev/null 2>&1 && ! apt-mark showhold | grep -qx "$p"; then held="$held $p"; apt-mark hold "$p"; fi
  done
  release() { [ -z "$held" ] || apt-mark unhold $held; }
  trap release EXIT
  apt-get -q update
  apt-get -q -y --with-new-pkgs -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 upgrade
  [ ! -f "\${ROOT:-}/var/run/reboot-required" ] || reboot=yes
elif command -v dnf >/dev/null 2>&1; then
  dnf -y upgrade --exclude=kubelet --exclude=kubeadm --exclude=kubectl
  if command -v needs-restarting >/dev/null 2>&1; then needs-restarting -r >/dev/null || reboot=yes; fi
elif command -v yum >/dev/null 2>&1; then
  yum -y update --exclude=kubelet --exclude=kubeadm --exclude=kubectl
  if command -v needs-restarting >/dev/null 2>&1; then needs-restarting -r >/dev/null || reboot=yes; fi
elif command -v transactional-update >/dev/null 2>&1; then
  transactional-update --non-interactive patch
  reboot=yes
elif command -v zypper >/dev/null 2>&1; then
  code=0
  zypper --non-interactive patch || code=$?
  case $code in
    0|100|101) ;;
    102) reboot=yes ;;
    103)
      code=0
      zypper --non-interactive patch || code=$?
      case $code in 0|100|101) ;; 102) reboot=yes ;; *) exit "$code" ;; esac
      ;;
    *) exit "$code" ;;
  esac
else
  echo "no package manager is known here: apt-get, dnf, yum, zypper" >&2
  exit 3
fi
echo "${REBOOT_MARK}$reboot"`;

/** Ends before the machine goes down, so that the Job can be told from one that failed. */
const REBOOT_SCRIPT = `nohup sh -c 'sleep 5; systemctl reboot || reboot' >/dev/null 2>&1 &
echo "palette: reboots"`;

export interface PatchOptions {
  readonly images: ActionImages;
  readonly times?: NodeTimes;
}

export function createPatchOs({ images, times = NODE_TIMES }: PatchOptions): ActionHandler<'patch-os'> {
  return async ({ rebootIfRequired, unpatchedOnly }, context) => {
    const { client, signal } = context;
    const host = { image: images.host, everyMs: times.everyMs };
    const names = await targetsOf(context, unpatchedOnly ?? false);
    let rebooted = 0;
    const waiting: string[] = [];
    await walkNodes(
      {
        verb: 'patches',
        nodes: names,
        work: async (node) => {
          const index = names.indexOf(node);
          const end = await runOnHost(
            {
              name: `patch-${context.runId.slice(0, 8)}-${index}`,
              node,
              script: PATCH_SCRIPT,
              timeoutSeconds: PATCH_SECONDS,
            },
            context,
            host,
          );
          if (end.kind === 'failed')
            throw new NodeWorkFailed(
              `node ${node} could not be patched: ${end.message}${lastWords(end.log)}; it stays cordoned, and no other node was touched`,
            );
          if (end.log.includes(`${REBOOT_MARK}yes`)) {
            if (rebootIfRequired) {
              await reboot(node, index, context, { ...host, times });
              rebooted++;
            } else waiting.push(node);
          }
          await client.mergePatch(
            nodeRef(node),
            { metadata: { annotations: { [PATCHED_ANNOTATION]: context.now().toISOString() } } },
            { signal },
          );
        },
      },
      context,
      times,
    );
    await removeJobs(context.runId, context);
    const left = waiting.length === 0 ? '' : `; these need a restart: ${waiting.join(', ')}`;
    return {
      message:
        names.length === 0
          ? 'no node is there that was not patched'
          : `${names.length} nodes are patched, ${rebooted} were restarted${left}`,
      result: { patched: names.length, rebooted, needRestart: waiting.slice(0, 100) },
    };
  };
}

/** Which nodes, in which order: asked once, so that a restart of the agent goes on with the same. Workers go first. */
async function targetsOf(context: ActionContext, unpatchedOnly: boolean): Promise<readonly string[]> {
  const noted = context.notes['nodes'];
  if (noted !== undefined) return noted === '' ? [] : noted.split(' ');
  const nodes = await listNodes(context.client, context);
  if (nodes.length === 0) throw new ActionFailed('this cluster has no nodes');
  const chosen = nodes.filter(
    ({ metadata }) => !unpatchedOnly || !Object.hasOwn(metadata.annotations ?? {}, PATCHED_ANNOTATION),
  );
  const names = [...chosen.filter((node) => !isControlPlane(node)), ...chosen.filter(isControlPlane)].map(
    ({ metadata }) => metadata.name,
  );
  await context.note('nodes', names.join(' '));
  return names;
}

/** @throws NodeWorkFailed when it does not come back */
async function reboot(
  node: string,
  index: number,
  context: ActionContext,
  {
    image,
    everyMs,
    times,
  }: { readonly image: string; readonly everyMs?: number | undefined; readonly times: NodeTimes },
): Promise<void> {
  const { client, signal } = context;
  const key = `boot/${node}`;
  let before = context.notes[key];
  if (before === undefined) {
    const found = await client.get(nodeRef(node), { signal });
    before = found === undefined ? '' : bootId(found);
    await context.note(key, before);
  }
  const isNew = async (): Promise<true | undefined> => {
    try {
      const found = await client.get(nodeRef(node), { signal });
      return found !== undefined && bootId(found) !== before ? true : undefined;
    } catch (error) {
      // The machine may be the one with the API server.
      if (error instanceof KubeError) return undefined;
      throw error;
    }
  };
  if ((await isNew()) === true) return;
  const end = await runOnHost(
    {
      name: `reboot-${context.runId.slice(0, 8)}-${index}`,
      node,
      script: REBOOT_SCRIPT,
      timeoutSeconds: REBOOT_SECONDS,
    },
    context,
    { image, everyMs },
  );
  if (end.kind === 'failed') context.log.warn({ node, reason: end.message }, 'the order to restart ended oddly');
  if ((await until(isNew, { timeoutMs: times.readyMs, everyMs, signal })) === undefined)
    throw new NodeWorkFailed(
      `node ${node} did not come back from its restart in ${Math.round(times.readyMs / 1000)} s; it stays cordoned, and no other node was touched`,
    );
}
