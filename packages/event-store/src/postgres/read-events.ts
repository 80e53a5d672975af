import {
  checkpoint,
  commandId,
  correlationId,
  eventId,
  instant,
  type Recorded,
  type StreamVersion,
  streamVersion,
} from '@counterfoil/domain';
import type { SqlResult, SqlSession } from '@counterfoil/runtime';
import type { EventCodec } from '../event-codec.ts';

type Row = SqlResult['rows'][number];
type Source = Readonly<{ session: SqlSession; schema: string; codec: EventCodec }>;

// Milliseconds as text: a timestamp's own text depends on the server's settings.
const columns = `position, stream_id, version, event_id, type, schema_version, data::text as data,
  correlation_id, causation_id,
  (extract(epoch from occurred_at) * 1000)::bigint as occurred_ms,
  (extract(epoch from recorded_at) * 1000)::bigint as recorded_ms`;

/** One statement, so that version and events are of one moment. */
export async function readStreamEvents(
  { session, schema, codec }: Source,
  stream: string,
  after: StreamVersion,
  limit: number | null,
): Promise<Readonly<{ version: StreamVersion; events: readonly Recorded[] }>> {
  const { rows } = await session.query(
    `select latest.current, tail.* from (
       select coalesce(max(version), 0) as current from ${schema}.events where stream_id = $1
     ) latest
     left join lateral (
       select ${columns} from ${schema}.events
       where stream_id = $1 and version > $2 and version <= latest.current
       order by version limit $3
     ) tail on true
     order by tail.version`,
    [stream, String(after), limit],
    { name: `${schema}.read_stream` },
  );
  return {
    version: streamVersion(BigInt(String(rows[0]?.['current'] ?? 0))),
    events: rows.filter((row) => row['position'] !== null).map((row) => recordedOf(row, codec)),
  };
}

export async function readLogEvents(
  { session, schema, codec }: Source,
  after: bigint,
  limit: number,
): Promise<readonly Recorded[]> {
  const { rows } = await session.query(
    `select ${columns} from ${schema}.events where position > $1 order by position limit $2`,
    [String(after), limit],
    { name: `${schema}.read_all` },
  );
  return rows.map((row) => recordedOf(row, codec));
}

/** Zero for an empty log. */
export async function readHead({ session, schema }: Omit<Source, 'codec'>): Promise<bigint> {
  const { rows } = await session.query(
    `select coalesce(max(position), 0) as head from ${schema}.events`,
    [],
    { name: `${schema}.head` },
  );
  return BigInt(String(rows[0]?.['head']));
}

const recordedOf = (row: Row, codec: EventCodec): Recorded => ({
  event: codec.decode({
    type: String(row['type']),
    schemaVersion: Number(row['schema_version']),
    data: String(row['data']),
  }),
  eventId: eventId(String(row['event_id'])),
  stream: String(row['stream_id']),
  version: streamVersion(BigInt(String(row['version']))),
  position: checkpoint(String(row['position'])),
  occurredAt: instant(Number(row['occurred_ms'])),
  recordedAt: instant(Number(row['recorded_ms'])),
  correlationId: correlationId(String(row['correlation_id'])),
  causationId: commandId(String(row['causation_id'])),
});

/** What one cause led to, in log order. */
export async function readCorrelatedEvents(
  { session, schema, codec }: Source,
  correlation: string,
  limit: number,
): Promise<readonly Recorded[]> {
  const { rows } = await session.query(
    `select ${columns} from ${schema}.events where correlation_id = $1 order by position limit $2`,
    [correlation, limit],
    { name: `${schema}.read_correlated` },
  );
  return rows.map((row) => recordedOf(row, codec));
}
