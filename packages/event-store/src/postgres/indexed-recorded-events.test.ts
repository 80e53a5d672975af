import { correlationId } from '@counterfoil/domain';
import { migrate, systemClock } from '@counterfoil/runtime';
import { testDatabase } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import { inMemoryEventStore } from '../in-memory-event-store.ts';
import { appendOf, freshStream, newEvent } from '../testing/new-events.ts';
import { indexedRecordedEvents, recordedEventsIndexMigrations } from './indexed-recorded-events.ts';

test('what one cause led to is found in log order, also what was appended just before', async () => {
  const { database, drop } = await testDatabase();
  try {
    await migrate(database, recordedEventsIndexMigrations);
    const store = inMemoryEventStore({ clock: systemClock() });
    const recorded = indexedRecordedEvents({ store, database });
    const cause = correlationId('delivery-1');
    expect(await recorded.byCorrelation(cause, 10)).toEqual([]);
    const caused = () => ({ ...newEvent(), correlationId: cause });
    const [first, second] = [freshStream(), freshStream()];
    await store.appendToStream(appendOf(first, 0n, newEvent(), caused(), caused(), newEvent()));
    await store.appendToStream(appendOf(second, 0n, caused()));
    for (let n = 0; n < 3; n += 1) {
      const many = Array.from({ length: 600 }, () => newEvent());
      await store.appendToStream(appendOf(freshStream(), 0n, ...many));
    }
    await store.appendToStream(appendOf(first, 4n, caused()));
    const [found, again] = await Promise.all([
      recorded.byCorrelation(cause, 10),
      recorded.byCorrelation(cause, 3),
    ]);
    expect(found.map(({ stream, version }) => [stream, version])).toEqual([
      [first, 2n],
      [first, 3n],
      [second, 1n],
      [first, 5n],
    ]);
    expect(again).toEqual(found.slice(0, 3));
  } finally {
    await drop();
  }
});
