import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { migrate, MigrationRefused } from './migrate.ts';

let fixture: TestDatabase;
beforeEach(async () => {
  fixture = await testDatabase();
});
afterEach(() => fixture.drop());

const first = { name: '0001_notes', sql: '-- compatible\ncreate table notes (id integer);' };
const second = { name: '0002_more', sql: '-- compatible\nalter table notes add body text;' };

const columns = async () => {
  const { rows } = await fixture.database.query(
    "select column_name from information_schema.columns where table_name = 'notes' order by 1",
  );
  return rows.map((row) => row['column_name']);
};

test('migrations are applied once, in order, by however many processes start at once', async () => {
  const starts = Array.from({ length: 6 }, () =>
    migrate(fixture.database, { owner: 'notes', migrations: [first, second] }),
  );
  await Promise.all(starts);
  expect(await columns()).toEqual(['body', 'id']);
});

test('a later build applies only what is new', async () => {
  await migrate(fixture.database, { owner: 'notes', migrations: [first] });
  await migrate(fixture.database, { owner: 'notes', migrations: [first, second] });
  expect(await columns()).toEqual(['body', 'id']);
});

test('a failed step leaves nothing behind', async () => {
  const broken = { name: '0002_broken', sql: 'create table other (id integer); select 1/0;' };
  await expect(
    migrate(fixture.database, { owner: 'notes', migrations: [first, broken] }),
  ).rejects.toThrow('Migration "0002_broken" of notes failed');
  expect(await columns()).toEqual([]);
});

test('an older build runs on a newer compatible schema and refuses a breaking one', async () => {
  await migrate(fixture.database, { owner: 'notes', migrations: [first, second] });
  await migrate(fixture.database, { owner: 'notes', migrations: [first] });
  const breaking = { name: '0003_gone', sql: '-- breaking: body moves\nselect 1;' };
  await migrate(fixture.database, { owner: 'notes', migrations: [first, second, breaking] });
  await expect(
    migrate(fixture.database, { owner: 'notes', migrations: [first, second] }),
  ).rejects.toThrow(MigrationRefused);
});

test('a migration whose text changed after it was applied is refused', async () => {
  await migrate(fixture.database, { owner: 'notes', migrations: [first] });
  const changed = { ...first, sql: '-- compatible\ncreate table notes (id bigint);' };
  await expect(
    migrate(fixture.database, { owner: 'notes', migrations: [changed] }),
  ).rejects.toThrow('Applied migrations never change');
});

test('owners keep their own order', async () => {
  await migrate(fixture.database, { owner: 'notes', migrations: [first] });
  await migrate(fixture.database, {
    owner: 'letters',
    migrations: [{ name: '0001_letters', sql: '-- compatible\ncreate table letters ();' }],
  });
  const { rows } = await fixture.database.query('select owner from counterfoil_migrations');
  expect(rows).toHaveLength(2);
});
