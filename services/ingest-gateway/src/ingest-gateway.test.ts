import type { ProviderName } from '@counterfoil/domain';
import { readSample, type Sample, sampleAdapters, samples } from '@counterfoil/providers/testing';
import { migrate, silentLogger, systemClock } from '@counterfoil/runtime';
import { testDatabase, type TestDatabase } from '@counterfoil/runtime/testing';
import type { ProviderAdapter } from '@counterfoil/providers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { inboxMigrations } from './inbox/inbox-migrations.ts';
import { postgresInbox } from './inbox/postgres-inbox.ts';
import { postgresRejectedDeliveries } from './rejected/postgres-rejected-deliveries.ts';
import { testBounds, type TestGateway, testGateway } from './testing/test-gateway.ts';

const adapters: readonly ProviderAdapter[] = Object.values(sampleAdapters());
const adapterOf = new Map<ProviderName, ProviderAdapter>(
  adapters.map((adapter) => [adapter.provider, adapter]),
);

let server: TestDatabase;
let test: TestGateway;
beforeAll(async () => {
  server = await testDatabase();
  await migrate(server.database, inboxMigrations);
});
beforeEach(async () => {
  await server.database.query('truncate counterfoil_inbox.deliveries');
  const { database } = server;
  const ports = { database, clock: systemClock(), logger: silentLogger, bounds: testBounds };
  const inbox = postgresInbox(database);
  test = await testGateway({ inbox, rejected: postgresRejectedDeliveries(ports) });
});
afterEach(() => test.close());
afterAll(() => server.drop());

const waiting = () => test.inbox.count().then((counts) => counts.waiting);

it('turns every sample into the events that it stands for, and quarantines the others', async () => {
  test.gateway.start();
  const given = samples().filter(({ provider, delivery, duplicateOf, variantOf, credential }) =>
    [adapterOf.has(provider), delivery, credential !== null, !duplicateOf, !variantOf].every(
      Boolean,
    ),
  );
  for (const { path, provider } of given) {
    const adapter = adapterOf.get(provider);
    if (adapter !== undefined)
      expect((await test.deliver(adapter, readSample(path))).status, path).toBe(200);
  }
  await expect.poll(waiting, { timeout: 5_000 }).toBe(0);
  const emitted = (sample: Sample) => sample.emits.length > 0;
  const statuses = await statusCounts();
  expect(statuses.quarantined).toBe(given.filter((sample) => !emitted(sample)).length);
  expect(test.bus.published.map(({ type }) => type).sort()).toEqual(
    given.flatMap(({ emits }) => emits).sort(),
  );
}, 60_000);

async function statusCounts(): Promise<Readonly<Record<string, number>>> {
  const { rows } = await server.database.query(
    'select status, count(*)::int as count from counterfoil_inbox.deliveries group by status',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

it('relays again, under the same ids, when the relay dies between publishing and marking', async () => {
  const { calypso } = sampleAdapters();
  const publish = test.bus.publish;
  let deaths = 0;
  const dying: typeof publish = async (topic, messages) => {
    await publish(topic, messages);
    if (deaths === 2) return;
    deaths += 1;
    await server.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'`,
    );
  };
  Object.assign(test.bus, { publish: dying });
  test.gateway.start();
  const body = readSample('calypso/constructed/invoice-paid.json');
  expect((await test.deliver(calypso, body)).status).toBe(200);
  await expect.poll(waiting, { timeout: 5_000 }).toBe(0);
  expect(deaths).toBe(2);
  expect(test.bus.published).toHaveLength(3);
  expect(new Set(test.bus.published.map(({ eventId }) => eventId)).size).toBe(1);
});

it('shares the inbox with another gateway without losing or repeating a delivery', async () => {
  const { calypso } = sampleAdapters();
  const other = await testGateway({ inbox: postgresInbox(server.database) });
  test.gateway.start();
  other.gateway.start();
  const paths = samples('calypso').flatMap(({ path, emits }) => (emits.length === 1 ? [path] : []));
  const bodies = paths.map(readSample);
  const deliveries = bodies.flatMap((body) => [
    test.deliver(calypso, body),
    other.deliver(calypso, body),
  ]);
  for (const { status } of await Promise.all(deliveries)) expect(status).toBe(200);
  await expect.poll(waiting, { timeout: 5_000 }).toBe(0);
  await other.close();
  const ids = [...test.bus.published, ...other.bus.published].map(({ eventId }) => eventId);
  expect(ids.length).toBe(new Set(ids).size);
  const { duplicate } = await statusCounts();
  expect(duplicate).toBeGreaterThanOrEqual(bodies.length);
});
