import { checkpoint, eventId, streamVersion } from '@counterfoil/domain';
import { type Database, sqlState } from '@counterfoil/runtime';
import type { CheckedAppend } from '../checked-append.ts';
import { duplicateOf } from '../duplicate-of.ts';
import type { EventCodec } from '../event-codec.ts';
import type { AppendOutcome } from '../event-store.ts';
import { columnsOf, type Segment } from './append-group.ts';
import type { AppendAnswer } from './group-commit.ts';

export type GroupCommitter = Readonly<{
  database: Database;
  schema: string;
  codec: EventCodec;
  now: () => number;
  onAppended: (head: bigint) => void;
}>;

type Answers = Map<CheckedAppend, AppendAnswer>;

/** Commits a group in one database transaction, and finds each append's own answer. */
export async function commitGroup(
  committer: GroupCommitter,
  segments: readonly Segment[],
): Promise<ReadonlyMap<CheckedAppend, AppendAnswer>> {
  const answers: Answers = new Map();
  try {
    const { head, leftOut } = await appendBatch(committer, segments);
    const last = answerAppended(answers, segments, head, leftOut);
    if (last > head) committer.onAppended(last);
    for (const [place, actual] of leftOut) {
      const segment = segments[place - 1];
      if (segment) await answerLeftOut(committer, answers, segment, actual);
    }
  } catch (error) {
    const isAlone = segments.length === 1 && segments[0]?.appends.length === 1;
    const unanswered = segments.flatMap(({ appends }) => appends.filter((a) => !answers.has(a)));
    for (const append of unanswered)
      answers.set(
        append,
        !isAlone && isOfOneAppend(error) ? { kind: 'again' } : unknownOutcome(append, error),
      );
  }
  return answers;
}

// Data that the server refuses (22), a constraint (23), or a limit (54) is the fault of one append
// of the group. Every other fault is everybody's: the server is away, or full, or was told to stop.
const isOfOneAppend = (error: unknown) => /^(22|23|54)/.test(sqlState(error) ?? '');

function unknownOutcome(append: CheckedAppend, cause: unknown): AppendAnswer {
  const { stream } = append.request;
  return {
    kind: 'fault',
    error: new Error(`Whether ${stream} was appended to is unknown`, { cause }),
  };
}

async function appendBatch(
  { database, schema, now }: GroupCommitter,
  segments: readonly Segment[],
) {
  const { rows } = await database.query(
    `select segment, version from ${schema}.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $13, $9, $10, $11, $12)`,
    columnsOf(segments, now()),
    { name: `${schema}.append_batch` },
  );
  const [first, ...others] = rows.map((row) => ({
    segment: Number(row['segment']),
    version: BigInt(String(row['version'])),
  }));
  if (first?.segment !== 0) throw new Error('Invariant broken: append_batch gave no head');
  return { head: first.version, leftOut: new Map(others.map((row) => [row.segment, row.version])) };
}

/** Positions follow the order in which the group was written down; returns the last. */
function answerAppended(
  answers: Answers,
  segments: readonly Segment[],
  head: bigint,
  leftOut: ReadonlyMap<number, bigint>,
): bigint {
  let position = head;
  for (const [index, { appends }] of segments.entries()) {
    if (leftOut.has(index + 1)) continue;
    for (const append of appends) {
      const count = BigInt(append.events.length);
      position += count;
      const version = streamVersion(append.request.expected + count);
      const at = checkpoint(String(position));
      answers.set(append, settled({ outcome: 'appended', version, position: at }));
    }
  }
  return position;
}

const settled = (outcome: AppendOutcome): AppendAnswer => ({ kind: 'settled', outcome });

/** Of several chained appends it is not known which one the server refused: each goes again, alone. */
async function answerLeftOut(
  committer: GroupCommitter,
  answers: Answers,
  segment: Segment,
  actual: bigint,
): Promise<void> {
  const [append, ...chainedAfter] = segment.appends;
  if (append === undefined) return;
  if (chainedAfter.length > 0) {
    for (const each of segment.appends) answers.set(each, { kind: 'again' });
    return;
  }
  const stored = await storedUnder(committer, append);
  try {
    const conflict = { outcome: 'version-conflict', actual: streamVersion(actual) } as const;
    answers.set(append, settled(duplicateOf(append, stored, committer.codec) ?? conflict));
  } catch (error) {
    answers.set(append, { kind: 'fault', error });
  }
}

/** Events never change, so this needs no lock. */
async function storedUnder({ database, schema }: GroupCommitter, append: CheckedAppend) {
  const { rows } = await database.query(
    `select event_id, stream_id, version, type, schema_version, data::text as data
     from ${schema}.events where event_id = any($1::uuid[])`,
    [append.events.map(({ given }) => given.eventId)],
    { name: `${schema}.stored_under` },
  );
  return rows.map((row) => ({
    eventId: eventId(String(row['event_id'])),
    stream: String(row['stream_id']),
    version: streamVersion(BigInt(String(row['version']))),
    written: {
      type: String(row['type']),
      schemaVersion: Number(row['schema_version']),
      data: String(row['data']),
    },
  }));
}
