/**
 * Closes a switch over a union: a variant that is added later fails to compile here.
 *
 * @throws Error when a value outside the union gets here at run time.
 */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
