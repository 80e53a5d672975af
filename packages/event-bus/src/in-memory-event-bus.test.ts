import { manualClock } from '@counterfoil/runtime/testing';
import { systemClock } from '@counterfoil/runtime';
import { expect, test } from 'vitest';
import { consumerGroup } from './event-bus.ts';
import { inMemoryBroker } from './in-memory-broker.ts';
import { inMemoryEventBus } from './in-memory-event-bus.ts';
import { contractPolicy, eventBusContract } from './testing/event-bus-contract.ts';
import { noteTopic, notesOf } from './testing/note-topic.ts';

eventBusContract('The in-memory event bus', async () => {
  const broker = inMemoryBroker();
  return {
    process: async () => {
      const bus = inMemoryEventBus({ clock: systemClock(), broker, policy: contractPolicy });
      return { bus, crash: async () => bus.crash() };
    },
    close: async () => {},
  };
});

test('its time is the clock it is given', async () => {
  const clock = manualClock();
  const bus = inMemoryEventBus({ clock });
  const attempts: number[] = [];
  await bus.subscribe(noteTopic(), {
    group: consumerGroup('writers'),
    handle: async ({ attempt }) => {
      attempts.push(attempt);
      return attempt < 2 ? { kind: 'retry', delayMs: 3_600_000, reason: 'later' } : { kind: 'ack' };
    },
  });
  await bus.publish(noteTopic(), notesOf('a', 1));
  await clock.advance(3_599_999);
  expect(attempts).toEqual([1]);
  await clock.advance(1);
  expect(attempts).toEqual([1, 2]);
});
