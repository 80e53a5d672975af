import type { SqlSession } from '@counterfoil/runtime';
import type { RecordedEvent } from './ledger-event.ts';
import type { ModelName } from './model-name.ts';

/**
 * Rows as a pure function of the log: no clock, no serial ids, nothing that depends on how the log
 * was cut into batches. Everything is addressed by unqualified names; the session's search path
 * says which copy of the model is meant.
 */
export type Projection = Readonly<{
  name: ModelName;
  /** Counted up when rows or tables change their meaning: older tables are then rebuilt. */
  version: number;
  /** DDL, in order. */
  tables: readonly string[];
  /** The tables' names, for comparing two copies. Unique across all models. */
  tableNames: readonly string[];
  /** Called inside a database transaction with consecutive events; the caller moves the checkpoint. */
  apply: (batch: readonly RecordedEvent[], session: SqlSession) => Promise<void>;
}>;
