import type { EventStore } from '@counterfoil/event-store';
import type { SqlSession } from '@counterfoil/runtime';

/** What still has to happen before the books say everything that was delivered. */
type Outstanding = Readonly<{ deliveries: string; messages: string; moves: string; head: string }>;

const pollMs = 15;
const giveUpAfterMs = 60_000;

/**
 * Waits until every delivery is translated, every canonical event recorded, and every linked
 * reference moved. `withRequests: false` does not wait for authorization requests, which were
 * decided when they were answered and are relayed only after two deadlines. Resolves to the head of
 * the log, for reading with `minPosition`. `store`: the log, where PostgreSQL has none.
 */
export async function untilAtRest(
  database: SqlSession,
  options: Readonly<{
    withRequests?: boolean;
    giveUpAfterMs?: number;
    store?: Pick<EventStore, 'head'>;
  }> = {},
): Promise<string> {
  const giveUpAt = Date.now() + (options.giveUpAfterMs ?? giveUpAfterMs);
  for (;;) {
    const { store, withRequests = true } = options;
    const known = await store?.head();
    const { head, ...counts } = await outstanding(database, withRequests, known);
    // The log's end was read before the counts: what was appended in between is waited for as well.
    const isStill = store === undefined || String(await store.head()) === String(known);
    if (isStill && Object.values(counts).every((count) => count === '0')) return head;
    if (Date.now() > giveUpAt) throw new Error(`Not at rest: ${JSON.stringify(counts)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** One statement, hence one snapshot: nothing is between two of the counts. */
async function outstanding(
  database: SqlSession,
  withRequests: boolean,
  head: string | null = null,
): Promise<Outstanding> {
  const { rows } = await database.query(
    `select
       (select count(*) from counterfoil_inbox.deliveries
         where is_waiting and ($1 or available_at <= now()))::text as deliveries,
       ((select count(*) from counterfoil_bus.messages as message
          left join counterfoil_bus.subscriptions as reader on reader.topic = message.topic
            and reader.partition = message.partition and reader.group_name = 'ledger-writer'
          where message.topic = 'counterfoil.canonical.v1'
            and message.position > coalesce(reader.cursor, 0))
        + (select count(*) from counterfoil_bus.parked where group_name = 'ledger-writer'))::text
         as messages,
       (log.head - coalesce((select position::bigint from counterfoil_ledger_writer.checkpoints
           where reader = 'moves'), 0))::text as moves,
       log.head::text as head
     from (
       select coalesce($2::bigint, (select max(position) from counterfoil_log.events), 0) as head
     ) log`,
    [withRequests, head === 'start' ? '0' : head],
  );
  return rows[0] as Outstanding;
}
