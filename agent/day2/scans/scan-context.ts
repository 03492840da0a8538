/** What each kind of scan is given, and gives back. */
import type { ScanReport } from '#protocol/scan-report';
import type { z } from 'zod';

import type { ActionContext } from '../action.ts';
import type { ActionImages } from '../images.ts';
import type { JobRequest } from '../job.ts';

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
}

/** The name of a run's Job for one of its targets. */
export function jobName(runId: string, what: string, index: number): string {
  return `${what}-${runId.slice(0, 8)}-${index}`;
}

/** A Job of a scan: one container that needs nothing of its node but what the Pod says. */
export function scanJob(
  { runId }: Pick<ActionContext, 'runId'>,
  name: string,
  timeoutSeconds: number,
  pod: JobRequest['pod'],
): JobRequest {
  return { name, runId, timeoutSeconds, pod: { ...pod, tolerations: [{ operator: 'Exists' }] } };
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
