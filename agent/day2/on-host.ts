/** Runs a script on a node itself, outside of any container: a privileged Job on that node. */
import type { ActionContext } from './action.ts';
import { runJob, type JobEnd, type JobRequest } from './job.ts';

export interface HostScript {
  /** Unique within the run. */
  readonly name: string;
  readonly node: string;
  readonly script: string;
  readonly timeoutSeconds: number;
}

/** @throws KubeError */
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
      pod: hostPod(node, {
        name: 'host',
        image,
        // Every namespace of the machine's first process: the script sees the machine, not the container.
        command: ['nsenter', '-t', '1', '-m', '-u', '-i', '-n', '-p', '--', 'sh', '-c', script],
      }),
    },
    { ...context, everyMs },
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

/** The end of what a script printed, for a message. */
export function lastWords(log: string): string {
  const lines = log.trim().split('\n').slice(-3).join(' | ').slice(-500);
  return lines === '' ? '' : `: ${lines}`;
}
