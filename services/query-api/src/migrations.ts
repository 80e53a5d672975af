import type { MigrationSet } from '@counterfoil/runtime';

/** The tables of the API itself: access keys and the answers given to idempotent commands. */
export const queryApiMigrations: MigrationSet = {
  owner: 'query-api',
  migrations: [
    {
      name: '0001_access_and_idempotency',
      sql: `-- compatible
create schema if not exists counterfoil_api;

create table counterfoil_api.api_keys (
  key_id text primary key,
  name text not null,
  secret_sha256 bytea not null,
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

create table counterfoil_api.idempotency_keys (
  api_key_id text not null,
  idempotency_key text not null,
  request_sha256 text not null,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  answer json,
  primary key (api_key_id, idempotency_key)
);
create index idempotency_keys_expire on counterfoil_api.idempotency_keys (expires_at);
`,
    },
  ],
};
