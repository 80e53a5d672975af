import type { MigrationSet } from '@counterfoil/runtime';

/**
 * The archive of authentic webhooks. A fact is (provider, key_digest): the digest stands for the
 * event key, whose length is the provider's affair and may exceed what an index takes. One row of a
 * fact is its `first`, further bodies are `variant`s, and `repeat`s keep no body of their own.
 */
const archiveSchema = `-- compatible
create schema if not exists counterfoil_inbox;

create sequence counterfoil_inbox.delivery_sequence as bigint;

create table counterfoil_inbox.deliveries (
  sequence bigint primary key,
  id uuid not null unique,
  provider text not null,
  dialect text not null,
  event_key text,
  key_digest bytea not null,
  body_digest bytea not null,
  place text not null check (place in ('first', 'variant', 'repeat')),
  first_delivery_id uuid,
  received_at timestamptz not null,
  available_at timestamptz not null,
  headers jsonb not null,
  body bytea check ((body is null) = (place = 'repeat')),
  status text not null
    check (status in ('received', 'processed', 'duplicate', 'variant', 'quarantined')),
  is_waiting boolean not null,
  reason jsonb,
  answer jsonb,
  canonical_events jsonb not null default '[]'
);
create unique index deliveries_first on counterfoil_inbox.deliveries (provider, key_digest)
  where place = 'first';
create unique index deliveries_body on counterfoil_inbox.deliveries
  (provider, key_digest, body_digest) where place <> 'repeat';
create index deliveries_waiting on counterfoil_inbox.deliveries (sequence) where is_waiting;
create index deliveries_status on counterfoil_inbox.deliveries (status, sequence);

-- Each statement sees what others committed while it waited for their keys, so that of two
-- gateways with the same fact exactly one has the first. Rows go in by key order, so that two
-- groups cannot wait for each other. The planner settings, and the lateral joins that leave it no
-- choice of order, are for a table that has just been created: a plan cached while it was empty
-- would read it whole when it is large.
create function counterfoil_inbox.store_deliveries(
  ids uuid[], providers text[], dialects text[], event_keys text[], key_digests bytea[],
  body_digests bytea[], received_ats timestamptz[], available_ats timestamptz[],
  all_headers jsonb[], bodies bytea[], reasons jsonb[]
) returns table (delivery_id uuid, place text, answer jsonb)
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $function$
#variable_conflict use_column
declare
  sequences bigint[] := array(
    select nextval('counterfoil_inbox.delivery_sequence') from generate_subscripts(ids, 1)
  );
begin
  insert into counterfoil_inbox.deliveries (
    sequence, id, provider, dialect, event_key, key_digest, body_digest, place, received_at,
    available_at, headers, body, status, is_waiting, reason
  )
  select distinct on (i.provider, i.key_digest)
    i.sequence, i.id, i.provider, i.dialect, i.event_key, i.key_digest, i.body_digest, 'first',
    i.received_at, i.available_at, i.headers, i.body,
    case when i.reason is null then 'received' else 'quarantined' end, i.reason is null, i.reason
  from unnest(
    sequences, ids, providers, dialects, event_keys, key_digests, body_digests, received_ats,
    available_ats, all_headers, bodies, reasons
  ) as i (
    sequence, id, provider, dialect, event_key, key_digest, body_digest, received_at,
    available_at, headers, body, reason
  )
  order by i.provider, i.key_digest, i.sequence
  on conflict do nothing;

  insert into counterfoil_inbox.deliveries (
    sequence, id, provider, dialect, event_key, key_digest, body_digest, place, first_delivery_id,
    received_at, available_at, headers, body, status, is_waiting, reason
  )
  select distinct on (i.provider, i.key_digest, i.body_digest)
    i.sequence, i.id, i.provider, i.dialect, i.event_key, i.key_digest, i.body_digest, 'variant',
    f.id, i.received_at, i.available_at, i.headers, i.body,
    case when i.reason is null then 'variant' else 'quarantined' end, i.reason is null, i.reason
  from unnest(
    sequences, ids, providers, dialects, event_keys, key_digests, body_digests, received_ats,
    available_ats, all_headers, bodies, reasons
  ) as i (
    sequence, id, provider, dialect, event_key, key_digest, body_digest, received_at,
    available_at, headers, body, reason
  )
  cross join lateral (
    select d.id, d.body_digest from counterfoil_inbox.deliveries d
    where d.provider = i.provider and d.key_digest = i.key_digest and d.place = 'first'
    limit 1
  ) as f
  where f.body_digest <> i.body_digest
  order by i.provider, i.key_digest, i.body_digest, i.sequence
  on conflict do nothing;

  insert into counterfoil_inbox.deliveries (
    sequence, id, provider, dialect, event_key, key_digest, body_digest, place, first_delivery_id,
    received_at, available_at, headers, body, status, is_waiting
  )
  select
    i.sequence, i.id, i.provider, i.dialect, i.event_key, i.key_digest, i.body_digest, 'repeat',
    f.id, i.received_at, i.available_at, i.headers, null, 'duplicate', false
  from unnest(
    sequences, ids, providers, dialects, event_keys, key_digests, body_digests, received_ats,
    available_ats, all_headers
  ) as i (
    sequence, id, provider, dialect, event_key, key_digest, body_digest, received_at,
    available_at, headers
  )
  cross join lateral (
    select d.id from counterfoil_inbox.deliveries d
    where d.provider = i.provider and d.key_digest = i.key_digest
      and d.body_digest = i.body_digest and d.place <> 'repeat'
    limit 1
  ) as f
  where f.id <> i.id;

  return query
    select d.id, d.place, f.answer
    from unnest(sequences) with ordinality as i (sequence, ordinal)
    join counterfoil_inbox.deliveries d on d.sequence = i.sequence
    left join counterfoil_inbox.deliveries f on f.id = d.first_delivery_id and d.place = 'repeat'
    order by i.ordinal;
end
$function$;
`;

