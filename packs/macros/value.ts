/** A value while a macro is evaluated; `missing` is a name nobody defined. */
export type Value = Plain | Missing;

/** What functions take and give. */
export type Plain = string | number | boolean | readonly Plain[];

/** Most characters of a text that a function gives. */
export const MAX_RESULT = 1024 * 1024;

export interface Missing {
  readonly kind: 'missing';
  /** A sentence for people. */
  readonly reason: string;
}

export function isMissing(value: Value): value is Missing {
  return typeof value === 'object' && 'kind' in value;
}

/** As Go prints it. */
export function textOf(value: Plain | undefined): string {
  if (value === undefined) return '';
  return isList(value) ? `[${value.map(textOf).join(' ')}]` : String(value);
}

export function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}

/** Sprig's `empty`: nothing, zero, false. */
export function isEmpty(value: Plain): boolean {
  return value === '' || value === 0 || value === false || (isList(value) && value.length === 0);
}

/** @throws RangeError for what is no whole number. */
export function integer(value: Plain | undefined): number {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new RangeError(`expected a whole number, found ${JSON.stringify(value)}`);
  return number;
}

/** @throws RangeError for what is no number. */
export function decimal(value: Plain | undefined): number {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw new RangeError(`expected a number, found ${JSON.stringify(value)}`);
  return number;
}
