import { readSample, samples, sampleAdapters, signedWebhook } from '@counterfoil/providers/testing';
import { processMetrics, silentLogger } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import type { ProviderAdapter } from '@counterfoil/providers';
import { afterEach, expect, it } from 'vitest';
import { gatewayMetrics } from '../gateway-metrics.ts';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import { delivery, newestFirst } from '../testing/delivery.ts';
import { recordingBus } from '../testing/recording-bus.ts';
import { type Relay, relay } from './relay.ts';

const { calypso } = sampleAdapters();
const story = samples('calypso')
  .map(({ path }) => path)
  .filter((path) => path.includes('stories/invoice-paid/'))
  .sort();

let started: Relay | null = null;
afterEach(() => started?.stop());

function relayOf(adapter: ProviderAdapter = calypso) {
  const clock = manualClock({ now: Date.UTC(2026, 5, 14, 13) });
  const [inbox, bus] = [inMemoryInbox(), recordingBus()];
  const ports = { inbox, bus, clock, logger: silentLogger };
  const metrics = gatewayMetrics(processMetrics({ withProcessMetrics: false }));
  const adapters = new Map([[adapter.provider, adapter]]);
  const relaying = relay({ ...ports, adapters, metrics });
  started = relaying;
  return { ...ports, relaying, store: (path: string) => inbox.store(incoming(path)) };
}

/** As the gateway archives it. */
function incoming(path: string) {
  const body = readSample(path);
  const verified = calypso.webhooks.verify(signedWebhook(calypso, body));
  if (!verified.ok) throw new Error('the sample adapter refuses its own signature');
  const { eventKey, bodySha256, dialect } = calypso.webhooks.identify(verified.value);
  return delivery({ body, eventKey, bodySha256, dialect });
}

const typesOf = (events: readonly Readonly<{ type: string }>[]) => events.map(({ type }) => type);

it('publishes what the adapter makes of the deliveries, in order of arrival', async () => {
  const { relaying, bus, store, inbox } = relayOf();
  for (const path of story) await store(path);
  expect(await relaying.relayBatch()).toBe(story.length);
  expect(typesOf(bus.published)).toEqual(
    samples('calypso')
      .filter(({ path }) => story.includes(path))
      .sort((one, other) => (one.path < other.path ? -1 : 1))
      .flatMap(({ emits }) => emits),
  );
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 0 });
  expect(await relaying.relayBatch()).toBe(0);
});

it('flags the events of a variant', async () => {
  const { relaying, bus, inbox } = relayOf();
  const first = incoming(story[0] ?? '');
  await inbox.store(first);
  await inbox.store(delivery({ body: first.body, eventKey: first.eventKey, bodySha256: 'ab' }));
  await relaying.relayBatch();
  expect(bus.published.map(({ flags }) => flags.includes('variant'))).toEqual([false, true]);
});

it('gives the second body of a fact the effect of the first, however the two name it', async () => {
  const { relaying, bus, inbox } = relayOf();
  const first = incoming('calypso/stories/top-up/02-wallet-funds-delivered-account.json');
  const another = Buffer.from(
    Buffer.from(first.body)
      .toString()
      .replaceAll(/"amount":\s*"?[\d.]+"?/g, '"amount": "7.00"'),
  );
  await inbox.store(first);
  await inbox.store(delivery({ body: another, eventKey: first.eventKey }));
  await relaying.relayBatch();
  const [told, variant] = bus.published;
  expect(variant?.data).not.toEqual(told?.data);
  expect([told?.effectKey, variant?.effectKey]).toEqual([told?.effectKey, told?.effectKey]);
});

it('publishes again, under the same ids, what it could not mark', async () => {
  const { relaying, bus, store, inbox } = relayOf();
  for (const path of story) await store(path);
  bus.fail('after');
  await expect(relaying.relayBatch()).rejects.toThrow();
  bus.fail(null);
  await relaying.relayBatch();
  const ids = bus.published.map(({ eventId }) => eventId);
  expect(ids.slice(story.length)).toEqual(ids.slice(0, story.length));
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 0 });
});

it('waits while the bus is away and goes on by itself when it is back', async () => {
  const { relaying, bus, store, clock, inbox } = relayOf();
  bus.fail('before');
  relaying.start();
  await store(story[0] ?? '');
  relaying.wake();
  await clock.advance(60_000);
  expect(await inbox.count()).toEqual({ waiting: 1, quarantined: 0 });
  bus.fail(null);
  await clock.advance(5_000);
  expect(bus.published).toHaveLength(1);
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 0 });
});

it('wakes at once for what its own process stored, and finds the rest by polling', async () => {
  const { relaying, bus, store, clock } = relayOf();
  relaying.start();
  await clock.advance(0);
  await store(story[0] ?? '');
  relaying.wake();
  await clock.advance(0);
  expect(bus.published).toHaveLength(1);
  await store(story[1] ?? '');
  await clock.advance(250);
  expect(bus.published).toHaveLength(2);
});

it('gives a batch up when the bus never answers', async () => {
  const { relaying, bus, store, clock, inbox } = relayOf();
  await store(story[0] ?? '');
  const publish = bus.publish;
  Object.assign(bus, { publish: () => new Promise(() => undefined) });
  const relayed = relaying.relayBatch();
  relayed.catch(() => undefined);
  await clock.advance(20_000);
  await expect(relayed).rejects.toThrow('No answer');
  Object.assign(bus, { publish });
  expect(await relaying.relayBatch()).toBe(1);
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 0 });
});

it('quarantines what its adapter fails on, and goes on with the rest', async () => {
  let calls = 0;
  const translate: typeof calypso.webhooks.translate = (webhook) => {
    calls += 1;
    if (calls === 1) throw new Error('a bug');
    return calypso.webhooks.translate(webhook);
  };
  const broken = { ...calypso, webhooks: { ...calypso.webhooks, translate } };
  const { relaying, bus, store, inbox } = relayOf(broken);
  await store(story[0] ?? '');
  await store(story[1] ?? '');
  await relaying.relayBatch();
  expect(bus.published).toHaveLength(1);
  const [row] = await inbox.list({ ...newestFirst, status: 'quarantined' });
  expect(row?.reason?.code).toBe('adapter-fault');
});

it('quarantines what cannot be written to the bus instead of stopping there', async () => {
  const translate: typeof calypso.webhooks.translate = (webhook) => {
    const events = calypso.webhooks.translate(webhook);
    if (events.ok) Object.assign(events.value[0] ?? {}, { references: { bad: 1n } });
    return events;
  };
  const broken = { ...calypso, webhooks: { ...calypso.webhooks, translate } };
  const { relaying, store, inbox } = relayOf(broken);
  await store(story[0] ?? '');
  await relaying.relayBatch();
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 1 });
});

it('finishes the batch under way when it stops', async () => {
  const { relaying, bus, store, clock, inbox } = relayOf();
  let publish = () => {};
  Object.assign(bus, {
    publish: () =>
      new Promise<void>((resolve) => {
        publish = resolve;
      }),
  });
  await store(story[0] ?? '');
  relaying.start();
  await clock.advance(0);
  const stopped = relaying.stop();
  publish();
  await stopped;
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 0 });
});
