import { invariant } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { jsonOfRow, rowOfSql } from './row-codec.ts';
import { columnList, columnName, type TableShape } from './table-shape.ts';

/** The rows of one table that a batch touches, in memory until `flush`. */
export type WorkingRows<Row extends object> = Readonly<{
  get: (key: Partial<Row>) => Row | undefined;
  put: (row: Row) => void;
  remove: (key: Partial<Row>) => void;
  /** One upsert and one delete, whatever the size of the batch. */
  flush: () => Promise<void>;
}>;

/** Reads the rows of `keys` in one statement. Getting a row that was not asked for is a bug of ours. */
export async function workingRows<Row extends object>(
  session: SqlSession,
  shape: TableShape<Row>,
  keys: readonly NoInfer<Partial<Row>>[],
): Promise<WorkingRows<Row>> {
  const keyOf = (row: Partial<Row>) => JSON.stringify(shape.key.map((part) => row[part]));
  const asked = new Map(keys.map((key) => [keyOf(key), key]));
  const rows = new Map<string, Row>();
  const changed = new Set<string>();
  if (asked.size > 0) {
    for (const sqlRow of await selectByKeys(session, shape, [...asked.values()])) {
      const row = rowOfSql(shape, sqlRow);
      rows.set(keyOf(row), row);
    }
  }
  return {
    get: (key) => {
      invariant(asked.has(keyOf(key)), `${shape.name} ${keyOf(key)} was not read for this batch`);
      return rows.get(keyOf(key));
    },
    put: (row) => {
      asked.set(keyOf(row), row);
      rows.set(keyOf(row), row);
      changed.add(keyOf(row));
    },
    remove: (key) => {
      asked.set(keyOf(key), key);
      rows.delete(keyOf(key));
      changed.add(keyOf(key));
    },
    flush: async () => {
      const kept = [...changed].flatMap((key) => rows.get(key) ?? []);
      const gone = [...changed]
        .filter((key) => !rows.has(key))
        .flatMap((key) => asked.get(key) ?? []);
      await upsertRows(session, shape, kept);
      await deleteRows(session, shape, gone);
      changed.clear();
    },
  };
}

/** Rows whose key is in the table already are left as they are. */
export async function insertRows<Row extends object>(
  session: SqlSession,
  shape: TableShape<Row>,
  rows: readonly NoInfer<Row>[],
): Promise<void> {
  await insert(session, shape, rows, 'do nothing');
}

async function upsertRows<Row extends object>(
  session: SqlSession,
  shape: TableShape<Row>,
  rows: readonly Row[],
): Promise<void> {
  const key: readonly string[] = shape.key;
  const updates = Object.keys(shape.columns)
    .filter((property) => !key.includes(property))
    .map((property) => `${columnName(property)} = excluded.${columnName(property)}`);
  await insert(
    session,
    shape,
    rows,
    updates.length === 0 ? 'do nothing' : `do update set ${updates.join(', ')}`,
  );
}

async function insert<Row extends object>(
  session: SqlSession,
  shape: TableShape<Row>,
  rows: readonly Row[],
  onConflict: string,
): Promise<void> {
  if (rows.length === 0) return;
  const key = shape.key.map(columnName).join(', ');
  await session.query(
    `insert into ${shape.name} (${columnList(shape)}) select ${columnList(shape)}
     from json_populate_recordset(null::${shape.name}, $1::json) on conflict (${key}) ${onConflict}`,
    [JSON.stringify(rows.map((row) => jsonOfRow(shape, row)))],
  );
}

async function selectByKeys<Row extends object>(
  session: SqlSession,
  shape: TableShape<Row>,
  keys: readonly Partial<Row>[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { rows } = await session.query(
    `select ${columnList(shape, 'kept')} from ${shape.name} as kept
     join json_populate_recordset(null::${shape.name}, $1::json) as asked
     using (${shape.key.map(columnName).join(', ')})`,
    [keysAsJson(shape, keys)],
  );
  return rows;
}

async function deleteRows<Row extends object>(
  session: SqlSession,
  shape: TableShape<Row>,
  keys: readonly Partial<Row>[],
): Promise<void> {
  if (keys.length === 0) return;
  const isSame = shape.key.map((part) => `kept.${columnName(part)} = gone.${columnName(part)}`);
  await session.query(
    `delete from ${shape.name} as kept
     using json_populate_recordset(null::${shape.name}, $1::json) as gone where ${isSame.join(' and ')}`,
    [keysAsJson(shape, keys)],
  );
}

const keysAsJson = <Row extends object>(shape: TableShape<Row>, keys: readonly Partial<Row>[]) =>
  JSON.stringify(
    keys.map((key) =>
      Object.fromEntries(shape.key.map((part) => [columnName(part), String(key[part])])),
    ),
  );
