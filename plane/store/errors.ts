/** Failures of the store by SQLSTATE, alike for both drivers. */

function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A row with this key is there already (23505); with `constraint`, only of that constraint or index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return sqlState(error) === '23505' && (constraint === undefined || constraintOf(error) === constraint);
}

/** A row refers to one that is not there, or is still referred to (23503). */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return sqlState(error) === '23503' && (constraint === undefined || constraintOf(error) === constraint);
}

function constraintOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'constraint' in error ? error.constraint : undefined;
}

/** Serialization failure and deadlock: the same transaction may well succeed when it runs again. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** The server was not there, or went away, before the transaction began: nothing was done. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  return (
    state !== undefined &&
    (['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', '57P03', '57P01'].includes(state) ||
      state.startsWith('08'))
  );
}

/** A statement or the wait for a lock took too long (57014, 55P03), or no connection came free. */
export function isBusy(error: unknown): boolean {
  const state = sqlState(error);
  if (state === '57014' || state === '55P03') return true;
  // pg gives this failure no code.
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}
