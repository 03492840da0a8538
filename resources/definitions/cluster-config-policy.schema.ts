import * as z from 'zod';

import { CronError, parseCron } from '#core/cron';
import { tf } from '#resources/engine/index';

import { contextField, tagsField } from './shared/fields.ts';

const schedule = z.object({
  name: z.string().min(1).describe('Name of the window, unique in the policy.'),
  startCron: z
    .string()
    .superRefine((text, ctx) => {
      const problem = cronProblem(text);
      if (problem !== undefined) ctx.addIssue({ code: 'custom', message: problem });
    })
    .describe(
      'When the window opens, as a cron expression of five fields (`0 2 * * SUN`), read in the time zone of the cluster concerned.',
    ),
  durationHrs: z.int().min(1).max(24).describe('Hours that the window stays open, 1 to 24.'),
});

export const clusterConfigPolicySchema = z.object({
  name: z.string().min(1).describe('Name of the policy, unique in its context.'),
  context: tf(contextField('project'), { forceNew: true, equality: 'emptyIsDefault' }),
  policyType: z.enum(['maintenance']).default('maintenance').describe('Kind of policy; there is `maintenance` alone.'),
  tags: tagsField(),
  schedules: tf(z.array(schedule).optional(), { set: true, identifiedBy: 'name' }).describe(
    'Windows in which clusters may change. Without any the policy holds nothing back.',
  ),
});

/** What is wrong with a cron expression. */
function cronProblem(text: string): string | undefined {
  try {
    parseCron(text);
    return undefined;
  } catch (error) {
    if (error instanceof CronError) return error.message;
    throw error;
  }
}
