import type { SqlValue } from './database.ts';

/** One connection while a transaction holds it. */
export interface Session {
  run(
    sql: string,
    params: readonly SqlValue[],
  ): Promise<{ readonly rows: readonly object[]; readonly changed: number }>;
  /** Several statements without parameters. */
  script(sql: string): Promise<void>;
}

/** What the two engines differ in; everything else is `createDatabase`. */
export interface Driver {
  readonly kind: 'pglite' | 'postgres';
  /** BEGIN, `preamble` in the same round trip where possible, `work`, COMMIT; ROLLBACK and rethrow when it fails. */
  transaction<T>(preamble: string, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
