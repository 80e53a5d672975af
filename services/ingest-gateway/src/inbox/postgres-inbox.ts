import { type Instant, instantText } from '@counterfoil/domain';
import type { AuthorizationDecision } from '@counterfoil/providers';
import type { Database, SqlSession } from '@counterfoil/runtime';
import {
  answerOf,
  archiveColumns,
  archivedOf,
  counterpartColumn,
  foundOf,
  storable,
  storableReason,
  storeParameters,
  summaryColumns,
  summaryOf,
} from './delivery-row.ts';
import { groupCommit } from './group-commit.ts';
import { inboxSize, removeBodies, removeQuarantined } from './postgres-inbox-expiry.ts';
import type {
  ArchivedDelivery,
  DeliveryQuery,
  DeliverySummary,
  FoundDelivery,
  Inbox,
  IncomingDelivery,
  RelayBatch,
  RelayOutcome,
  StoreOutcome,
} from './inbox.ts';

/** One flush of the disk for up to so many deliveries: more gain little and make each wait longer. */
const groupCountMax = 256;
/** Keeps a group of large bodies well below what a server takes in one message. */
const groupBytesMax = 4 * 1024 * 1024;

/** The inbox in schema `counterfoil_inbox`, over any number of gateway processes. */
export function postgresInbox(database: Database): Inbox {
  return {
    store: groupCommit({
      commit: (deliveries) => storeGroup(database, deliveries),
      bytesOf: ({ body }: IncomingDelivery) => body.byteLength,
      countMax: groupCountMax,
      bytesMax: groupBytesMax,
    }),

    storeAnswered: (delivery, answer) =>
      database.transaction(async (session) => {
        const [stored] = await storeGroup(session, [delivery]);
        if (stored === undefined) throw new Error(`The archive did not take ${delivery.id}.`);
        if (stored.outcome !== 'duplicate') await recordAnswer(session, delivery.id, answer);
        return stored;
      }),

    recordAnswer: (deliveryId, answer) => recordAnswer(database, deliveryId, answer),

    relay: (batch, work) => database.transaction((session) => relayBatch(session, batch, work)),

    settle: (outcome) => mark(database, [outcome], `and d.status = 'quarantined'`),

    find: (deliveryId) => findDelivery(database, deliveryId),

    list: (query) => listDeliveries(database, query),

    count: async () => {
      const { rows } = await database.query(
        `select
          (select count(*) from counterfoil_inbox.deliveries where is_waiting) as waiting,
          (select count(*) from counterfoil_inbox.deliveries where status = 'quarantined')
            as quarantined`,
      );
      return { waiting: Number(rows[0]?.waiting), quarantined: Number(rows[0]?.quarantined) };
    },

    size: () => inboxSize(database),
    removeBodies: (expired) => removeBodies(database, expired),
    removeQuarantined: (expired) => removeQuarantined(database, expired),
  };
}

async function recordAnswer(
  session: SqlSession,
  deliveryId: string,
  answer: AuthorizationDecision,
): Promise<void> {
  await session.query('update counterfoil_inbox.deliveries set answer = $2::jsonb where id = $1', [
    deliveryId,
    JSON.stringify(answer),
  ]);
}

async function storeGroup(
  session: SqlSession,
  deliveries: readonly IncomingDelivery[],
): Promise<readonly StoreOutcome[]> {
  const { rows } = await session.query(
    `select delivery_id::text as id, place, answer from counterfoil_inbox.store_deliveries(
      $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[],
      $7::timestamptz[], $8::timestamptz[], $9::jsonb[], $10::bytea[], $11::jsonb[])`,
    storeParameters(deliveries),
    { name: 'inbox_store' },
  );
  const outcomes = new Map(
    rows.map((row) => [row.id, { outcome: outcomeOf(row.place), answer: answerOf(row) }]),
  );
  return deliveries.map(({ id }) => {
    const outcome = outcomes.get(id);
    if (outcome === undefined) throw new Error(`The archive did not take delivery ${id}.`);
    return outcome;
  });
}

const outcomeOf = (place: unknown): StoreOutcome['outcome'] =>
  place === 'first' ? 'stored' : place === 'variant' ? 'variant' : 'duplicate';

