import { instant, type JsonObject } from '@counterfoil/domain';
import type { Database } from '@counterfoil/runtime';
import type { DeadLetter, DeadLetters } from '../event-bus.ts';
import { textOfStored } from '../stored-text.ts';

const listLimitDefault = 100;
/** A page that a person or a command can take in. */
const listLimitMax = 1_000;

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
      [
        topic ?? null,
        group ?? null,
        idOf(after ?? '0') ?? '0',
        Math.min(limit ?? listLimitDefault, listLimitMax),
      ],
    );
    return rows.map(deadLetterOf);
  },
  retry: async (id) => {
    const known = idOf(id);
    if (known === null) return false;
    const { rows } = await database.query(
      `with letter as (
         delete from counterfoil_bus.dead_letters where id = $1::bigint returning *
       )
       insert into counterfoil_bus.parked
         (topic, group_name, partition, position, key, message_id, payload, attempts, reason)
       select topic, group_name, partition, position, key, message_id, payload, 0, reason
       from letter
       returning topic, group_name`,
      [known],
    );
    const [row] = rows;
    if (!row) return false;
    onRetry(String(row['topic']), String(row['group_name']));
    return true;
  },
});

const idOf = (text: string): string | null => (/^\d{1,18}$/.test(text) ? text : null);

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
});
