import { instant, type JsonObject } from '@counterfoil/domain';
import type { Database } from '@counterfoil/runtime';
import type { DeadLetter, DeadLetters } from '../event-bus.ts';
import { deadLetterPage } from '../dead-letter-page.ts';
import { textOfStored } from '../stored-text.ts';

/** `onRetry` is told whose message waits again. */
export const postgresDeadLetters = (
  database: Database,
  onRetry: (topic: string, group: string) => void,
): DeadLetters => ({
  list: async ({ topic, group, after, limit } = {}) => {
    const { rows } = await database.query(
      `select id, topic, group_name, key, message_id, payload, attempts, reason,
         floor(extract(epoch from failed_at) * 1000)::bigint as failed_at_ms
       from counterfoil_bus.dead_letters
       where ($1::text is null or topic = $1) and ($2::text is null or group_name = $2)
         and id > $3::bigint
       order by id limit $4`,
      [topic ?? null, group ?? null, idOf(after ?? '0') ?? '0', deadLetterPage(limit)],
    );
    return rows.map(deadLetterOf);
  },
  retry: async (ids) => {
    const known = ids.flatMap((id) => idOf(id) ?? []);
    const { rows } = await database.query(
      `with letter as (
         delete from counterfoil_bus.dead_letters where id = any($1::bigint[]) returning *
       ), waiting as (
         insert into counterfoil_bus.parked
           (topic, group_name, partition, position, key, message_id, payload, attempts, reason)
         select topic, group_name, partition, position, key, message_id, payload, 0, reason
         from letter
       )
       select id, topic, group_name from letter`,
      [known],
    );
    for (const row of rows) onRetry(String(row['topic']), String(row['group_name']));
    const retried = new Set(rows.map((row) => String(row['id'])));
    return ids.map((id) => ({ id, outcome: retried.has(id) ? 'retried' : 'gone' }));
  },
});

const idOf = (text: string): string | null => (/^[1-9]\d{0,17}$/.test(text) ? text : null);

const deadLetterOf = (row: Readonly<Record<string, unknown>>): DeadLetter => ({
  id: String(row['id']),
  topic: String(row['topic']),
  group: String(row['group_name']),
  key: textOfStored(String(row['key'])),
  messageId: textOfStored(String(row['message_id'])),
  payload: JSON.parse(String(row['payload'])) as JsonObject,
  attempts: row['attempts'] as number,
  reason: textOfStored(String(row['reason'])),
  failedAt: instant(Number.parseInt(String(row['failed_at_ms']), 10)),
  isWhole: true,
});
