/** The store as the rest of the plane sees it: the same over PGlite and over a PostgreSQL server. */
import type { TenantUid } from '#protocol/identifiers';

/** A query parameter. JSON goes in as text (`JSON.stringify`) with a cast `$1::jsonb`, for both drivers alike. */
export type SqlValue =
  | string
  | number
  | boolean
  | bigint
  | Date
  | Uint8Array
  | null
  | undefined
  | readonly string[]
  | readonly number[];

/**
 * A running transaction. Rows hold: timestamps as Date, int8 and count as number, jsonb parsed, bytea as Uint8Array.
 * It ends with the function that it was given to; a query after that is refused.
 */
export interface Transaction {
  /** The rows of one statement. `Row` is what the statement returns: kept true by whoever writes the SQL. */
  query<Row extends object>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
  /** Runs one statement. @returns how many rows it changed. */
  execute(sql: string, params?: readonly SqlValue[]): Promise<number>;
  /**
   * Calls `work` once the transaction is committed, never when it is rolled back; in the order of registration, outside
   * the transaction. It must not throw: what it throws is logged and dropped.
   */
  afterCommit(work: () => void): void;
}

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

export interface TransactionOptions {
  /** Default: `read committed`. */
  readonly isolation?: Isolation;
  readonly readOnly?: boolean;
  /** Checked before each statement; a statement that runs is bounded by the store's own time-out. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs `work` again, a bounded number of times, after a serialization failure or a deadlock: it must not act outside. */
export type RunTransaction = <T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions) => Promise<T>;

/** One tenant's view: row-level security shows and takes rows of this tenant alone. */
export interface TenantDatabase {
  readonly tenantUid: TenantUid;
  readonly transaction: RunTransaction;
}

/** The view across tenants, for migrations, token look-ups, the relay and supervision. */
export interface SystemDatabase {
  readonly transaction: RunTransaction;
}

export interface Database {
  readonly kind: 'pglite' | 'postgres';
  forTenant(tenantUid: TenantUid): TenantDatabase;
  asSystem(): SystemDatabase;
  /** Resolves when the database answers. @throws when it does not. */
  ping(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Waits for running transactions, then closes. */
  close(): Promise<void>;
}
