/** The rows of one statement. `int8` and `numeric` arrive as text, `bytea` as Uint8Array, `timestamptz` as text. */
export type SqlResult = Readonly<{
  rows: readonly Readonly<Record<string, unknown>>[];
  rowCount: number;
}>;

/** One connection, inside or outside a database transaction. */
export interface SqlSession {
  /**
   * A prepared statement when `name` is given. Rejects with the server's error, `code` kept, and after
   * `timeoutMs` without an answer, if that is less than the statement would have. A session that has
   * lost its connection rejects everything after that at once.
   */
  readonly query: (
    text: string,
    values?: readonly unknown[],
    options?: Readonly<{ name?: string; timeoutMs?: number }>,
  ) => Promise<SqlResult>;
}

/**
 * The only way to PostgreSQL: packages depend on this interface, `postgres/pool.ts` alone imports
 * pg. A lost server makes calls reject and later calls reconnect; nothing crashes the process.
 */
export interface Database extends SqlSession {
  /** Commits when `work` resolves, rolls back when it rejects. A throw after COMMIT was sent leaves the outcome unknown. */
  readonly transaction: <Value>(work: (session: SqlSession) => Promise<Value>) => Promise<Value>;
  /** A connection of one's own until `work` settles: for session advisory locks. */
  readonly withSession: <Value>(work: (session: SqlSession) => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
}
