import type { MigrationSet } from '@counterfoil/runtime';

/** The tables of the bus, in a schema of their own; the PostgreSQL adapter is their only writer. */
export const eventBusMigrations: MigrationSet = {
  owner: 'event-bus',
  migrations: [
    {
      name: '0001_event_bus',
      sql: `-- compatible
create schema if not exists counterfoil_bus;

-- The last position given out in each topic. Its row lock is held until the publishing transaction
-- ends, so positions become visible in their order: a reader never skips a late commit.
create table counterfoil_bus.topics (
  name text collate "C" primary key,
  head bigint not null
) with (fillfactor = 50);

-- Text columns hold JSON-escaped text: PostgreSQL has no U+0000, and providers' ids may.
create table counterfoil_bus.messages (
  topic text collate "C" not null,
  partition smallint not null,
  position bigint not null,
  key text collate "C" not null,
  message_id text collate "C" not null,
  payload text not null,
  published_at timestamptz not null default now(),
  primary key (topic, partition, position)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1);

-- How far each group has come in each partition, and which member works on it until when.
create table counterfoil_bus.subscriptions (
  topic text collate "C" not null,
  group_name text collate "C" not null,
  partition smallint not null,
  cursor bigint not null default 0,
  member uuid,
  leased_until timestamptz,
  primary key (topic, group_name, partition)
) with (fillfactor = 50);

create table counterfoil_bus.members (
  topic text collate "C" not null,
  group_name text collate "C" not null,
  member uuid not null,
  seen_until timestamptz not null,
  primary key (topic, group_name, member)
);

-- Messages set aside for a group: the first of a key waits for its next attempt, the others wait
-- behind it. Below the cursor, so that it can go on for the other keys.
create table counterfoil_bus.parked (
  topic text collate "C" not null,
  group_name text collate "C" not null,
  partition smallint not null,
  position bigint not null,
  key text collate "C" not null,
  message_id text collate "C" not null,
  payload text not null,
  attempts integer not null,
  due_at timestamptz,
  reason text,
  primary key (topic, group_name, partition, position)
);

create table counterfoil_bus.dead_letters (
  id bigint generated always as identity primary key,
  topic text collate "C" not null,
  group_name text collate "C" not null,
  partition smallint not null,
  position bigint not null,
  key text collate "C" not null,
  message_id text collate "C" not null,
  payload text not null,
  attempts integer not null,
  reason text not null,
  failed_at timestamptz not null default now(),
  unique (topic, group_name, partition, position)
);
`,
    },
  ],
};
