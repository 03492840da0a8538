import * as z from 'zod';

import { computed, tf } from '#resources/engine/index';

/** A day of the calendar: 2026-02-30 has the right form and is none. */
export function isCalendarDate(text: string): boolean {
  const [year, month, day] = text.split('-').map(Number);
  const date = new Date(`${text}T00:00:00Z`);
  return date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

export const registrationTokenSchema = z.object({
  name: z.string().min(1).describe('Name, unique in the tenant.'),
  description: z.string().default('').describe('What the token is for.'),
  projectUid: tf(z.string().default(''), {
    reference: { resource: 'spectrocloud_project', attribute: 'id' },
  }).describe('Identifier of the project that hosts join when they register; empty for none.'),
  expiryDate: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date in the form YYYY-MM-DD')
    .refine(isCalendarDate, 'is not a day of the calendar')
    .describe('Last day of the token, as `YYYY-MM-DD` (UTC).'),
  status: z
    .enum(['active', 'inactive'])
    .default('active')
    .describe('Whether hosts may register with it now: `active` or `inactive`.'),
  token: computed(z.string(), { sensitive: true }).describe(
    'The token itself. Whoever has it can register hosts: treat it as a secret.',
  ),
});