// The statements below have no name on purpose: they are planned each time, for the size that the
// table has by then, and not for the one that it had when the process started.

async function relayBatch(
  session: SqlSession,
  { providers, now, limit }: RelayBatch,
  work: (deliveries: readonly ArchivedDelivery[]) => Promise<readonly RelayOutcome[]>,
): Promise<number | 'busy'> {
  const lock = await session.query(
    `select pg_try_advisory_xact_lock(hashtext('counterfoil_inbox'), 1) as locked`,
    [],
    { name: 'inbox_relay_lock' },
  );
  if (lock.rows[0]?.locked !== true) return 'busy';
  const { rows } = await session.query(
    `select ${archiveColumns}, d.body from counterfoil_inbox.deliveries d
      where d.is_waiting and d.provider = any($1::text[]) and d.available_at <= $2::timestamptz
      order by d.sequence limit $3`,
    [providers, instantText(now), limit],
  );
  if (rows.length > 0) await mark(session, await work(rows.map(archivedOf)), '');
  return rows.length;
}

async function mark(
  session: SqlSession,
  outcomes: readonly RelayOutcome[],
  condition: string,
): Promise<void> {
  await session.query(
    `update counterfoil_inbox.deliveries d set
      is_waiting = false,
      status = case when o.reason is not null then 'quarantined'
        when d.place = 'variant' then 'variant' else 'processed' end,
      reason = o.reason,
      canonical_events = coalesce(o.canonical_events, d.canonical_events),
      counterpart_key = o.counterpart_key,
      counterpart_at = o.counterpart_at
    from unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::text[], $5::timestamptz[])
      as o (id, reason, canonical_events, counterpart_key, counterpart_at)
    where d.id = o.id ${condition}`,
    [
      outcomes.map(({ deliveryId }) => deliveryId),
      outcomes.map((outcome) =>
        outcome.kind === 'quarantined' ? storableReason(outcome.reason) : null,
      ),
      outcomes.map((outcome) =>
        outcome.kind === 'published' ? JSON.stringify(outcome.canonicalEvents) : null,
      ),
      outcomes.map(({ counterpart }) => counterpart && storable(counterpart.movement)),
      outcomes.map(({ counterpart }) => counterpart && instantText(counterpart.at)),
    ],
  );
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function findDelivery(
  session: SqlSession,
  deliveryId: string,
): Promise<FoundDelivery | null> {
  if (!uuidPattern.test(deliveryId)) return null;
  const { rows } = await session.query(
    `select ${archiveColumns}, ${counterpartColumn}, coalesce(d.body, f.body) as body
      from counterfoil_inbox.deliveries d
      left join counterfoil_inbox.deliveries f on f.id = d.first_delivery_id
      where d.id = $1`,
    [deliveryId],
  );
  return rows[0] === undefined ? null : foundOf(rows[0]);
}

async function listDeliveries(
  session: SqlSession,
  { status, provider, code, from, to, order, after, limit }: DeliveryQuery,
): Promise<readonly DeliverySummary[]> {
  const values: unknown[] = [limit];
  const conditions: string[] = [];
  const add = (value: string | null, condition: (parameter: string) => string): void => {
    if (value !== null) conditions.push(condition(`$${values.push(value)}`));
  };
  add(status, (parameter) => `d.status = ${parameter}`);
  add(provider, (parameter) => `d.provider = ${parameter}`);
  add(code, (parameter) => `d.reason->>'code' = ${parameter}`);
  add(textOf(from), (parameter) => `d.received_at >= ${parameter}::timestamptz`);
  add(textOf(to), (parameter) => `d.received_at < ${parameter}::timestamptz`);
  const [beyond, direction] = order === 'oldest-first' ? ['>', 'asc'] : ['<', 'desc'];
  add(after, (parameter) => `d.sequence ${beyond} ${parameter}::bigint`);
  const { rows } = await session.query(
    `select ${summaryColumns}, ${counterpartColumn} from counterfoil_inbox.deliveries d
      where ${['true', ...conditions].join(' and ')}
      order by d.sequence ${direction} limit $1`,
    values,
  );
  return rows.map(summaryOf);
}

const textOf = (at: Instant | null): string | null => (at === null ? null : instantText(at));
