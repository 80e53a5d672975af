/** Collects conditions and their values; `$n` numbers follow the order of adding. */
export type SqlFilters = Readonly<{
  /** `condition` is built from the placeholder of `value`; nothing is added for undefined or null. */
  add: (value: string | null | undefined, condition: (placeholder: string) => string) => void;
  /** A keyset condition: the row value of `columns` comes after (or before) `key`. */
  addKey: (
    key: readonly string[] | null,
    columns: readonly Readonly<{ sql: string; type: string }>[],
    comparison: '>' | '<',
  ) => void;
  /** `where …`, or nothing when no condition was added. */
  where: () => string;
  values: () => readonly string[];
}>;

export function sqlFilters(): SqlFilters {
  const conditions: string[] = [];
  const values: string[] = [];
  const placeholder = (value: string) => `$${values.push(value)}`;
  return {
    add: (value, condition) => {
      if (value !== undefined && value !== null) conditions.push(condition(placeholder(value)));
    },
    addKey: (key, columns, comparison) => {
      if (key === null) return;
      const left = columns.map((column) => column.sql).join(', ');
      const right = columns.map((column, at) => `${placeholder(key[at] ?? '')}::${column.type}`);
      conditions.push(`(${left}) ${comparison} (${right.join(', ')})`);
    },
    where: () => (conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`),
    values: () => values,
  };
}
