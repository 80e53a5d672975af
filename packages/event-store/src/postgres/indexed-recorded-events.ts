import {
  type Checkpoint,
  checkpoint,
  type CorrelationId,
  type Recorded,
  streamVersion,
} from '@counterfoil/domain';
import type { Database, MigrationSet, SqlSession } from '@counterfoil/runtime';
import type { EventStore } from '../event-store.ts';
import type { RecordedEvents } from '../recorded-events.ts';

const schema = 'counterfoil_causes';

/** The tables of `indexedRecordedEvents`. */
export const recordedEventsIndexMigrations: MigrationSet = {
  owner: schema,
  migrations: [
    {
      name: '0001_causes',
      sql: `-- compatible
create schema ${schema};

create table ${schema}.causes (
  position numeric(20) primary key,
  correlation_id text collate "C" not null,
  stream_id text collate "C" not null,
  version bigint not null
);
create index causes_correlation_id on ${schema}.causes (correlation_id, position);

create table ${schema}.checkpoint (
  is_only boolean primary key default true check (is_only),
  position text not null
);
insert into ${schema}.checkpoint (position) values ('start');
`,
    },
  ],
};

const pageSize = 1_000;

/**
 * For a log that is not in PostgreSQL and has no index of causes: keeps one there. It is brought up
 * to date when it is asked, so an answer includes what was appended before the question, and the
 * first question after a long time waits for all of that: some 20,000 events a second. Several
 * processes may share it.
 */
export function indexedRecordedEvents(
  options: Readonly<{ store: Pick<EventStore, 'readAll' | 'readStream'>; database: Database }>,
): RecordedEvents {
  const { store, database } = options;
  return {
    byCorrelation: async (correlationId, limit) => {
      while (await database.transaction((session) => indexPage(session, store)));
      const found: Recorded[] = [];
      for (const { stream, after, count } of await runsOf(database, correlationId, limit)) {
        const range = { after: streamVersion(after), limit: count };
        found.push(...(await store.readStream(stream, range)).events);
      }
      return found;
    },
  };
}

/** False at the end of the log. */
async function indexPage(session: SqlSession, store: Pick<EventStore, 'readAll'>) {
  const kept = await session.query(`select position from ${schema}.checkpoint for update`);
  const position = String(kept.rows[0]?.['position']);
  const after: Checkpoint | 'start' = position === 'start' ? position : checkpoint(position);
  const { events, next } = await store.readAll({ after, limit: pageSize });
  if (events.length === 0) return false;
  await session.query(
    `insert into ${schema}.causes (position, correlation_id, stream_id, version)
     select * from unnest($1::numeric[], $2::text[], $3::text[], $4::bigint[])`,
    [
      events.map((recorded) => recorded.position),
      events.map((recorded) => recorded.correlationId),
      events.map((recorded) => recorded.stream),
      events.map((recorded) => String(recorded.version)),
    ],
  );
  await session.query(`update ${schema}.checkpoint set position = $1`, [next]);
  return events.length === pageSize;
}

/** Where the events are; those that follow each other in log and stream are read together. */
async function runsOf(database: Database, correlationId: CorrelationId, limit: number) {
  const { rows } = await database.query(
    `select stream_id, version from ${schema}.causes
     where correlation_id = $1 order by position limit $2`,
    [correlationId, limit],
  );
  const runs: { stream: string; after: bigint; count: number }[] = [];
  for (const row of rows) {
    const stream = String(row['stream_id']);
    const after = BigInt(String(row['version'])) - 1n;
    const run = runs.at(-1);
    if (run?.stream === stream && after === run.after + BigInt(run.count)) run.count += 1;
    else runs.push({ stream, after, count: 1 });
  }
  return runs;
}
