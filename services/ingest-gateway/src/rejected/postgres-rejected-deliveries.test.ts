import { instant } from '@counterfoil/domain';
import { migrate, silentLogger } from '@counterfoil/runtime';
import { type ManualClock, manualClock, testDatabase } from '@counterfoil/runtime/testing';
import type { TestDatabase } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { inboxMigrations } from '../inbox/inbox-migrations.ts';
import { rejectedContract } from '../testing/rejected-contract.ts';
import { testBounds } from '../testing/test-gateway.ts';
import { postgresRejectedDeliveries } from './postgres-rejected-deliveries.ts';
import type { RejectedDeliveries, RejectedDelivery } from './rejected-deliveries.ts';

let server: TestDatabase;
let clock: ManualClock;
let rejected: RejectedDeliveries;
beforeAll(async () => {
  server = await testDatabase();
  await migrate(server.database, inboxMigrations);
});
beforeEach(async () => {
  await server.database.query('truncate counterfoil_inbox.rejected_deliveries');
  clock = manualClock();
  const ports = { ...server, clock, bounds: testBounds, logger: silentLogger };
  rejected = postgresRejectedDeliveries(ports);
});
afterAll(() => server.drop());

const refused = (): RejectedDelivery => ({
  deliveryId: clock.randomId(),
  provider: 'calypso',
  code: 'credential-wrong',
  receivedAt: instant(clock.now()),
  headers: new Map([
    ['content-type', 'application/json'],
    ['sign', 'a signature'],
  ]),
  body: Buffer.from([0, 255, 1]),
});
const kept = (limit = 1_000) => rejected.after({ provider: 'calypso', sequence: '0', limit });

rejectedContract('refused webhooks on PostgreSQL', async (options) => {
  await server.database.query('truncate counterfoil_inbox.rejected_deliveries');
  return postgresRejectedDeliveries({ ...server, ...options, logger: silentLogger });
});

it('drops what a flood brings beyond its bounds', async () => {
  for (let count = 0; count < 500; count += 1) rejected.keep(refused());
  await rejected.stop();
  expect((await kept()).length).toBeLessThanOrEqual(150);
  expect((await kept()).length).toBeGreaterThanOrEqual(100);
});

it('keeps the newest when there are too many', async () => {
  await server.database.query(
    `insert into counterfoil_inbox.rejected_deliveries
      (id, provider, received_at, code, headers, credential_digests, body)
    select gen_random_uuid(), 'calypso', to_timestamp($1::float8 / 1000), 'credential-wrong', '{}',
      '{}', ''
    from generate_series(1, 10005)`,
    [clock.now()],
  );
  const [oldest] = await kept(1);
  await rejected.trim();
  expect((await kept(20_000)).length).toBe(10_000);
  expect((await kept(1))[0]?.sequence).not.toBe(oldest?.sequence);
});

it('goes on after the database was away', async () => {
  const away = { ...server.database, query: () => Promise.reject(new Error('away')) };
  const failing = postgresRejectedDeliveries({
    database: away,
    clock,
    bounds: testBounds,
    logger: silentLogger,
  });
  failing.keep(refused());
  await failing.stop();
  rejected.keep(refused());
  await rejected.stop();
  expect(await kept()).toHaveLength(1);
});
