/** From what was written to what is meant, with problems that say where. */
import type * as z from 'zod';

import type { Outcome } from './outcome.ts';
import { resolved } from './outcome.ts';

/** Parses `value`, which stands at `path`. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, path: string): Outcome<z.output<S>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return resolved(parsed.data);
  return {
    kind: 'wrong',
    problems: parsed.error.issues.map((issue) => ({
      reason: 'InvalidSpec',
      path: fieldPath(path, issue.path),
      message: issue.message,
    })),
  };
}

/** `spec.profiles[0].variables.replicas`; a key that is no word stands in brackets. */
export function fieldPath(above: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = String(step);
    return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;
  }, above);
}
