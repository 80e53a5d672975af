import { accountId, checkpoint, type Recorded, referenceKey } from '@counterfoil/domain';
import { amountOf, deposits, referenceOf } from '@counterfoil/domain/testing';
import { consumerGroup, inMemoryEventBus, ledgerTopic } from '@counterfoil/event-bus';
import { migrate, silentLogger, systemClock } from '@counterfoil/runtime';
import { testDatabase, type TestDatabase } from '@counterfoil/runtime/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ledgerWriterMigrations, postgresCheckpoints } from './checkpoints.ts';
import { publishing } from './publishing.ts';
import { sharedStore } from './testing/shared-store.ts';
import { upkeep } from './upkeep.ts';

const clock = systemClock();
const logger = silentLogger;
let server: TestDatabase;
beforeAll(async () => {
  server = await testDatabase();
  await migrate(server.database, ledgerWriterMigrations);
});
afterAll(() => server.drop());

const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');

/** A log of before, and a reader that had come further than it. */
async function restored(reader: string) {
  const { store, startProcess, log } = sharedStore();
  const process = startProcess();
  await process.record(deposits.confirmed('d1', amountOf('30')));
  await process.open('player');
  const { database } = server;
  await postgresCheckpoints({ database, reader, store, logger }).save(checkpoint('1000'));
  return { store, process, log };
}

const until = async (seen: () => Promise<void>, running: Promise<void>, stop: AbortController) => {
  await vi.waitFor(seen, { timeout: 5_000 }).finally(() => stop.abort());
  await running;
};

test('a log that was restored to an earlier point is published again, and all that follows', async () => {
  const { store, process, log } = await restored('published ledger events');
  const bus = inMemoryEventBus({ clock });
  const published: Recorded[] = [];
  await bus.subscribe(ledgerTopic, {
    group: consumerGroup('anyone'),
    handle: async ({ message }) => {
      published.push(message);
      return { kind: 'ack' };
    },
  });
  const stop = new AbortController();
  const { database } = server;
  const running = publishing({ store, bus, database, clock, logger, signal: stop.signal });
  await process.open('another');
  const ids = (events: readonly Recorded[]) => events.map(({ eventId }) => eventId).sort();
  await until(async () => expect(ids(published)).toEqual(ids(await log())), running, stop);
});

test('a link in it whose process died before it moved anything is acted on', async () => {
  const { store, process } = await restored('moves');
  await process.books.references.handle(referenceKey(wallet), {
    type: 'LinkReference',
    data: { reference: wallet, accountId: accountId('player'), actor: 'test' },
    context: process.request(),
  });
  const stop = new AbortController();
  const running = upkeep({
    ledger: process.books,
    store,
    database: server.database,
    dueHolds: async () => [],
    clock,
    logger,
    signal: stop.signal,
  });
  const money = () => process.money('player');
  await until(async () => expect(await money()).toBe('30.00 0.00 0.00'), running, stop);
});
