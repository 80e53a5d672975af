import {
  type Checkpoint,
  checkpoint,
  correlationId,
  eventId,
  instant,
  type Recorded,
  streamVersion,
} from '@counterfoil/domain';
import { systemClock } from '@counterfoil/runtime';
import { afterEach, expect, test } from 'vitest';
import { consumerGroup } from './event-bus.ts';
import { inMemoryEventBus } from './in-memory-event-bus.ts';
import { publishLedgerEvents } from './publish-ledger-events.ts';
import { ledgerTopic } from './topics.ts';

const clock = systemClock();
const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

const recorded = (position: number): Recorded => ({
  event: { type: 'AccountOpened', data: { ordinal: String(position) } },
  eventId: eventId(`00000000-0000-4000-8000-${String(position).padStart(12, '0')}`),
  stream: `account-${position % 3}`,
  version: streamVersion(BigInt(Math.ceil(position / 3))),
  position: checkpoint(String(position)),
  occurredAt: instant(0),
  recordedAt: instant(0),
  correlationId: correlationId('00000000-0000-4000-8000-000000000000'),
  causationId: eventId('00000000-0000-4000-8000-000000000000'),
});

/** A log, what is remembered of it, and who listens to the topic. */
async function world() {
  const log: Recorded[] = [];
  let saved: Checkpoint | 'start' = 'start';
  const arrived: Recorded[] = [];
  const bus = inMemoryEventBus({ clock });
  await bus.subscribe(ledgerTopic, {
    group: consumerGroup('anyone'),
    handle: async ({ message }) => {
      arrived.push(message);
      return { kind: 'ack' };
    },
  });
  const source = {
    readAll: async ({ after, limit }: { after: Checkpoint | 'start'; limit: number }) => {
      const from = after === 'start' ? 0 : Number.parseInt(after, 10);
      const events = log.slice(from, from + limit);
      return { events, next: events.at(-1)?.position ?? after };
    },
    waitForAppend: (timeoutMs: number, signal: AbortSignal) =>
      clock.sleep(Math.min(timeoutMs, 5), signal),
  };
  const position = {
    load: async () => saved,
    save: async (next: Checkpoint) => {
      saved = next;
    },
  };
  const append = (count: number) => {
    for (let index = 0; index < count; index++) log.push(recorded(log.length + 1));
  };
  const start = (faults: Partial<Pick<typeof bus, 'publish'> & typeof position> = {}) => {
    const stopping = new AbortController();
    const ended = publishLedgerEvents({
      source,
      position: { ...position, ...faults },
      bus: { ...bus, ...faults },
      clock,
      signal: stopping.signal,
      batchSizeMax: 7,
    });
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    running.push(stop);
    return stop;
  };
  const positions = () => arrived.map((event) => Number.parseInt(event.position, 10));
  return { append, start, arrived, positions, bus, position, saved: () => saved };
}

const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const ofStream = (events: readonly Recorded[], stream: string) =>
  events.filter((event) => event.stream === stream).map((event) => event.version);

test('every recorded event is published, in order per stream, as the log grows', async () => {
  const { append, start, arrived, positions, saved } = await world();
  append(40);
  start();
  await expect.poll(() => arrived.length).toBe(40);
  append(3);
  await expect.poll(() => arrived.length).toBe(43);
  expect(positions().toSorted((a, b) => a - b)).toEqual(inOrder(43));
  expect(ofStream(arrived, 'account-1')).toEqual(inOrder(15).map(BigInt));
  await expect.poll(saved).toBe('43');
});

test('it goes on from where it came to', async () => {
  const { append, start, positions } = await world();
  append(5);
  const stop = start();
  await expect.poll(() => positions().length).toBe(5);
  await stop();
  append(2);
  start();
  await expect.poll(() => positions().length).toBe(7);
});

test('a bus that is away holds it up and skips nothing', async () => {
  const { append, start, positions, bus } = await world();
  append(20);
  let failures = 3;
  start({
    publish: async (topic, messages) => {
      if (failures-- > 0) throw new Error('away');
      await bus.publish(topic, messages);
    },
  });
  await expect.poll(() => positions().length, { timeout: 5_000 }).toBe(20);
  expect(failures).toBeLessThan(0);
});

test('a position that was not remembered repeats a batch, and its ids tell', async () => {
  const { append, start, arrived, position } = await world();
  append(7);
  let isLost = true;
  start({
    save: async (next) => {
      if (isLost) {
        isLost = false;
        throw new Error('the database is away');
      }
      await position.save(next);
    },
  });
  await expect.poll(() => arrived.length, { timeout: 5_000 }).toBe(14);
  expect(new Set(arrived.map((event) => event.eventId)).size).toBe(7);
  const seen = new Map<string, bigint>();
  const fresh = arrived.filter(({ stream, version }) => {
    if (version <= (seen.get(stream) ?? 0n)) return false;
    seen.set(stream, version);
    return true;
  });
  expect(fresh).toHaveLength(7);
});
