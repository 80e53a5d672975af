import { type Checkpoint, checkpoint, type Recorded } from '@counterfoil/domain';
import type { AllStreamResolvedEvent, Position } from '@eventstore/db-client';
import type { EventCodec } from '../event-codec.ts';
import type { Connection } from './connection.ts';
import { positionOf, recordedOf, storedRecord } from './recorded-form.ts';

type From = Checkpoint | 'start';

export interface LogReader {
  readonly readAll: (
    range: Readonly<{ after: From; limit: number }>,
  ) => Promise<Readonly<{ events: readonly Recorded[]; next: From }>>;
  readonly head: () => Promise<From>;
}

// A reader's page is held in memory, decoded.
const limitMax = 10_000;
// One more than readers ask for, as the first is the one that they had.
const pageSize = 1_001;

/**
 * The log of all streams, of which ours are those whose name has the prefix. The client cannot read
 * it by a filter, so what others wrote between is read and left out; how far the log was found to
 * hold nothing of ours is remembered, and not read again.
 *
 * A position here is the commit position as decimal text: for what we append it is the same as the
 * prepare position, each event has its own, and they grow along the log, with gaps.
 */
export function logReader(
  options: Readonly<{ connection: Connection; prefix: string; codec: EventCodec }>,
): LogReader {
  const { connection, prefix, codec } = options;
  let quiet: Readonly<{ after: From; upTo: Position }> | null = null;

  const isOurs = ({ event }: AllStreamResolvedEvent) => event?.streamId.startsWith(prefix) === true;

  const positionAfter = (after: From): Position | 'start' => {
    if (quiet?.after === after) return quiet.upTo;
    return after === 'start' ? 'start' : pairOf(after);
  };

  return {
    readAll: async ({ after, limit }) => {
      const wanted = Math.min(Math.max(limit, 1), limitMax);
      const events: Recorded[] = [];
      let from = positionAfter(after);
      // Reading begins with the event at `from` itself. Where that much is not enough, others have
      // written a lot, and whole pages get past it sooner.
      for (let countMax = Math.min(wanted + 1, pageSize); ; countMax = pageSize) {
        const page = await connection.readLog({ from, countMax });
        const isInclusive = from !== 'start' && from.commit === page[0]?.event?.position.commit;
        const fresh = isInclusive ? page.slice(1) : page;
        for (const resolved of fresh)
          if (isOurs(resolved)) events.push(recordedOf(storedRecord(resolved, prefix), codec));
        from = fresh.at(-1)?.event?.position ?? from;
        const isEnd = page.length < countMax;
        if (isEnd && from !== 'start')
          quiet = { after: events.at(-1)?.position ?? after, upTo: from };
        if (!isEnd && events.length < wanted) continue;
        const given = events.slice(0, wanted);
        return { events: given, next: given.at(-1)?.position ?? after };
      }
    },
    head: async () => {
      let from: Position | 'end' = 'end';
      let last: Position | null = null;
      for (let countMax = 1; ; countMax = pageSize) {
        const page: readonly AllStreamResolvedEvent[] = await connection.readLog({
          from,
          backwards: true,
          countMax,
        });
        last ??= page[0]?.event?.position ?? null;
        const found = page.find(isOurs)?.event?.position;
        const oldest = page.at(-1)?.event?.position;
        const isKnown =
          quiet !== null && oldest !== undefined && oldest.commit <= quiet.upTo.commit;
        if (found === undefined && quiet !== null && isKnown) return quiet.after;
        if (found !== undefined || page.length < countMax || oldest === undefined) {
          const head = found
            ? checkpoint(String(positionOf(found.commit, found.prepare)))
            : 'start';
          if (last !== null) quiet = { after: head, upTo: last };
          return head;
        }
        from = oldest;
      }
    },
  };
}

function pairOf(after: Checkpoint): Position {
  if (!/^\d{1,20}$/.test(after)) throw new Error(`${after} is no checkpoint of this log`);
  const commit = BigInt(after);
  return { commit, prepare: commit };
}
