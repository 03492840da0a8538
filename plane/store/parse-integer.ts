/**
 * An int8 as a number: counts, cursors and revisions are far below 2^53.
 *
 * @throws RangeError for a number that would lose digits.
 */
export function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the integer ${text} does not fit a number without loss`);
  return value;
}
