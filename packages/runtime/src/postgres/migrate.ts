import { createHash } from 'node:crypto';
import type { Database, SqlSession } from './database.ts';

/**
 * One step of a schema. Append-only: once released, neither its name nor its text changes. The
 * first line says `-- compatible`, or `-- breaking: why` when an older build must not run on it.
 */
export type Migration = Readonly<{ name: string; sql: string }>;

/** The steps of one owner, in order; `owner` is the package that owns the tables. */
export type MigrationSet = Readonly<{ owner: string; migrations: readonly Migration[] }>;

export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** One lock for all owners: `create schema if not exists` of two owners would collide. */
const lockKey = '4919131752989213764';

/**
 * Brings the owner's tables up to date, in one database transaction under an advisory lock: several
 * processes may start at once, and a failed step leaves nothing behind. Throws `MigrationRefused`
 * when a step that was applied differs from ours, or when a newer build left a breaking one.
 */
export async function migrate(database: Database, set: MigrationSet): Promise<void> {
  await database.transaction(async (session) => {
    // Waiting for another process's migration and building an index may both take long.
    await session.query('set local statement_timeout = 0');
    await session.query(`select pg_advisory_xact_lock(${lockKey})`);
    await session.query(createTable);
    const applied = await readApplied(session, set.owner);
    refuseDifference(set, applied);
    for (const migration of set.migrations.slice(applied.length))
      await apply(session, set.owner, migration);
  });
}

const createTable = `
  create table if not exists counterfoil_migrations (
    owner text not null,
    ordinal integer not null,
    name text not null,
    sha256 text not null,
    is_breaking boolean not null,
    applied_at timestamptz not null default now(),
    primary key (owner, ordinal)
  )`;

type Applied = Readonly<{ name: string; sha256: string; isBreaking: boolean }>;

async function readApplied(session: SqlSession, owner: string): Promise<readonly Applied[]> {
  const { rows } = await session.query(
    'select name, sha256, is_breaking from counterfoil_migrations where owner = $1 order by ordinal',
    [owner],
  );
  return rows.map((row) => ({
    name: String(row['name']),
    sha256: String(row['sha256']),
    isBreaking: row['is_breaking'] === true,
  }));
}

function refuseDifference({ owner, migrations }: MigrationSet, applied: readonly Applied[]): void {
  for (const [index, step] of applied.entries()) {
    const ours = migrations[index];
    if (!ours) {
      if (step.isBreaking)
        throw new MigrationRefused(
          `The database was changed by a newer build: "${step.name}" of ${owner} is marked breaking. Start that build or a newer one.`,
        );
    } else if (ours.name !== step.name || sha256(ours.sql) !== step.sha256) {
      throw new MigrationRefused(
        `Migration ${index + 1} of ${owner} was applied as "${step.name}" and is now "${ours.name}"${
          ours.name === step.name ? ' with another text' : ''
        }. Applied migrations never change: add a new one.`,
      );
    }
  }
}

async function apply(session: SqlSession, owner: string, migration: Migration): Promise<void> {
  try {
    await session.query(migration.sql);
  } catch (cause) {
    throw new Error(`Migration "${migration.name}" of ${owner} failed`, { cause });
  }
  await session.query(
    `insert into counterfoil_migrations (owner, ordinal, name, sha256, is_breaking)
     select $1, count(*) + 1, $2, $3, $4 from counterfoil_migrations where owner = $1`,
    [owner, migration.name, sha256(migration.sql), isBreaking(migration.sql)],
  );
}

const isBreaking = (sql: string): boolean => /^\s*--\s*breaking\b/i.test(sql);

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
