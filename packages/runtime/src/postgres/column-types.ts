import pg from 'pg';

const keepText = (text: string): string => text;

const objectIds = {
  int8: 20,
  numeric: 1700,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
} as const;

const textArrayObjectId: number = 1009;
const arrayObjectIds = {
  int8: 1016,
  numeric: 1231,
  date: 1182,
  timestamp: 1115,
  timestamptz: 1185,
} as const;

/**
 * How columns arrive: whatever JavaScript would round stays text. pg reads `numeric[]` as numbers
 * and drops the microseconds of instants unless it is told so. `json` and `jsonb` go through
 * JSON.parse, so amounts inside them must be strings; `bytea` is a Buffer.
 */
export function columnTypes(): pg.CustomTypesConfig {
  const overrides = new pg.TypeOverrides();
  const textArray = pg.types.getTypeParser(textArrayObjectId, 'text');
  for (const id of Object.values(objectIds)) overrides.setTypeParser(id, keepText);
  for (const id of Object.values(arrayObjectIds)) overrides.setTypeParser(id, textArray);
  return overrides;
}
