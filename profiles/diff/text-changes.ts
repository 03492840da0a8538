/** How two texts differ, line by line. */
import { align } from './align.ts';
import type { FieldChange } from './change.ts';

/** Lines that differ, each with its number on the side where it stands: `:12`; none exactly when the texts are equal. */
export function textChanges(path: string, before: string, after: string): FieldChange[] {
  if (before === after) return [];
  const [left, right] = [before.split('\n'), after.split('\n')];
  return align(left, right).flatMap((pair): FieldChange[] => {
    if (pair.kind === 'removed') return [{ path: `${path}:${pair.before + 1}`, before: left[pair.before] }];
    if (pair.kind === 'added') return [{ path: `${path}:${pair.after + 1}`, after: right[pair.after] }];
    const [old, now] = [left[pair.before], right[pair.after]];
    return old === now ? [] : [{ path: `${path}:${pair.after + 1}`, before: old, after: now }];
  });
}
