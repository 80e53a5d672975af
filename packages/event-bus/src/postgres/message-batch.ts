import type { Database } from '@counterfoil/runtime';
import type { MemberName } from './group-leases.ts';

/** A message as the tables hold it; `attempts` are used up, `key` is in its stored form. */
export type StoredMessage = Readonly<{
  partition: number;
  position: bigint;
  key: string;
  messageId: string;
  payload: string;
  attempts: number;
  isParked: boolean;
}>;

/** What follows the cursor of one partition. */
export type LogBatch = Readonly<{ cursor: bigint; messages: readonly StoredMessage[] }>;

/**
 * The next messages of several partitions in one statement, of those whose lease is still ours;
 * partitions without any are not in the answer.
 */
export async function readLog(
  database: Database,
  { topic, group, member }: MemberName,
  query: Readonly<{ partitions: readonly number[]; limit: number }>,
): Promise<ReadonlyMap<number, LogBatch>> {
  const { rows } = await database.query(
    `select s.partition, s.cursor, m.position, m.key, m.message_id, m.payload
     from counterfoil_bus.subscriptions s
     cross join lateral (
       select position, key, message_id, payload from counterfoil_bus.messages
       where topic = s.topic and partition = s.partition and position > s.cursor
       order by position limit $5
     ) m
     where s.topic = $1 and s.group_name = $2 and s.member = $3
       and s.partition = any($4::smallint[])
     order by s.partition, m.position`,
    [topic, group, member, [...query.partitions], query.limit],
    { name: 'counterfoil-bus-read' },
  );
  const batches = new Map<number, { cursor: bigint; messages: StoredMessage[] }>();
  for (const row of rows) {
    const message = storedMessage(row, false);
    const batch = batches.get(message.partition) ?? {
      cursor: BigInt(String(row['cursor'])),
      messages: [],
    };
    batch.messages.push(message);
    batches.set(message.partition, batch);
  }
  return batches;
}

/** In order of keys, and of positions in a key; `isCut` when there are more. */
export type ParkedBatch = Readonly<{
  cursor: bigint;
  messages: readonly StoredMessage[];
  isCut: boolean;
}>;

/** Parked messages of the given keys; null when the partition is not ours. */
export async function readParked(
  database: Database,
  { topic, group, member }: MemberName,
  query: Readonly<{ partition: number; keys: readonly string[]; limit: number }>,
): Promise<ParkedBatch | null> {
  const lease = await database.query(
    `select cursor from counterfoil_bus.subscriptions
     where topic = $1 and group_name = $2 and member = $3 and partition = $4`,
    [topic, group, member, query.partition],
    { name: 'counterfoil-bus-cursor' },
  );
  const held = lease.rows[0];
  if (!held) return null;
  const { rows } = await database.query(
    `select partition, position, key, message_id, payload, attempts from counterfoil_bus.parked
     where topic = $1 and group_name = $2 and partition = $3 and key = any($4::text[])
     order by key, position limit $5`,
    [topic, group, query.partition, [...query.keys], query.limit + 1],
    { name: 'counterfoil-bus-parked' },
  );
  return {
    cursor: BigInt(String(held['cursor'])),
    messages: rows.slice(0, query.limit).map((row) => storedMessage(row, true)),
    isCut: rows.length > query.limit,
  };
}

const storedMessage = (
  row: Readonly<Record<string, unknown>>,
  isParked: boolean,
): StoredMessage => ({
  partition: row['partition'] as number,
  position: BigInt(String(row['position'])),
  key: String(row['key']),
  messageId: String(row['message_id']),
  payload: String(row['payload']),
  attempts: isParked ? (row['attempts'] as number) : 0,
  isParked,
});

/** The keys of a partition that are held back, and in how many milliseconds each is due. */
export type HeldBack = Readonly<{ dueInMs: ReadonlyMap<string, number>; parkedCount: number }>;

/** Partitions without parked messages are not in the answer. */
export async function readHeldBack(
  database: Database,
  { topic, group }: MemberName,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, HeldBack>> {
  const { rows } = await database.query(
    `select distinct on (partition, key) partition, key,
       count(*) over (partition by partition)::integer as parked_count,
       least(${dueMsMax}, greatest(0,
         coalesce(ceil(extract(epoch from due_at - clock_timestamp()) * 1000), 0)))::integer
         as due_in_ms
     from counterfoil_bus.parked
     where topic = $1 and group_name = $2 and partition = any($3::smallint[])
     order by partition, key, position`,
    [topic, group, [...partitions]],
    { name: 'counterfoil-bus-held-back' },
  );
  const held = new Map<number, { dueInMs: Map<string, number>; parkedCount: number }>();
  for (const row of rows) {
    const partition = row['partition'] as number;
    const one = held.get(partition) ?? {
      dueInMs: new Map<string, number>(),
      parkedCount: row['parked_count'] as number,
    };
    one.dueInMs.set(String(row['key']), row['due_in_ms'] as number);
    held.set(partition, one);
  }
  return held;
}

/** Read again long before that; keeps the answer within an integer. */
const dueMsMax = 2_000_000_000;
