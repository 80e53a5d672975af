import { instant } from '@counterfoil/domain';
import { processMetrics } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { expect, it } from 'vitest';
import { gaugeInbox } from './inbox-gauges.ts';
import { inMemoryInbox } from './inbox/in-memory-inbox.ts';
import { inMemoryRejectedDeliveries } from './rejected/in-memory-rejected-deliveries.ts';
import { delivery } from './testing/delivery.ts';
import { testBounds, testSettings } from './testing/test-gateway.ts';

const reason = { code: 'type-unknown', path: 'type', message: 'Unknown.' } as const;

function gauged(quarantineMs: number | null) {
  const clock = manualClock();
  const metrics = processMetrics({ withProcessMetrics: false });
  const inbox = inMemoryInbox();
  const rejected = inMemoryRejectedDeliveries({ clock, bounds: testBounds });
  let asked = 0;
  const size = () => {
    asked += 1;
    return inbox.size();
  };
  const settings = { ...testSettings, retention: { archiveMs: null, quarantineMs } };
  gaugeInbox({ metrics, inbox: { ...inbox, size }, rejected, settings, clock });
  const scraped = async () =>
    Object.fromEntries(
      (await metrics.metrics())
        .split('\n')
        .filter((line) => line.startsWith('counterfoil_'))
        .map((line) => line.split(' ')),
    );
  return { clock, inbox, rejected, scraped, asked: () => asked };
}

it('shows what the inbox and its quarantine hold, beside their bounds', async () => {
  const { clock, inbox, rejected, scraped, asked } = gauged(90_000);
  const receivedAt = instant(clock.now());
  await inbox.store(delivery({ receivedAt, reason, body: Buffer.alloc(100) }));
  await inbox.store(delivery({ receivedAt, body: Buffer.alloc(50) }));
  const headers = new Map<string, string>();
  const refused = { receivedAt, headers, body: Buffer.alloc(7), deliveryId: 'one' };
  rejected.keep({ ...refused, provider: 'calypso', code: 'credential-missing' });
  await clock.advance(60_000);
  expect(await scraped()).toEqual({
    counterfoil_inbox_waiting: '1',
    counterfoil_inbox_quarantined: '1',
    counterfoil_inbox_bytes: '150',
    counterfoil_quarantine_bytes: '100',
    counterfoil_quarantine_oldest_seconds: '60',
    counterfoil_quarantine_max_bytes: String(testSettings.quarantineBytesMax),
    counterfoil_quarantine_retention_seconds: '90',
    counterfoil_refused_webhooks: '1',
    counterfoil_refused_bytes: '7',
  });
  expect(asked()).toBe(1);
  await scraped();
  expect(asked()).toBe(2);
});

it('says nothing of a retention that nobody configured, and -1 of what cannot be asked', async () => {
  const { rejected, scraped } = gauged(null);
  expect(await scraped()).not.toHaveProperty('counterfoil_quarantine_retention_seconds');
  expect(await scraped()).toMatchObject({ counterfoil_quarantine_oldest_seconds: '0' });
  const away = async () => Promise.reject(new Error('away'));
  const metrics = processMetrics({ withProcessMetrics: false });
  gaugeInbox({
    metrics,
    inbox: { count: away, size: away },
    rejected: { ...rejected, size: away },
    settings: testSettings,
    clock: manualClock(),
  });
  const text = await metrics.metrics();
  for (const name of ['inbox_waiting', 'inbox_bytes', 'quarantine_bytes', 'refused_webhooks'])
    expect(text).toContain(`counterfoil_${name} -1\n`);
});
