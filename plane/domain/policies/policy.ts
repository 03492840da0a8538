/** Maintenance policies: when clusters may change. */
import { z } from 'zod';

import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import { requireOwned, type OwnedKind, type OwnedRow } from '#plane/domain/owned';
import type { Transaction } from '#plane/store/database';

import { CronError, parseCron } from '#core/cron';
import type { Schedule } from '#core/windows';

export const POLICY: OwnedKind = { table: 'maintenance_policies', word: 'maintenance policy' };
/** How references name the one kind of policies that there is. */
export const POLICY_KIND = 'maintenance';

export interface PolicyRow extends OwnedRow {
  /** Schedule[] */
  readonly schedules: unknown;
}

const Schedules = z.array(z.object({ name: z.string(), startCron: z.string(), durationHrs: z.int() }));

/** The schedules of a stored policy. */
export function schedulesOf({ schedules }: Pick<PolicyRow, 'schedules'>): Schedule[] {
  return Schedules.parse(schedules);
}

/** Checks schedules as they come in. @throws PlaneError 422 that names the schedule and what is wrong with it. */
export function checkSchedules(given: readonly Schedule[]): Schedule[] {
  const names = new Set<string>();
  return given.map(({ name, startCron, durationHrs }, index) => {
    const place = `spec.schedules[${index}]`;
    if (name.trim() === '') throw invalidRequest(`${place}.name: a name is needed`);
    if (names.has(name)) throw invalidRequest(`${place}.name: there are two schedules of the name ${name}`);
    names.add(name);
    try {
      parseCron(startCron);
    } catch (error) {
      if (error instanceof CronError) throw invalidRequest(`${place}.startCron (${name}): ${error.message}`);
      throw error;
    }
    return { name, startCron: startCron.trim(), durationHrs };
  });
}

/** Policies that a scope shows, in the order of the references. @throws PlaneError 404 or 422 for one that there is not. */
export async function requirePolicies(
  tx: Transaction,
  scope: Scope,
  refs: readonly components['schemas']['v1PolicyRef'][],
): Promise<PolicyRow[]> {
  const rows: PolicyRow[] = [];
  for (const { kind, uid = '' } of refs) {
    if (kind !== undefined && kind !== '' && kind.toLowerCase() !== POLICY_KIND)
      throw invalidRequest(`policies: there are no policies of the kind '${kind}'; expected ${POLICY_KIND}`);
    if (!rows.some((row) => row.uid === uid)) rows.push(await requireOwned<PolicyRow>(tx, POLICY, scope, uid));
  }
  return rows;
}
