import type { MacroContext } from '#protocol/desired-state';

import { RenderError } from './errors.ts';

/** Shorter values are words such as `true` and numbers; hiding them would hide what is wrong. */
const SHORTEST_SECRET = 6;

/**
 * Helm and parsers quote values in their complaints, and any of them may be a secret: what came from a macro is named, not
 * shown.
 */
export function withoutValues(
  error: RenderError,
  { variables, macros }: Pick<MacroContext, 'variables' | 'macros'>,
): RenderError {
  const names = new Map<string, string>();
  for (const [group, values] of [
    ['macro', macros],
    ['var', variables],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      if (value.length < SHORTEST_SECRET) continue;
      for (const form of [value, JSON.stringify(value).slice(1, -1)]) names.set(form, `{{.spectro.${group}.${name}}}`);
    }
  }
  if (names.size === 0) return error;
  // In one pass, the longest first: a value may be part of another, or of another's name.
  const forms = [...names.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(forms.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  const clean = (message: string): string => message.replaceAll(pattern, (form) => names.get(form) ?? form);
  const problems = error.problems.map((problem) => ({ ...problem, message: clean(problem.message) }));
  return new RenderError(error.code, problems);
}
