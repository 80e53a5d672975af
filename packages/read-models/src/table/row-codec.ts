import {
  firstInstant,
  fromWire,
  type Instant,
  instantText,
  invariant,
  type Json,
  type JsonObject,
  parseInstant,
  toWire,
} from '@counterfoil/domain';
import { type ColumnKind, columnName, type TableShape } from './table-shape.ts';

/** As PostgreSQL takes it: what earlier builds recorded for the year 0 stands at its first instant. */
export const sqlInstant = (at: Instant): string =>
  instantText(at < firstInstant ? firstInstant : at);

/** PostgreSQL writes a zone of whole hours as `+00`, which RFC 3339 does not allow. */
function instantOfSql(text: string): Instant {
  const at = parseInstant(/[+-]\d{2}$/.test(text) ? `${text}:00` : text);
  invariant(at !== null, `"${text}" is not an instant that PostgreSQL wrote`);
  return at;
}

/** A database row as the projection's own row: units as bigint, instants, documents from wire form. */
export function rowOfSql<Row extends object>(
  shape: TableShape<Row>,
  sqlRow: Readonly<Record<string, unknown>>,
): Row {
  const entries = Object.entries<ColumnKind>(shape.columns).map(
    ([property, kind]) => [property, valueOfSql(kind, sqlRow[columnName(property)])] as const,
  );
  return Object.fromEntries(entries) as Row;
}

function valueOfSql(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'units':
    case 'units?':
    case 'version':
      return BigInt(String(value));
    case 'instant':
    case 'instant?':
      return instantOfSql(String(value));
    case 'json':
    case 'json?':
      return fromWire(value as JsonObject);
    case 'text':
    case 'text?':
    case 'flag':
      return value;
  }
}

/** A row as JSON that `json_populate_recordset` reads: numbers as text, so that no digit is lost. */
export function jsonOfRow<Row extends object>(shape: TableShape<Row>, row: Row): JsonObject {
  const values = row as Readonly<Record<string, unknown>>;
  const entries = Object.entries<ColumnKind>(shape.columns).map(
    ([property, kind]) => [columnName(property), jsonOfValue(kind, values[property])] as const,
  );
  return Object.fromEntries(entries);
}

function jsonOfValue(kind: ColumnKind, value: unknown): Json {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'units':
    case 'units?':
    case 'version':
      return String(value);
    case 'instant':
    case 'instant?':
      return sqlInstant(value as Instant);
    case 'json':
    case 'json?':
      return toWire(value as object);
    case 'text':
    case 'text?':
    case 'flag':
      return value as Json;
  }
}
