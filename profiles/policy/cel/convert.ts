/** JSON as CEL sees it, and back. */

const converted = new WeakMap<object, unknown>();

/** Whole numbers become CEL's `int`, as Kubernetes does with objects; everything else stays as it is. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const made = Array.isArray(value)
    ? value.map(toCel)
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  converted.set(value, made);
  return made;
}
