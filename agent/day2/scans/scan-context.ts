/** What each kind of scan is given, and gives back. */
import type { ScanReport } from '#protocol/scan-report';
import type { z } from 'zod';

import type { ActionContext } from '../action.ts';
import { imageOf, type ActionImages, type ImageName } from '../images.ts';
import { jobName, runJob, type JobEnd, type JobRequest } from '../job.ts';

export interface ScanContext extends ActionContext {
  readonly images: ActionImages;
  /** How often to look whether a Job has ended, in milliseconds. Default 1 s. */
  readonly everyMs?: number | undefined;
}

export interface ScanOutcome {
  readonly report: ScanReport;
  /** Short, for people. */
  readonly message: string;
  /** Counts. */
  readonly summary: Readonly<Record<string, number>>;
  /** The tool's images that ran, by digest. */
  readonly ran: readonly string[];
}

export interface ScanJob {
  /** What the Job is about, apart from the run's other Jobs: a node, an image. */
  readonly target: string;
  readonly tool: ImageName;
  readonly timeoutSeconds: number;
  /** The container without its image. */
  readonly container: Readonly<Record<string, unknown>>;
  readonly pod?: JobRequest['pod'];
}

/**
 * Runs one container of a scan, which needs nothing of its node but what the Pod says, and reads what it prints.
 *
 * @throws ActionFailed for an image that may not run
 */
export async function runScanJob(
  what: string,
  { target, tool, timeoutSeconds, container, pod = {} }: ScanJob,
  context: ScanContext,
): Promise<JobEnd> {
  return runJob(
    {
      name: jobName(what, context.runId, target),
      runId: context.runId,
      timeoutSeconds,
      reads: 'log',
      pod: {
        ...pod,
        tolerations: [{ operator: 'Exists' }],
        containers: [{ name: what, image: imageOf(context.images, tool), ...container }],
      },
    },
    context,
  );
}

/** A tool's output in the form that it is expected to have, or why it is not. */
export function readOutput<T>(
  schema: z.ZodType<T>,
  value: unknown,
): { readonly output: T } | { readonly problem: string } {
  if (value === undefined) return { problem: 'it printed no JSON' };
  const read = schema.safeParse(value);
  if (read.success) return { output: read.data };
  const [issue] = read.error.issues;
  return {
    problem: `its output has another form than expected at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  };
}
