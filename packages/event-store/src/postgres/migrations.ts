import type { MigrationSet } from '@counterfoil/runtime';
import {
  appendBatchFunction,
  appendByRowFunction,
  appendRememberingFunction,
} from './append-batch-sql.ts';

const schemaPattern = /^[a-z_][a-z0-9_]{0,47}$/;

/** Where the log is unless a deployment says otherwise. */
export const eventLogSchemaDefault = 'counterfoil_log';

/** The tables of the event log, append-only and in order; the first step makes the schema. */
export function eventLogMigrations(schema: string = eventLogSchemaDefault): MigrationSet {
  const name = checkedSchema(schema);
  return {
    owner: name,
    migrations: [
      { name: '0001_event_log', sql: eventLog(name) },
      { name: '0002_snapshots', sql: snapshots(name) },
      { name: '0003_append_by_row', sql: appendByRow(name) },
      { name: '0004_append_remembering', sql: appendRemembering(name) },
    ],
  };
}

/** The schema's name goes into SQL text, so nothing but a plain identifier is taken. */
export function checkedSchema(schema: string): string {
  if (!schemaPattern.test(schema)) throw new Error(`${schema} cannot name a PostgreSQL schema`);
  return schema;
}

// `json`, not `jsonb`: provider text may hold a null character or half a surrogate pair, which
// jsonb cannot, and json keeps what was written to the letter. `streams` is a view: a table of
// versions would be updated by every append, and bloat under any long-running reader. The toast
// target keeps events of up to 8 kB in their row: compressing them took longer than the insert.
const eventLog = (schema: string) => `-- compatible
create schema if not exists ${schema};

create table ${schema}.events (
  position bigint primary key,
  stream_id text collate "C" not null,
  version bigint not null check (version > 0),
  event_id uuid not null unique,
  type text not null,
  schema_version integer not null,
  data json not null,
  correlation_id text collate "C" not null,
  causation_id text collate "C" not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  unique (stream_id, version)
) with (toast_tuple_target = 8160);
create index events_correlation_id on ${schema}.events (correlation_id);

create view ${schema}.streams as
  select stream_id, max(version) as version from ${schema}.events group by stream_id;

${appendBatchFunction(schema)}
`;

const snapshots = (schema: string) => `-- compatible
create table ${schema}.snapshots (
  stream_id text collate "C" primary key,
  version bigint not null,
  schema_version integer not null,
  state json not null
);
`;

const appendByRow = (schema: string) => `-- compatible
${appendByRowFunction(schema)}
`;

const appendRemembering = (schema: string) => `-- compatible
${appendRememberingFunction(schema)}
`;
