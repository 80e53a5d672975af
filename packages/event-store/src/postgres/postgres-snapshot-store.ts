import { type JsonObject, streamVersion } from '@counterfoil/domain';
import type { Database } from '@counterfoil/runtime';
import type { SnapshotStore } from '../snapshot-store.ts';
import { checkedSchema, eventLogSchemaDefault } from './migrations.ts';

/** Beside the event log, in the tables of `eventLogMigrations`. */
export function postgresSnapshotStore(
  options: Readonly<{ database: Database; schema?: string }>,
): SnapshotStore {
  const { database } = options;
  const schema = checkedSchema(options.schema ?? eventLogSchemaDefault);
  return {
    load: async (stream, schemaVersion) => {
      const { rows } = await database.query(
        `select version, state::text as state from ${schema}.snapshots
         where stream_id = $1 and schema_version = $2`,
        [stream, schemaVersion],
        { name: `${schema}.load_snapshot` },
      );
      const [row] = rows;
      if (row === undefined) return null;
      const version = streamVersion(BigInt(String(row['version'])));
      const state = JSON.parse(String(row['state'])) as JsonObject;
      return { stream, version, schemaVersion, state };
    },
    save: async ({ stream, version, schemaVersion, state }) => {
      await database.query(
        `insert into ${schema}.snapshots as kept (stream_id, version, schema_version, state)
         values ($1, $2, $3, $4)
         on conflict (stream_id) do update
         set version = excluded.version, schema_version = excluded.schema_version, state = excluded.state
         where kept.schema_version <> excluded.schema_version or kept.version < excluded.version`,
        [stream, String(version), schemaVersion, JSON.stringify(state)],
        { name: `${schema}.save_snapshot` },
      );
    },
  };
}
