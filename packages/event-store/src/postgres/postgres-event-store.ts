import { type Checkpoint, checkpoint, streamVersion } from '@counterfoil/domain';
import type { Clock, Database } from '@counterfoil/runtime';
import { appendSignal } from '../append-signal.ts';
import { checkedAppend } from '../checked-append.ts';
import { type EventCodec, eventCodec } from '../event-codec.ts';
import type { EventStore } from '../event-store.ts';
import { commitGroup } from './commit-group.ts';
import { groupCommit } from './group-commit.ts';
import { checkedSchema, eventLogSchemaDefault } from './migrations.ts';
import { readHead, readLogEvents, readStreamEvents } from './read-events.ts';

export type PostgresEventStoreOptions = Readonly<{
  /** Migrated with `eventLogMigrations` of the same schema. */
  database: Database;
  clock: Clock;
  codec?: EventCodec;
  schema?: string;
  groupSizeMax?: number;
  groupWaitMs?: number;
  groupsInFlightMax?: number;
  queueLengthMax?: number;
}>;

// Beyond a few hundred events a group gains little throughput and every append in it waits longer.
const groupSizeMaxDefault = 500;
// While one group holds the lock and syncs, the next is sent, parsed and waits for the lock. A third
// only takes connections from others.
const groupsInFlightMaxDefault = 2;
// Half a second's work at full load; a caller who would wait longer is better refused.
const queueLengthMaxDefault = 10_000;
// A reader's page is held in memory, decoded.
const readLimitMax = 10_000;

/**
 * The event log in PostgreSQL 14 or newer. Appends of concurrent callers are committed in groups
 * under one advisory lock, so positions are contiguous and in commit order, and a plain number is a
 * safe checkpoint. Several processes may append. A checkpoint is a decimal number; `readAll`
 * returns at most 10,000 events whatever its limit.
 */
export function postgresEventStore(options: PostgresEventStoreOptions): EventStore {
  const { database, clock, codec = eventCodec() } = options;
  const schema = checkedSchema(options.schema ?? eventLogSchemaDefault);
  const source = { session: database, schema, codec };

  let headKnown = 0n;
  const learnHead = (head: bigint) => {
    const isNew = head > headKnown;
    if (isNew) headKnown = head;
    return isNew;
  };
  const signal = appendSignal({
    clock,
    hasAdvanced: async () => learnHead(await readHead(source)),
  });

  const onAppended = (head: bigint) => {
    learnHead(head);
    signal.raise();
  };
  const committer = { database, schema, codec, now: clock.now, onAppended };
  const append = groupCommit({
    clock,
    groupSizeMax: options.groupSizeMax ?? groupSizeMaxDefault,
    groupWaitMs: options.groupWaitMs ?? 0,
    groupsInFlightMax: options.groupsInFlightMax ?? groupsInFlightMaxDefault,
    queueLengthMax: options.queueLengthMax ?? queueLengthMaxDefault,
    commit: (segments) => commitGroup(committer, segments),
  });

  return {
    appendToStream: async (request) => append(checkedAppend(request, codec)),
    // A connection of the pool and its socket are a few promises away, and no timer.
    underWay: clock.turn,
    readStream: (stream, { after = streamVersion(0n), limit } = {}) =>
      readStreamEvents(source, stream, after, limit ?? null),
    readAll: async ({ after, limit }) => {
      const from = positionOf(after);
      const events = await readLogEvents(source, from, Math.min(limit, readLimitMax));
      return { events, next: events.at(-1)?.position ?? after };
    },
    head: async () => {
      const head = await readHead(source);
      return head === 0n ? 'start' : checkpoint(String(head));
    },
    encode: codec.encode,
    waitForAppend: signal.wait,
  };
}

function positionOf(after: Checkpoint | 'start'): bigint {
  if (after === 'start') return 0n;
  if (!/^\d{1,18}$/.test(after)) throw new Error(`${after} is no checkpoint of this log`);
  return BigInt(after);
}
