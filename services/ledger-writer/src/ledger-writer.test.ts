import { type CanonicalEvent, eventId } from '@counterfoil/domain';
import { amountOf, deposits, referenceOf } from '@counterfoil/domain/testing';
import { canonicalTopic, inMemoryEventBus } from '@counterfoil/event-bus';
import { inMemoryEventStore } from '@counterfoil/event-store';
import { ledger } from '@counterfoil/ledger';
import { processMetrics, silentLogger, systemClock } from '@counterfoil/runtime';
import { expect, test, vi } from 'vitest';
import { ledgerWriter } from './ledger-writer.ts';

const clock = systemClock();
const built = deposits.confirmed('d1', amountOf('30'), {
  provider: 'cryptomate',
  owners: [referenceOf('cryptomate', 'wallet', 'w1')],
});
/** As the adapter would have made it. */
const good: CanonicalEvent = {
  ...built,
  eventId: eventId('886313e1-3b8a-5372-9b90-0c9aee199e5d'),
  idempotencyKey: 'cryptomate|d1',
  source: { ...built.source, bodySha256: 'f'.repeat(64) },
};

async function recordedFrom(...events: readonly CanonicalEvent[]) {
  const store = inMemoryEventStore({ clock });
  const bus = inMemoryEventBus({ clock });
  const metrics = processMetrics({ withProcessMetrics: false });
  const books = ledger({ store, unknownAccounts: 'open' });
  const writer = await ledgerWriter({ ledger: books, bus, clock, logger: silentLogger, metrics });
  const [first, ...others] = events;
  if (first) await bus.publish(canonicalTopic, [first, ...others]);
  const letters = () => bus.deadLetters.list();
  const types = async () =>
    (await store.readAll({ after: 'start', limit: 100 })).events.map(({ event }) => event.type);
  return { letters, types, stop: () => writer[Symbol.asyncDispose]() };
}

test('an event of the vocabulary is recorded', async () => {
  const { letters, types, stop } = await recordedFrom(good);
  await vi.waitFor(async () => expect(await types()).toContain('DepositCredited'));
  expect(await letters()).toEqual([]);
  await stop();
});

const negative = { ...built.data, net: { ...built.data.net, units: -1n } };
test.each<[string, CanonicalEvent, string]>([
  ['a negative amount', { ...good, data: negative } as CanonicalEvent, 'DepositConfirmed net:'],
  ['no data', { ...good, data: {} } as CanonicalEvent, 'DepositConfirmed depositId:'],
  ['an unknown type', { ...good, type: 'MoneyVanished' } as never, 'not in the vocabulary'],
  ['the keys of another provider', { ...good, idempotencyKey: '4pay|d1' }, "not cryptomate's"],
])('one with %s is a dead letter at once and changes nothing', async (_what, event, reason) => {
  const { letters, types, stop } = await recordedFrom(event);
  await vi.waitFor(async () => expect(await letters()).toHaveLength(1));
  const [letter] = await letters();
  expect(letter).toMatchObject({ attempts: 1, reason: expect.stringContaining(reason) });
  expect(await types()).toEqual([]);
  await stop();
});
