/** Schedules of cluster features as they come in. */
import { CronError, parseCron } from '#core/cron';
import { invalidRequest } from '#plane/api/error';

/**
 * A schedule that agents can read; empty where none is given.
 *
 * @param field for the message, as the request has it
 * @throws PlaneError 422 that names the field and what is wrong with it
 */
export function checkCron(text: string | undefined, field: string): string {
  const cron = text?.trim() ?? '';
  if (cron === '') return '';
  try {
    parseCron(cron);
  } catch (error) {
    if (error instanceof CronError) throw invalidRequest(`${field}: ${error.message}`);
    throw error;
  }
  return cron;
}
