import type { ProviderAdapter } from '@counterfoil/providers';
import { readSample, sampleAdapters } from '@counterfoil/providers/testing';
import { err, instant, ok } from '@counterfoil/domain';
import { afterEach, expect, it, vi } from 'vitest';
import { anyDelivery } from '../inbox/inbox.ts';
import { delivery } from '../testing/delivery.ts';
import { type TestGateway, testGateway } from '../testing/test-gateway.ts';

const { calypso } = sampleAdapters();
const bodies = ['invoice-paid', 'invoice-expired', 'wallet-funds-delivered-account'].map((name) =>
  readSample(`calypso/constructed/${name}.json`),
);
const all = { ...anyDelivery, cursor: null, limit: 100 };

/** Refuses every body until it is repaired. */
function repairable(): Readonly<{ adapter: ProviderAdapter; repair: () => void }> {
  let isRepaired = false;
  const refusal = err({ code: 'type-unknown', path: 'eventType', message: 'Unknown.' } as const);
  const translate: typeof calypso.webhooks.translate = (webhook) =>
    isRepaired ? calypso.webhooks.translate(webhook) : refusal;
  return {
    adapter: { ...calypso, webhooks: { ...calypso.webhooks, translate } },
    repair: () => {
      isRepaired = true;
    },
  };
}

let running: TestGateway | null = null;
afterEach(() => running?.close());

async function withQuarantined(given = bodies) {
  const { adapter, repair } = repairable();
  const test = await testGateway({ adapters: [adapter] });
  running = test;
  test.gateway.start();
  for (const body of given) await test.deliver(calypso, body);
  await expect.poll(() => test.inbox.count()).toEqual({ waiting: 0, quarantined: given.length });
  const listed = await test.gateway.inboundWebhooks.list({ ...all, status: 'quarantined' });
  if (!listed.ok) throw new Error(listed.error.message);
  return { ...test, ...test.gateway, repair, rows: [...listed.value.data].reverse() };
}

it('keeps what is refused again, with its reason', async () => {
  const { rows, inboundWebhooks, bus } = await withQuarantined();
  const retried = await inboundWebhooks.retry(rows[0]?.id ?? '');
  expect(retried).toMatchObject({ ok: true, value: { status: 'quarantined' } });
  expect(retried.ok && retried.value.reason?.path).toBe('eventType');
  expect(bus.published).toEqual([]);
});

it('publishes what is understood after a repair, once, and shows what it became', async () => {
  const { rows, inboundWebhooks, bus, repair } = await withQuarantined();
  repair();
  const id = rows[0]?.id ?? '';
  expect(await inboundWebhooks.retry(id)).toMatchObject({
    ok: true,
    value: { id, status: 'processed', reason: null },
  });
  expect(bus.published.map(({ type }) => type)).toEqual(['InvoicePaid']);
  const found = await inboundWebhooks.find(id);
  expect(found?.canonicalEvents).toEqual([
    { eventId: bus.published[0]?.eventId, type: 'InvoicePaid' },
  ]);
  expect(found && Buffer.from(found.body ?? []).equals(bodies[0] ?? Buffer.alloc(0))).toBe(true);
  expect(await inboundWebhooks.retry(id)).toMatchObject({
    ok: false,
    error: { code: 'inbound-webhook-not-quarantined' },
  });
  expect(await inboundWebhooks.retry('nothing')).toMatchObject({
    ok: false,
    error: { code: 'inbound-webhook-not-found' },
  });
});

it('keeps its reason where nobody can translate it', async () => {
  const { quarantine, inbox } = await withQuarantined([]);
  const reason = { code: 'field-missing', path: 'amount', message: 'Missing.' } as const;
  const foreign = delivery({ provider: '4pay', reason });
  await inbox.store(foreign);
  expect(await quarantine.retry(foreign.id)).toMatchObject({ ok: true, value: { reason } });
  const page = { after: null, limit: 9 };
  expect(await quarantine.retryPage(anyDelivery, page)).toMatchObject({ published: 0, refused: 1 });
  expect(await inbox.find(foreign.id)).toMatchObject({ status: 'quarantined', reason });
});

it('stays in quarantine while the bus is away', async () => {
  const { rows, inboundWebhooks, bus, repair, inbox } = await withQuarantined();
  repair();
  bus.fail('before');
  await expect(inboundWebhooks.retry(rows[0]?.id ?? '')).rejects.toThrow('The bus is away');
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 3 });
});

