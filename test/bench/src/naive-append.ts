import type { Event } from '@counterfoil/domain';
import { toWire } from '@counterfoil/domain';
import type { Clock, Database } from '@counterfoil/runtime';

export const naiveSchema = `
  create table naive_balances (account_id text primary key, available bigint not null, version bigint not null);
  create table naive_events (
    id bigint generated always as identity primary key, account_id text not null, version bigint not null,
    event_id uuid not null unique, type text not null, data json not null,
    recorded_at timestamptz not null default now(), unique (account_id, version)
  );`;

/** What most would write first: one database transaction an append, and a row lock on the balance. */
export function naiveAppend(
  options: Readonly<{ database: Database; clock: Clock }>,
): (accountId: string, event: Event) => Promise<void> {
  const { database, clock } = options;
  return (accountId, event) =>
    database.transaction(async (session) => {
      const { rows } = await session.query(
        'select available, version from naive_balances where account_id = $1 for update',
        [accountId],
        { name: 'naive_lock' },
      );
      const available = BigInt(String(rows[0]?.['available'])) - 1n;
      const version = BigInt(String(rows[0]?.['version'])) + 1n;
      await session.query(
        'insert into naive_events (account_id, version, event_id, type, data) values ($1, $2, $3, $4, $5)',
        [accountId, version, clock.randomId(), event.type, JSON.stringify(toWire(event.data))],
        { name: 'naive_insert' },
      );
      await session.query(
        'update naive_balances set available = $2, version = $3 where account_id = $1',
        [accountId, available, version],
        { name: 'naive_update' },
      );
    });
}

export async function openNaiveAccounts(
  database: Database,
  accountIds: readonly string[],
): Promise<void> {
  await database.query(
    'insert into naive_balances select id, 1000000000000, 0 from unnest($1::text[]) id on conflict do nothing',
    [accountIds],
  );
}
