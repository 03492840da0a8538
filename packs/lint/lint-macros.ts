import { findMacroReferences, resolveMacros } from '../macros/resolve.ts';
import { scanUnclosedMacros } from '../macros/scan.ts';
import { MACRO_GROUPS } from '../macros/evaluate.ts';
import type { Problem } from '../problem.ts';
import { positionsOf } from '../text-position.ts';

/** Nothing is defined: whatever is wrong with a macro then, beyond its name being unknown, is its syntax. */
const NOTHING = { system: {}, macros: {}, variables: {}, packs: {} };

/** Macros that could never resolve, whatever a profile defines. */
export function lintMacros(file: string, text: string): Problem[] {
  const position = positionsOf(text);
  const problem = (place: { line: number; column: number }, message: string): Problem => ({
    severity: 'error',
    file,
    line: place.line,
    column: place.column,
    rule: 'macro-syntax',
    message,
  });
  return [
    ...scanUnclosedMacros(text).map((offset) => problem(position(offset), 'the macro does not close; expected "}}"')),
    ...findMacroReferences(text).flatMap((reference) => {
      if (reference.error !== undefined) return [problem(reference, `${reference.macro}: ${reference.error}`)];
      const bad = reference.paths.find((path) => !MACRO_GROUPS.some((group) => path.startsWith(`${group}.`)));
      return bad === undefined
        ? []
        : [
            problem(
              reference,
              `${reference.macro}: expected .spectro.var, .spectro.macro, .spectro.system or .spectro.pack and a name, found .spectro.${bad}`,
            ),
          ];
    }),
    ...resolveMacros(text, NOTHING)
      .problems.filter(({ kind, message }) => kind === 'invalid' && message.includes('function'))
      .map((found) => problem(found, `${found.macro}: ${found.message}`)),
  ];
}
