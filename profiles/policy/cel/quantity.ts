/** Amounts as Kubernetes writes them: `100m`, `1.5Gi`, `2e3`. */

const SUFFIXES: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 2n ** 10n * 10n ** 9n,
  Mi: 2n ** 20n * 10n ** 9n,
  Gi: 2n ** 30n * 10n ** 9n,
  Ti: 2n ** 40n * 10n ** 9n,
  Pi: 2n ** 50n * 10n ** 9n,
  Ei: 2n ** 60n * 10n ** 9n,
};

/** A class, because CEL tells types by it. */
export class Quantity {
  /** In billionths; what is smaller is rounded up, as Kubernetes does. */
  readonly nano: bigint;
  constructor(nano: bigint) {
    this.nano = nano;
  }
}

/** Undefined for text that is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const found = /^([+-]?)(\d{1,30})?(?:\.(\d{0,30}))?(?:([eE][+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (!found) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = found;
  const scale = SUFFIXES[suffix];
  if (whole + fraction === '' || scale === undefined) return undefined;
  const power = exponent === undefined ? 0 : Number(exponent.slice(1));
  let amount = BigInt(whole + fraction) * scale;
  if (power > 0) amount *= 10n ** BigInt(power);
  const divisor = 10n ** BigInt(fraction.length + Math.max(-power, 0));
  amount = (amount + divisor - 1n) / divisor;
  return new Quantity(sign === '-' ? -amount : amount);
}
