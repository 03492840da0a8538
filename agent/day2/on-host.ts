/** Runs a script on a node itself, outside of any container: a privileged Job on that node. */
import type { ActionContext } from './action.ts';
import { runJob, type JobEnd, type JobRequest } from './job.ts';

export interface HostScript {
  /** Unique within the run: see `jobName`. */
  readonly name: string;
  readonly node: string;
  /** What it writes to file descriptor 3 is the Job's output. */
  readonly script: string;
  readonly timeoutSeconds: number;
}

/**
 * Every namespace of the machine's first process, so that the script sees the machine and not the container; the termination
 * message is the container's, so it is opened before.
 */
const ON_HOST = 'exec 3>/dev/termination-log && exec nsenter -t 1 -m -u -i -n -p -- sh -c "$0"';

/**
 * A cancel does not end it, since a machine is not to be left half way through: what is begun comes to its end, of which
 * the script has to take care that it comes.
 *
 * @throws KubeError
 */
export async function runOnHost(
  { name, node, script, timeoutSeconds }: HostScript,
  context: ActionContext,
  { image, everyMs }: { readonly image: string; readonly everyMs?: number | undefined },
): Promise<JobEnd> {
  return runJob(
    {
      name,
      runId: context.runId,
      timeoutSeconds,
      reads: 'last words',
      pod: hostPod(node, { name: 'host', image, command: ['sh', '-c', ON_HOST, script] }),
    },
    { ...context, signal: context.ending, everyMs },
  );
}

/** A Pod that may do anything on its node, cordoned or not. */
export function hostPod(node: string, container: Readonly<Record<string, unknown>>): JobRequest['pod'] {
  return {
    nodeName: node,
    hostPID: true,
    hostIPC: true,
    hostNetwork: true,
    automountServiceAccountToken: false,
    tolerations: [{ operator: 'Exists' }],
    containers: [{ ...container, securityContext: { privileged: true } }],
  };
}
