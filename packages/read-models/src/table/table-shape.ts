/** How a column is kept; a question mark allows null. Money is `units`, never a float. */
export type ColumnKind =
  | 'text'
  | 'text?'
  | 'units'
  | 'units?'
  | 'version'
  | 'instant'
  | 'instant?'
  | 'flag'
  | 'json'
  | 'json?';

/**
 * A table as its projection sees it: the row's properties in camel case, each with its kind. The
 * DDL, the upsert and the reading of rows all come from here and cannot disagree.
 */
export type TableShape<Row extends object> = Readonly<{
  name: string;
  columns: Readonly<Record<keyof Row & string, ColumnKind>>;
  key: readonly (keyof Row & string)[];
}>;

export const columnName = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** For `select`, in the order of the shape, each qualified by `alias` when one is given. */
export const columnList = <Row extends object>(shape: TableShape<Row>, alias?: string): string =>
  Object.keys(shape.columns)
    .map((property) => `${alias === undefined ? '' : `${alias}.`}${columnName(property)}`)
    .join(', ');

// Texts compare by their bytes, so that order and cursors are the same on every server.
const sqlTypes: Readonly<Record<ColumnKind, string>> = {
  text: 'text collate "C" not null',
  'text?': 'text collate "C"',
  units: 'numeric(38,0) not null',
  'units?': 'numeric(38,0)',
  version: 'bigint not null',
  instant: 'timestamptz(3) not null',
  'instant?': 'timestamptz(3)',
  flag: 'boolean not null',
  json: 'jsonb not null',
  'json?': 'jsonb',
};

/** The DDL for an unqualified name: the session's search path says in which schema it becomes. */
export function createTable<Row extends object>(shape: TableShape<Row>): string {
  const columns = Object.entries<ColumnKind>(shape.columns).map(
    ([property, kind]) => `${columnName(property)} ${sqlTypes[kind]}`,
  );
  const key = shape.key.map(columnName).join(', ');
  return `create table ${shape.name} (${columns.join(', ')}, primary key (${key}))`;
}
