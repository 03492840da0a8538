/** Whether something thrown carries that code, as Node's system errors do. (`instanceof` fails across realms.) */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.some((code) => error.code === code);
}