/** Bounded: see `rejected-deliveries.ts`, its only writer. */
const rejectedSchema = `-- compatible
create table counterfoil_inbox.rejected_deliveries (
  sequence bigint generated always as identity primary key,
  id uuid not null unique,
  provider text not null,
  received_at timestamptz not null,
  code text not null,
  headers jsonb not null,
  credential_digests jsonb not null,
  body bytea not null
);
create index rejected_deliveries_received on counterfoil_inbox.rejected_deliveries (received_at);
`;

/**
 * Bodies may be removed after a time. The first index is for finding what is to be emptied, and
 * costs an insert nothing that the relay has not seen; the second is for ranges of time in lists.
 */
const emptiedSchema = `-- compatible
alter table counterfoil_inbox.deliveries add column is_emptied boolean not null default false;
alter table counterfoil_inbox.deliveries drop constraint deliveries_check;
alter table counterfoil_inbox.deliveries add constraint deliveries_body_is_kept
  check (place = 'repeat' or is_emptied or body is not null);
create index deliveries_full on counterfoil_inbox.deliveries (received_at)
  where not is_waiting and not is_emptied and status <> 'quarantined';
create index deliveries_received on counterfoil_inbox.deliveries using brin (received_at);
`;

/**
 * By which the two sides of a movement find each other that a provider tells without an id in
 * common. Few deliveries have it; the index has no others.
 */
const counterpartSchema = `-- compatible
alter table counterfoil_inbox.deliveries
  add column counterpart_key text, add column counterpart_at timestamptz;
create index deliveries_counterpart on counterfoil_inbox.deliveries
  (provider, counterpart_key, counterpart_at) where counterpart_key is not null;
`;

/** Tables, all in schema `counterfoil_inbox`, that this service alone writes. */
export const inboxMigrations: MigrationSet = {
  owner: 'ingest-gateway',
  migrations: [
    { name: '0001_deliveries', sql: archiveSchema },
    { name: '0002_rejected_deliveries', sql: rejectedSchema },
    { name: '0003_emptied_deliveries', sql: emptiedSchema },
    { name: '0004_counterparts', sql: counterpartSchema },
  ],
};
