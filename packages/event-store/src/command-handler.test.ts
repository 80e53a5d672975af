import { randomUUID } from 'node:crypto';
import { systemClock } from '@counterfoil/runtime';
import { expect, test } from 'vitest';
import { commandHandler } from './command-handler.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { inMemorySnapshotStore } from './in-memory-snapshot-store.ts';
import { commandHandlerContract } from './testing/command-handler-contract.ts';
import { add, counterWithSnapshots } from './testing/counter.ts';

const memory = () => inMemoryEventStore({ clock: systemClock() });

commandHandlerContract('memory', async () => ({ store: memory(), stop: async () => {} }));

test('a snapshot is taken every so many events, and the stream is read from there', async () => {
  const id = randomUUID();
  const store = memory();
  const snapshots = inMemorySnapshotStore();
  const handler = commandHandler({ store, snapshots, category: counterWithSnapshots(10) });
  for (let n = 0; n < 25; n += 1) await handler.handle(id, add(randomUUID()));
  expect(await snapshots.load(`counter-${id}`, 1)).toMatchObject({
    version: 20n,
    state: { total: 20 },
  });
  const read: bigint[] = [];
  const watched: typeof store = {
    ...store,
    readStream: (stream, range) => {
      read.push(range?.after ?? 0n);
      return store.readStream(stream, range);
    },
  };
  const afresh = commandHandler({ store: watched, snapshots, category: counterWithSnapshots(10) });
  expect((await afresh.load(id)).total).toBe(25);
  expect(read).toEqual([20n]);
});

test('a snapshot of another schema version is ignored, and replaced in time', async () => {
  const id = randomUUID();
  const store = memory();
  const snapshots = inMemorySnapshotStore();
  const wrong = { total: 999, commands: 0, closed: false };
  const stream = `counter-${id}`;
  await commandHandler({ store, category: counterWithSnapshots(2) }).handle(id, add(randomUUID()));
  const { version } = await store.readStream(stream);
  await snapshots.save({ stream, version, schemaVersion: 1, state: wrong });
  const handler = commandHandler({ store, snapshots, category: counterWithSnapshots(2, 2) });
  await handler.handle(id, add(randomUUID()));
  expect((await handler.load(id)).total).toBe(2);
  expect(await snapshots.load(stream, 2)).toMatchObject({ version: 2n, state: { total: 2 } });
});

test('a snapshot that cannot be kept harms nobody', async () => {
  const id = randomUUID();
  const store = memory();
  const away = async () => Promise.reject(new Error('the snapshots are away'));
  const snapshots = { load: async () => null, save: away };
  const handler = commandHandler({ store, snapshots, category: counterWithSnapshots(1) });
  await handler.handle(id, add(randomUUID()));
  expect(await handler.handle(id, add(randomUUID()))).toMatchObject({ value: { version: 2n } });
});
