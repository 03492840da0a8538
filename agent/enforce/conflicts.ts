/** Fields that another manager owns, as the API server names them when an apply is not forced. */
import type { KubeError } from '#kubernetes/error';

export interface Contested {
  readonly manager: string;
  /** As the API server writes it, without the dot in front: `spec.replicas`. */
  readonly field: string;
}

/** The contested fields of a refusal; none when it was refused for something else. */
export function contestedFields({ status, reason, fields }: KubeError): readonly Contested[] {
  if (status !== 409 || reason !== 'Conflict') return [];
  return fields.flatMap(({ field, message }) => {
    const manager = /^conflict with "([^"]*)"/.exec(message)?.[1];
    return manager === undefined ? [] : [{ manager, field: field.replace(/^\./, '') }];
  });
}

/** For people: who has what. */
export function describeContested(contested: readonly Contested[]): string {
  const managers = [...new Set(contested.map(({ manager }) => manager))];
  const parts = managers.map((manager) => {
    const fields = contested.filter((one) => one.manager === manager).map(({ field }) => field);
    const shown = fields.slice(0, 5).join(', ');
    return `${manager} manages ${shown}${fields.length > 5 ? ` and ${fields.length - 5} more` : ''}`;
  });
  return `${parts.join('; ')}: left to it, as the policy says. Let it give the fields up, take them out of the pack, or set conflicts: take`;
}
