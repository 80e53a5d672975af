import type { SqlSession } from '@counterfoil/runtime';
import { type EventCodec, eventCodec } from '../event-codec.ts';
import type { RecordedEvents } from '../recorded-events.ts';
import { checkedSchema, eventLogSchemaDefault } from './migrations.ts';
import { readCorrelatedEvents } from './read-events.ts';

/** Over the tables of the PostgreSQL event store, by their index of correlation ids. */
export function postgresRecordedEvents(
  options: Readonly<{ database: SqlSession; schema?: string; codec?: EventCodec }>,
): RecordedEvents {
  const source = {
    session: options.database,
    schema: checkedSchema(options.schema ?? eventLogSchemaDefault),
    codec: options.codec ?? eventCodec(),
  };
  return {
    byCorrelation: (correlation, limit) => readCorrelatedEvents(source, correlation, limit),
  };
}
