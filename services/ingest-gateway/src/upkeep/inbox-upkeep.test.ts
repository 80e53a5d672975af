import { instant } from '@counterfoil/domain';
import { jsonLogger, processMetrics } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { Writable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { delivery } from '../testing/delivery.ts';
import { keepWithinTime } from './inbox-upkeep.ts';
import type { Retention } from './retention.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const forEver: Retention = { archiveMs: null, quarantineMs: null };
const reason = { code: 'type-unknown', path: 'type', message: 'Unknown.' } as const;

let stop = () => {};
afterEach(() => stop());

/** Two deliveries of now, one understood and one not, and the upkeep of their inbox. */
async function keeping(retention: Retention, changes: Partial<Inbox> = {}) {
  const clock = manualClock();
  const inbox = inMemoryInbox();
  const receivedAt = instant(clock.now());
  const [understood, refused] = [delivery({ receivedAt }), delivery({ receivedAt, reason })];
  for (const each of [understood, refused]) await inbox.store(each);
  const batch = {
    providers: [understood.provider],
    now: understood.availableAt,
    limit: 9,
  } as const;
  await inbox.relay(batch, async (deliveries) =>
    deliveries.map(({ id }) => ({ kind: 'published', deliveryId: id, canonicalEvents: [] })),
  );
  let log = '';
  const destination = new Writable({
    write: (chunk, _encoding, done) => {
      log += String(chunk);
      done();
    },
  });
  const metrics = processMetrics({ withProcessMetrics: false });
  const stopping = new AbortController();
  let trimmed = 0;
  const trim = async () => {
    trimmed += 1;
  };
  const running = keepWithinTime(
    {
      inbox: { ...inbox, ...changes },
      rejected: { trim },
      retention,
      metrics,
      clock,
      logger: jsonLogger({ service: 'test', level: 'debug', destination }),
    },
    stopping.signal,
  );
  stop = () => stopping.abort();
  const keeps = async (id: string) => ((await inbox.find(id))?.body ?? null) !== null;
  const both = async () => [await keeps(understood.id), await keeps(refused.id)];
  const counted = async (name: string) =>
    (await metrics.metrics()).split('\n').filter((line) => line.startsWith(name));
  return { clock, inbox, refused, both, counted, log: () => log, trims: () => trimmed, running };
}

it('removes nothing where nothing is configured, and trims what was refused every hour', async () => {
  const { clock, both, trims } = await keeping(forEver);
  await clock.advance(0);
  expect(trims()).toBe(1);
  await clock.advance(400 * dayMs);
  expect(trims()).toBe(1 + 400 * 24);
  expect(await both()).toEqual([true, true]);
});

it('empties what was understood after its time, and leaves quarantine alone', async () => {
  const { clock, both, counted } = await keeping({ ...forEver, archiveMs: 30 * dayMs });
  await clock.advance(30 * dayMs);
  expect(await both()).toEqual([true, true]);
  await clock.advance(hourMs);
  expect(await both()).toEqual([false, true]);
  expect(await counted('counterfoil_inbox_emptied_total')).toEqual([
    'counterfoil_inbox_emptied_total 1',
  ]);
});

it('removes from quarantine after its own time, and names what it gave up', async () => {
  const { clock, both, counted, log, refused } = await keeping({
    ...forEver,
    quarantineMs: 90 * dayMs,
  });
  await clock.advance(90 * dayMs);
  expect(await both()).toEqual([true, true]);
  expect(log()).toBe('');
  await clock.advance(hourMs);
  expect(await both()).toEqual([true, false]);
  const { id: deliveryId, provider, bodySha256 } = refused;
  expect(JSON.parse(log())).toMatchObject({ deliveryId, provider, bodySha256, code: reason.code });
  expect(await counted('counterfoil_quarantine_removed_total')).toEqual([
    'counterfoil_quarantine_removed_total{provider="calypso"} 1',
  ]);
});

it('takes batch after batch, with a pause between them', async () => {
  const asked: number[] = [];
  let left = 1_200;
  const removeBodies: Inbox['removeBodies'] = async ({ limit }) => {
    const count = Math.min(left, limit);
    left -= count;
    asked.push(count);
    return count;
  };
  const { clock } = await keeping({ ...forEver, archiveMs: dayMs }, { removeBodies });
  await clock.advance(99);
  expect(asked).toEqual([500]);
  await clock.advance(201);
  expect(asked).toEqual([500, 500, 200]);
});

it('goes on in its next turn when the inbox was away', async () => {
  let isAway = true;
  const inbox = inMemoryInbox();
  const removeBodies: Inbox['removeBodies'] = async (expired) => {
    if (isAway) throw new Error('away');
    return inbox.removeBodies(expired);
  };
  const { clock, log, running, trims } = await keeping(
    { ...forEver, archiveMs: dayMs },
    { removeBodies },
  );
  await clock.advance(0);
  expect(log()).toContain('could not be removed');
  isAway = false;
  await clock.advance(hourMs);
  expect(trims()).toBe(2);
  stop();
  await running;
});
