/** The CEL of our rules: the language with Kubernetes' libraries of strings, lists, sets, regular expressions and quantities. */
import { Environment } from '@marcbachmann/cel-js';

import { parseQuantity, Quantity } from './quantity.ts';

/** No expression of a person comes near; what does is refused when the rule is made. */
const LIMITS = { maxAstNodes: 5000, maxDepth: 100, maxListElements: 1000, maxMapEntries: 500, maxCallArguments: 16 };

/** Longest text that a variable may hold, and that a function makes of shorter ones. */
export const MAX_TEXT = 1_000_000;

export function createEnvironment(): Environment {
  const env = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits: LIMITS });
  for (const name of ['object', 'oldObject', 'params', 'variables', 'profile']) env.registerVariable(name, 'dyn');
  env.registerVariable('layer', 'string');
  registerStrings(env);
  registerLists(env);
  registerSets(env);
  registerQuantities(env);
  return env;
}

function registerStrings(env: Environment): void {
  env
    .registerFunction('string.charAt(int): string', (text: string, at: bigint) => {
      if (at < 0n || at > BigInt(text.length)) throw new RangeError(`charAt: there is no character ${at}`);
      return text.charAt(Number(at));
    })
    .registerFunction('string.replace(string, string): string', replaced)
    .registerFunction('string.replace(string, string, int): string', replaced)
    .registerFunction('string.find(string): string', (text: string, pattern: string) => {
      return new RegExp(pattern, 'u').exec(text)?.[0] ?? '';
    })
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
      [...text.matchAll(new RegExp(pattern, 'gu'))].map(([found]) => found),
    );
}

/** The first `times` occurrences, all of them without a number or with one below zero. */
function replaced(text: string, from: string, to: string, times = -1n): string {
  let left = times < 0n ? BigInt(text.length) + 1n : times;
  let length = text.length;
  return text.replaceAll(from, (found) => {
    if (left-- <= 0n) return found;
    length += to.length - found.length;
    // Told before it is made: what follows may be far more than memory holds.
    if (length > MAX_TEXT && to.length > found.length)
      throw new RangeError(`replace: the text would be longer than ${MAX_TEXT} characters`);
    return to;
  });
}

type Sortable = bigint | number | string;

function registerLists(env: Environment): void {
  const pick = (items: readonly Sortable[], better: (a: Sortable, b: Sortable) => boolean): Sortable => {
    const [first, ...rest] = items;
    if (first === undefined) throw new RangeError('the list is empty');
    return rest.reduce((best, item) => (better(item, best) ? item : best), first);
  };
  const index = (at: number): bigint => BigInt(at);
  env
    .registerFunction('list.isSorted(): bool', (items: readonly Sortable[]) =>
      items.every((item, at) => at === 0 || (items[at - 1] ?? item) <= item),
    )
    .registerFunction('list.min(): dyn', (items: readonly Sortable[]) => pick(items, (a, b) => a < b))
    .registerFunction('list.max(): dyn', (items: readonly Sortable[]) => pick(items, (a, b) => a > b))
    .registerFunction('list.sum(): dyn', (items: readonly (bigint | number)[]) =>
      items.every((item) => typeof item === 'bigint')
        ? items.reduce((sum, item) => sum + item, 0n)
        : items.reduce<number>((sum, item) => sum + Number(item), 0),
    )
    .registerFunction('list.indexOf(dyn): int', (items: readonly unknown[], item: unknown) =>
      index(items.indexOf(item)),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (items: readonly unknown[], item: unknown) =>
      index(items.lastIndexOf(item)),
    );
}

/** CEL's namespace `sets`: a type of its own, because functions of a namespace are methods of its one value. */
class Sets {
  readonly kind = 'sets';
}

function registerSets(env: Environment): void {
  const within = (items: readonly unknown[], of: readonly unknown[]): boolean =>
    items.every((item) => of.includes(item));
  env
    .registerType('Sets', Sets)
    .registerConstant('sets', 'Sets', new Sets())
    .registerFunction(
      'Sets.contains(list, list): bool',
      (_sets: Sets, all: readonly unknown[], some: readonly unknown[]) => within(some, all),
    )
    .registerFunction(
      'Sets.equivalent(list, list): bool',
      (_sets: Sets, a: readonly unknown[], b: readonly unknown[]) => within(a, b) && within(b, a),
    )
    .registerFunction(
      'Sets.intersects(list, list): bool',
      (_sets: Sets, a: readonly unknown[], b: readonly unknown[]) => a.some((item) => b.includes(item)),
    );
}

function registerQuantities(env: Environment): void {
  const sum = (a: Quantity, b: Quantity): Quantity => new Quantity(a.nano + b.nano);
  env
    .registerType('Quantity', Quantity)
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
    .registerFunction('quantity(string): Quantity', (text: string) => {
      const found = parseQuantity(text);
      if (!found)
        throw new RangeError(`${JSON.stringify(text.slice(0, 40))} is no quantity; expected such as 100m or 2Gi`);
      return found;
    })
    // Objects may write a quantity as a number: `cpu: 1`.
    .registerFunction('quantity(int): Quantity', (amount: bigint) => new Quantity(amount * 10n ** 9n))
    .registerFunction(
      'quantity(double): Quantity',
      (amount: number) => parseQuantity(String(amount)) ?? new Quantity(0n),
    )
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nano < b.nano)
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => a.nano > b.nano)
    .registerFunction('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) =>
      a.nano < b.nano ? -1n : a.nano > b.nano ? 1n : 0n,
    )
    .registerFunction('Quantity.add(Quantity): Quantity', sum)
    .registerFunction('Quantity.sub(Quantity): Quantity', (a: Quantity, b: Quantity) => new Quantity(a.nano - b.nano))
    .registerFunction('Quantity.sign(): int', (one: Quantity) => (one.nano > 0n ? 1n : one.nano < 0n ? -1n : 0n))
    .registerFunction('Quantity.isInteger(): bool', (one: Quantity) => one.nano % 10n ** 9n === 0n)
    .registerFunction('Quantity.asInteger(): int', (one: Quantity) => one.nano / 10n ** 9n)
    .registerFunction('Quantity.asApproximateFloat(): double', (one: Quantity) => Number(one.nano) / 1e9);
}
