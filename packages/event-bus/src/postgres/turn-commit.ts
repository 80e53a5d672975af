import { type JsonObject, instant } from '@counterfoil/domain';
import type { Clock, Database, SqlSession } from '@counterfoil/runtime';
import { deadLetterTopic } from '../topics.ts';
import type { MemberName } from './group-leases.ts';
import type { Letter, Parking } from './partition-turn.ts';
import type { StoredMessage } from './message-batch.ts';
import { publishWithin } from './publisher.ts';
import { storedText, textOfStored } from '../stored-text.ts';

/** Where a turn began and where it leaves the cursor. */
export type CursorMove = Readonly<{ partition: number; from: bigint; to: bigint }>;

export type TurnCommit = CursorMove &
  Readonly<{
    parkings: readonly Parking[];
    removals: readonly StoredMessage[];
    letters: readonly Letter[];
  }>;

/** Someone else has the partition now, or moved its cursor: our outcome counts for nothing. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * An acknowledgement that a crash of the server forgets is a redelivery, which every consumer
 * takes: so these commits do not wait for the disk. Everything in one commit is kept or lost together.
 */
const withoutWaiting = "select set_config('synchronous_commit', 'off', true)";

/** Moves cursors only: the usual case. Gives the partitions whose move held. */
export async function moveCursors(
  database: Database,
  { topic, group, member }: MemberName,
  moves: readonly CursorMove[],
): Promise<ReadonlySet<number>> {
  const { rows } = await database.query(
    `with quick as (${withoutWaiting})
     update counterfoil_bus.subscriptions s set cursor = move.new_cursor
     from quick, unnest($4::smallint[], $5::bigint[], $6::bigint[])
       as move (partition, old_cursor, new_cursor)
     where s.topic = $1 and s.group_name = $2 and s.member = $3
       and s.partition = move.partition and s.cursor = move.old_cursor
     returning s.partition`,
    [
      topic,
      group,
      member,
      moves.map((move) => move.partition),
      moves.map((move) => move.from),
      moves.map((move) => move.to),
    ],
    { name: 'counterfoil-bus-move' },
  );
  return new Set(rows.map((row) => row['partition'] as number));
}

/**
 * Everything of a turn in one database transaction, under the lease. Given again after an unknown
 * outcome it changes nothing more. False when the lease is lost: then nothing was written.
 */
export async function commitTurn(
  database: Database,
  name: MemberName,
  turn: TurnCommit,
  clock: Clock,
): Promise<boolean> {
  try {
    await database.transaction(async (session) => {
      await session.query(withoutWaiting);
      await fence(session, name, turn);
      await park(session, name, turn);
      await remove(session, name, turn);
      await bury(session, name, turn, clock);
    });
    return true;
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  }
}

async function fence(session: SqlSession, name: MemberName, turn: CursorMove): Promise<void> {
  const { rowCount } = await session.query(
    `update counterfoil_bus.subscriptions set cursor = $6
     where topic = $1 and group_name = $2 and member = $3 and partition = $4 and cursor = $5`,
    [name.topic, name.group, name.member, turn.partition, turn.from, turn.to],
    { name: 'counterfoil-bus-fence' },
  );
  if (rowCount === 0) throw new LeaseLost();
}

async function park(session: SqlSession, name: MemberName, turn: TurnCommit): Promise<void> {
  const { parkings } = turn;
  if (parkings.length === 0) return;
  await session.query(
    `insert into counterfoil_bus.parked
       (topic, group_name, partition, position, key, message_id, payload, attempts, due_at, reason)
     select $1, $2, $3, p.position, p.key, p.message_id, p.payload, p.attempts,
       clock_timestamp() + p.delay_ms * interval '1 millisecond', p.reason
     from unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::integer[],
       $9::double precision[], $10::text[])
       as p (position, key, message_id, payload, attempts, delay_ms, reason)
     on conflict (topic, group_name, partition, position) do update
       set attempts = excluded.attempts, due_at = excluded.due_at, reason = excluded.reason`,
    [
      name.topic,
      name.group,
      turn.partition,
      parkings.map(({ message }) => message.position),
      parkings.map(({ message }) => message.key),
      parkings.map(({ message }) => message.messageId),
      parkings.map(({ message }) => message.payload),
      parkings.map(({ attempts }) => attempts),
      parkings.map(({ delayMs }) => delayMs),
      parkings.map(({ reason }) => (reason === null ? null : storedText(reason))),
    ],
    { name: 'counterfoil-bus-park' },
  );
}

async function remove(session: SqlSession, name: MemberName, turn: TurnCommit): Promise<void> {
  if (turn.removals.length === 0) return;
  await session.query(
    `delete from counterfoil_bus.parked
     where topic = $1 and group_name = $2 and partition = $3 and position = any($4::bigint[])`,
    [name.topic, name.group, turn.partition, turn.removals.map((message) => message.position)],
    { name: 'counterfoil-bus-unpark' },
  );
}

async function bury(
  session: SqlSession,
  name: MemberName,
  turn: TurnCommit,
  clock: Clock,
): Promise<void> {
  const { letters } = turn;
  if (letters.length === 0) return;
  const { rows } = await session.query(
    `insert into counterfoil_bus.dead_letters
       (topic, group_name, partition, position, key, message_id, payload, attempts, reason)
     select $1, $2, $3, d.position, d.key, d.message_id, d.payload, d.attempts, d.reason
     from unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::text[])
       as d (position, key, message_id, payload, attempts, reason)
     on conflict (topic, group_name, partition, position) do update
       set attempts = excluded.attempts, reason = excluded.reason, failed_at = excluded.failed_at
     returning id, position`,
    [
      name.topic,
      name.group,
      turn.partition,
      letters.map(({ message }) => message.position),
      letters.map(({ message }) => message.key),
      letters.map(({ message }) => message.messageId),
      letters.map(({ message }) => message.payload),
      letters.map(({ attempts }) => attempts),
      letters.map(({ reason }) => storedText(reason)),
    ],
    { name: 'counterfoil-bus-bury' },
  );
  // A dead letter of the dead-letter topic itself stays in the table, or it would go round for ever.
  if (name.topic === deadLetterTopic.name) return;
  const ids = new Map(rows.map((row) => [String(row['position']), String(row['id'])]));
  const outgoing = letters.map((letter) =>
    announcement(letter, ids.get(letter.message.position.toString()) ?? '', name, clock),
  );
  await publishWithin(session, deadLetterTopic.name, outgoing);
}

function announcement(letter: Letter, id: string, name: MemberName, clock: Clock) {
  const { message, attempts, reason } = letter;
  const key = textOfStored(message.key);
  const payload = deadLetterTopic.encode({
    id,
    topic: name.topic,
    group: name.group,
    key,
    messageId: textOfStored(message.messageId),
    reason,
    attempts,
    failedAt: instant(clock.now()),
    payload: JSON.parse(message.payload) as JsonObject,
    isWhole: true,
  });
  return { key, messageId: id, payload: JSON.stringify(payload) };
}
