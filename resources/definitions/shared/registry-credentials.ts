import type { ConfigProblem } from '#resources/engine/index';

/** A part of credentials that their type cannot do without. An unknown value will be there after all. */
export function missingCredential(type: string, key: string, value: unknown): ConfigProblem[] {
  if (value !== undefined && value !== '') return [];
  return [
    {
      path: ['credentials', 0, key],
      summary: `Credentials of the type "${type}" are incomplete`,
      detail: 'Give a value here, or another type.',
    },
  ];
}
