import type { DesiredState } from '#protocol/desired-state';

/** Values of the document's sensitive variables, wherever they are given. */
export function sensitiveTexts({ context, layers, sensitive = [] }: DesiredState): readonly string[] {
  const hidden = new Set(sensitive);
  return [context.variables, ...layers.map(({ variables }) => variables ?? {})]
    .flatMap((variables) => Object.entries(variables))
    .filter(([name]) => hidden.has(name))
    .map(([, value]) => value);
}
