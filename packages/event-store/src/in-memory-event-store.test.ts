import { systemClock } from '@counterfoil/runtime';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { eventStoreContract } from './testing/event-store-contract.ts';

eventStoreContract('The in-memory event store', async () => ({
  store: inMemoryEventStore({ clock: systemClock() }),
  stop: async () => {},
}));
