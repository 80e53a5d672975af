import type { Database } from '@counterfoil/runtime';

/** In one statement and partition: locks and dead rows stay few. */
const trimmedMax = 2_000;
/** Rounds in one go; the rest is for the next time. */
const roundsMax = 20;

/**
 * Removes messages that every group of the topic has acknowledged, of the given partitions only, so
 * that members do not get into each other's way.
 */
export async function trimAcknowledged(
  database: Database,
  topic: string,
  partitions: readonly number[],
): Promise<void> {
  for (let round = 0; round < roundsMax; round++) {
    const { rowCount } = await database.query(
      `with floor as (
         select partition, min(cursor) as cursor from counterfoil_bus.subscriptions
         where topic = $1 and partition = any($2::smallint[]) group by partition
       ), done as (
         select floor.partition, m.position from floor cross join lateral (
           select position from counterfoil_bus.messages
           where topic = $1 and partition = floor.partition and position <= floor.cursor
           order by position limit $3
         ) m
       )
       delete from counterfoil_bus.messages m using done
       where m.topic = $1 and m.partition = done.partition and m.position = done.position`,
      [topic, [...partitions], trimmedMax],
      { name: 'counterfoil-bus-trim' },
    );
    if (rowCount < trimmedMax) return;
  }
}

/** Of a topic that no group has subscribed to, only the newest are kept. */
export async function trimUnsubscribed(
  database: Database,
  topic: string,
  retainedMax: number,
): Promise<void> {
  await database.query(
    `delete from counterfoil_bus.messages
     where topic = $1
       and position <= (select head from counterfoil_bus.topics where name = $1) - $2::bigint
       and not exists (select from counterfoil_bus.subscriptions where topic = $1)`,
    [topic, retainedMax],
    { name: 'counterfoil-bus-trim-unsubscribed' },
  );
}
