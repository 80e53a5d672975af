import { type Database, migrate, postgresDatabase } from '@counterfoil/runtime';
import { testDatabase, type TestDatabase } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delivery, newestFirst } from '../testing/delivery.ts';
import { inboxContract } from '../testing/inbox-contract.ts';
import { inboxExpiryContract } from '../testing/inbox-expiry-contract.ts';
import { inboxStoringContract } from '../testing/inbox-storing-contract.ts';
import { inboxMigrations } from './inbox-migrations.ts';
import { postgresInbox } from './postgres-inbox.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await testDatabase();
  await migrate(server.database, inboxMigrations);
});
afterAll(() => server.drop());

const empty = (database: Database) =>
  database.query('truncate counterfoil_inbox.deliveries, counterfoil_inbox.rejected_deliveries');

const fresh = async () => {
  await empty(server.database);
  return postgresInbox(server.database);
};
inboxStoringContract('PostgreSQL inbox', fresh);
inboxContract('PostgreSQL inbox', fresh);
inboxExpiryContract('PostgreSQL inbox', fresh);

describe('PostgreSQL inbox: several gateways', () => {
  it('decides each fact once, whichever gateway gets which copy first', async () => {
    await empty(server.database);
    const database = postgresDatabase({
      url: server.url,
      connectionsMax: 4,
      applicationName: 'second-gateway',
    });
    const inboxes = [postgresInbox(server.database), postgresInbox(database)];
    const facts = Array.from({ length: 60 }, () => delivery());
    const variants = facts.map(({ eventKey }) => delivery({ eventKey }));
    const copies = [...facts, ...variants, ...[...variants].reverse(), ...[...facts].reverse()];
    const outcomes = await Promise.all(
      inboxes.flatMap((inbox) =>
        copies.map((copy) => inbox.store({ ...copy, id: crypto.randomUUID() })),
      ),
    );
    await database.close();
    const count = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted).length;
    expect([count('stored'), count('variant'), count('duplicate')]).toEqual([60, 60, 360]);
  });

  it('keeps the order of arrival when a group holds the same fact twice', async () => {
    await empty(server.database);
    const inbox = postgresInbox(server.database);
    const [first, second] = [delivery({ eventKey: 'b' }), delivery({ eventKey: 'a' })];
    await Promise.all([delivery(), first, second].map(inbox.store));
    const listed = await inbox.list({ ...newestFirst, limit: 2 });
    expect(listed.map(({ id }) => id)).toEqual([second.id, first.id]);
  });
});
