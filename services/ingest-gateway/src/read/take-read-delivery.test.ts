import { readSample, samples, sampleAdapters } from '@counterfoil/providers/testing';
import { processMetrics, silentLogger } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { expect, it } from 'vitest';
import { gatewayMetrics } from '../gateway-metrics.ts';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import { relay } from '../relay/relay.ts';
import { newestFirst } from '../testing/delivery.ts';
import { recordingBus } from '../testing/recording-bus.ts';
import { testGateway } from '../testing/test-gateway.ts';
import { takeReadDelivery } from './take-read-delivery.ts';

const fourpay = sampleAdapters()['4pay'];
const path = '4pay/constructed/flat/account-transaction-payin-completed.json';
const clock = manualClock({ now: Date.UTC(2026, 5, 14, 13) });

it('publishes what never came, marked as read, and knows it again when it comes after all', async () => {
  const [inbox, bus] = [inMemoryInbox(), recordingBus()];
  const relaying = relay({
    inbox,
    bus,
    clock,
    logger: silentLogger,
    adapters: new Map([['4pay', fourpay]]),
    metrics: gatewayMetrics(processMetrics({ withProcessMetrics: false })),
  });
  expect(await takeReadDelivery({ inbox, clock }, fourpay, readSample(path))).toBe('stored');
  await relaying.relayBatch();
  expect(bus.published.map(({ type, source }) => [type, source.channel])).toEqual(
    (samples('4pay').find((sample) => sample.path === path)?.emits ?? []).map((type) => [
      type,
      'read',
    ]),
  );
  expect(await takeReadDelivery({ inbox, clock }, fourpay, readSample(path))).toBe('duplicate');
  await relaying.stop();
});

it('lets no sender say that its webhook was read', async () => {
  const { gateway, deliver, inbox, close } = await testGateway();
  const body = readSample(path);
  const signed = fourpay.sign(body, 0 as never);
  const headers = { ...signed, 'x-counterfoil-channel': 'read' };
  expect((await deliver(fourpay, body, { headers })).status).toBe(200);
  const [stored] = await inbox.list(newestFirst);
  const archived = await inbox.find(stored?.id ?? '');
  expect(archived?.headers.get('x-counterfoil-channel')).toBeUndefined();
  await gateway.stop();
  await close();
});
