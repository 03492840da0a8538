/** Which items of two lists belong together when nothing names them. */

export type Aligned =
  | { readonly kind: 'both'; readonly before: number; readonly after: number }
  | { readonly kind: 'removed'; readonly before: number }
  | { readonly kind: 'added'; readonly after: number };

/** Above so many comparisons items are paired by position: such lists are data, nobody reads their differences. */
const MAX_CELLS = 1_000_000;

/**
 * Items by index: equal ones keep together (longest common subsequence), what stands between equal ones is paired in
 * order. Items are given by texts that are equal exactly when the items are.
 */
export function align(before: readonly string[], after: readonly string[]): readonly Aligned[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const endBefore = before.length - tail;
  const endAfter = after.length - tail;
  const aligned: Aligned[] = [];
  for (let at = 0; at < start; at++) aligned.push({ kind: 'both', before: at, after: at });
  let [i, j] = [start, start];
  for (const [left, right] of common(before.slice(start, endBefore), after.slice(start, endAfter))) {
    gap(aligned, i, start + left, j, start + right);
    aligned.push({ kind: 'both', before: start + left, after: start + right });
    [i, j] = [start + left + 1, start + right + 1];
  }
  gap(aligned, i, endBefore, j, endAfter);
  for (let at = 0; at < tail; at++) aligned.push({ kind: 'both', before: endBefore + at, after: endAfter + at });
  return aligned;
}

function gap(aligned: Aligned[], i: number, endBefore: number, j: number, endAfter: number): void {
  let [left, right] = [i, j];
  for (; left < endBefore && right < endAfter; left++, right++)
    aligned.push({ kind: 'both', before: left, after: right });
  for (; left < endBefore; left++) aligned.push({ kind: 'removed', before: left });
  for (; right < endAfter; right++) aligned.push({ kind: 'added', after: right });
}

/** Index pairs of a longest common subsequence; none when the lists are too long for that. */
function common(before: readonly string[], after: readonly string[]): readonly (readonly [number, number])[] {
  const width = after.length + 1;
  if (before.length * after.length > MAX_CELLS) return [];
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i] === after[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
