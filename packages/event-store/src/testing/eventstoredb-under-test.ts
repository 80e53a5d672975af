import { randomUUID } from 'node:crypto';
import { type Logger, silentLogger, systemClock } from '@counterfoil/runtime';
import {
  type EventStoreDbOptions,
  eventStoreDbEventStore,
} from '../eventstoredb/eventstoredb-event-store.ts';
import type { StoreUnderTest } from './event-store-contract.ts';
import { startEventStoreDbServer } from './start-eventstoredb-server.ts';

const { EVENTSTOREDB_URL: realUrl } = process.env;

/** Each test run has streams of its own on a server that may hold anything. */
export const eventStoreDbStore = (
  url: string,
  options: Partial<EventStoreDbOptions> & Readonly<{ logger?: Logger }> = {},
) => eventStoreDbEventStore({ url, clock: systemClock(), logger: silentLogger, ...options });

async function storesOn(url: string, stop: () => Promise<void>): Promise<StoreUnderTest> {
  const streamPrefix = `test${randomUUID().replaceAll('-', '')}.`;
  const store = eventStoreDbStore(url, { streamPrefix });
  const second = eventStoreDbStore(url, { streamPrefix });
  return {
    store,
    second,
    areEventIdsUniqueInLog: false,
    stop: async () => {
      await Promise.all([store.close(), second.close()]);
      await stop();
    },
  };
}

export const onServerOfTests = async (): Promise<StoreUnderTest> => {
  const server = await startEventStoreDbServer();
  return storesOn(server.url, server.stop);
};

/** Null where no real server is given. */
export const onRealServer =
  realUrl === undefined || realUrl === '' ? null : () => storesOn(realUrl, async () => {});

export const realServerSkipped =
  'on a real server: skipped, as EVENTSTOREDB_URL does not say where one is';