it('retries a selection, oldest first, and nothing of another reason or time', async () => {
  const { quarantine, bus, repair, inbox, rows } = await withQuarantined();
  const [first, , last] = rows;
  repair();
  const page = { after: null, limit: 100 };
  const nothing = { published: 0, refused: 0, after: null };
  const since = first?.receivedAt ?? instant(0);
  for (const other of [
    { code: 'asset-unknown' },
    { provider: '4pay' as const },
    { from: instant((last?.receivedAt ?? 0) + 1) },
    { to: since },
  ])
    expect(await quarantine.retryPage({ ...anyDelivery, ...other }, page)).toEqual(nothing);
  const calypsos = { provider: 'calypso', code: 'type-unknown', from: since, to: null } as const;
  const some = await quarantine.retryPage(calypsos, page);
  expect(some).toEqual({ published: 3, refused: 0, after: null });
  expect(bus.published.map(({ type }) => type)).toEqual([
    'InvoicePaid',
    'InvoiceExpired',
    'FundsDelivered',
  ]);
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 0 });
});

it('retries in pages that go on behind what is refused again', async () => {
  const { inboundWebhooks, repair, inbox, rows } = await withQuarantined();
  const retry = async (cursor: string | null) => {
    const retried = await inboundWebhooks.retryPage({ ...all, cursor, limit: 2 });
    if (!retried.ok) throw new Error(retried.error.message);
    return retried.value;
  };
  const first = await retry(null);
  expect(first).toMatchObject({ published: 0, refused: 2 });
  repair();
  expect(await retry(first.nextCursor)).toEqual({ published: 1, refused: 0, nextCursor: null });
  expect((await inbox.find(rows[2]?.id ?? ''))?.status).toBe('processed');
  expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 2 });
  const foreign = await inboundWebhooks.retryPage({ ...all, cursor: 'elsewhere' });
  expect(foreign).toMatchObject({ ok: false, error: { code: 'cursor-malformed' } });
});

it('lists in pages, and refuses a cursor that it did not issue', async () => {
  const { inboundWebhooks, rows } = await withQuarantined();
  const first = await inboundWebhooks.list({ ...all, limit: 2 });
  if (!first.ok) throw new Error(first.error.message);
  expect(first.value.data.map(({ id }) => id)).toEqual([rows[2]?.id, rows[1]?.id]);
  const second = await inboundWebhooks.list({ ...all, cursor: first.value.nextCursor, limit: 2 });
  expect(second).toEqual(ok({ data: [rows[0]], nextCursor: null }));
  const foreign = await inboundWebhooks.list({ ...all, cursor: "1' or true" });
  expect(foreign).toMatchObject({ ok: false, error: { code: 'cursor-malformed' } });
});

const createdAt = '2026-04-02T10:30:00+00:00';
const moved = { accountUuid: 'a', amount: '5.00', currency: 'USD', status: 'completed', createdAt };
const accountSide = JSON.stringify({ ...moved, id: 'tx-1', type: 'card_top_up' });
const cardSide = JSON.stringify({ ...moved, id: 'tx-2', cardUuid: 'c', type: 'top_up' });

it.each([
  ['before', [accountSide, cardSide]],
  ['after', [cardSide, accountSide]],
])(
  'marks the account side of a card transfer that came %s it (4pay decision 8)',
  async (_, order) => {
    const test = await testGateway();
    running = test;
    const { gateway, inbox } = test;
    const fourpay = sampleAdapters()['4pay'];
    gateway.start();
    for (const body of order) {
      await test.deliver(fourpay, body);
      await expect.poll(() => inbox.count()).toMatchObject({ waiting: 0 });
    }
    expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 1 });
    const list = async () => {
      const listed = await gateway.inboundWebhooks.list(all);
      if (!listed.ok) throw new Error(listed.error.message);
      const side = (status: string) => listed.value.data.find((row) => row.status === status);
      return { refused: side('quarantined'), told: side('processed') };
    };
    const { refused, told } = await list();
    expect(refused?.counterpartOf).toEqual([told?.id]);
    expect(told?.counterpartOf).toEqual([]);
    expect(await gateway.inboundWebhooks.retry(refused?.id ?? '')).toMatchObject({
      ok: true,
      value: { status: 'quarantined', counterpartOf: [told?.id] },
    });
    expect(await gateway.inboundWebhooks.find(refused?.id ?? '')).toMatchObject({
      counterpartOf: [told?.id],
    });
    expect(test.bus.published.map(({ type }) => type)).toEqual(['TransferCompleted']);
  },
);

it('goes on without a mark where the adapter fails to make one', async () => {
  const counterpart = vi.fn(() => {
    throw new Error('a bug of ours');
  });
  const test = await testGateway({ adapters: [{ ...sampleAdapters()['4pay'], counterpart }] });
  running = test;
  await test.deliver(sampleAdapters()['4pay'], cardSide);
  test.gateway.start();
  await expect
    .poll(() => test.bus.published.map(({ type }) => type))
    .toEqual(['TransferCompleted']);
  expect(counterpart).toHaveBeenCalledOnce();
  expect(test.log()).toContain('a bug of ours');
});
