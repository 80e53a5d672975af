import type { Checkpoint, Recorded, StreamVersion } from '@counterfoil/domain';
import {
  canonicalTopic,
  consumerGroup,
  type Handle,
  ledgerTopic,
  publishLedgerEvents,
} from '@counterfoil/event-bus';
import { type EventStore, postgresEventStore } from '@counterfoil/event-store';
import { systemClock } from '@counterfoil/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliverUntilAcknowledged } from '../support/deliverer.ts';
import { generatedDelivery } from '../support/generated-deliveries.ts';
import { joinedBus } from '../support/joined-bus.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';
import { type TestedBus, testedBuses } from '../support/tested-buses.ts';

// The first start of a broker may fetch its jars.
const startTimeoutMs = 180_000;
const timeoutMs = 90_000;
const clock = systemClock();

describe.each(await testedBuses('counterfoil.ledger.v1'))(
  'counterfoil.ledger.v1 on $bus',
  ({ missing, start }) => {
    describe.skipIf(missing !== null)('', () => holdTopic(start));
  },
);

function holdTopic(start: TestedBus['start']): void {
  let broker: Awaited<ReturnType<typeof start>>;
  let system: RunningSystem;
  let joined: ReturnType<typeof joinedBus>;

  beforeAll(async () => {
    broker = await start();
    system = await runningSystem({ ...broker.variables, PUBLISH_LEDGER_EVENTS: 'true' });
    joined = joinedBus(system);
  }, startTimeoutMs);

  afterAll(async () => {
    await joined?.stop();
    await system?.stop();
    await broker?.stop();
  }, startTimeoutMs);

  test(
    'a consumer that drops repeats by stream and version has the whole log once, in order per stream',
    async () => {
      const { bus } = joined;
      const { seen, handle, repeats } = consumer();
      await using _ = await bus.subscribe(ledgerTopic, { group: consumerGroup('anyone'), handle });
      const deliveries = Array.from({ length: 60 }, (_each, index) => generatedDelivery(index));
      const delivering = deliverUntilAcknowledged(system.url, deliveries, { atOnce: 8 });
      // Another publisher that begins at the start repeats everything, as one that lost its place does.
      const stopping = new AbortController();
      const store = postgresEventStore({ database: system.database, clock });
      let position: Checkpoint | 'start' = 'start';
      const publishing = publishLedgerEvents({
        source: store,
        position: {
          load: async () => position,
          save: async (next) => {
            position = next;
          },
        },
        bus,
        clock,
        signal: stopping.signal,
        batchSizeMax: 7,
      });
      await delivering;
      const group = consumerGroup('ledger-writer');
      await until(
        async () => (await isRelayed(system)) && (await bus.lag(canonicalTopic.name, group)) === 0,
      );
      await until(async () => {
        const { length } = await wholeLog(store);
        return seen.length === length && repeats() === length;
      });
      stopping.abort();
      await publishing;
      const recorded = await wholeLog(store);
      expect(recorded.length).toBeGreaterThan(deliveries.length);
      expect(byStream(seen)).toEqual(byStream(recorded));
    },
    timeoutMs,
  );
}

const until = (condition: () => Promise<boolean>) =>
  expect.poll(condition, { timeout: timeoutMs / 3, interval: 100 }).toBe(true);

/** Knows of each stream the highest version that it has seen; what is not above it is a repeat. */
function consumer() {
  const seen: Recorded[] = [];
  const highest = new Map<string, StreamVersion>();
  let repeats = 0;
  const handle: Handle<Recorded> = async ({ message }) => {
    if (message.version <= (highest.get(message.stream) ?? 0n)) repeats += 1;
    else {
      highest.set(message.stream, message.version);
      seen.push(message);
    }
    return { kind: 'ack' };
  };
  return { seen, handle, repeats: () => repeats };
}

async function isRelayed({ database }: RunningSystem): Promise<boolean> {
  const { rows } = await database.query(
    'select not exists (select from counterfoil_inbox.deliveries where is_waiting) as "isRelayed"',
  );
  return rows[0]?.['isRelayed'] === true;
}

async function wholeLog(store: EventStore): Promise<readonly Recorded[]> {
  const { events } = await store.readAll({ after: 'start', limit: 10_000 });
  return events;
}

function byStream(events: readonly Recorded[]): ReadonlyMap<string, readonly Recorded[]> {
  const streams = new Map<string, Recorded[]>();
  for (const event of events)
    streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  return streams;
}
