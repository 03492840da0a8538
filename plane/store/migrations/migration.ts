/** One step of the schema, forward only. Once released it never changes: its checksum is kept in the database. */
export interface Migration {
  /** Steps run in the order of their numbers, without gaps from 1. */
  readonly number: number;
  readonly name: string;
  /** Statements without parameters; they run as the owner of the tables, in one transaction. */
  readonly sql: string;
}
