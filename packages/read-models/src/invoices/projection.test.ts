import { accountId, type CanonicalEvent, type InvoiceStatus } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import type { LedgerEvent } from '../ledger-event.ts';
import { projectLog } from '../testing/project-log.ts';
import { cause, sampleLog, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { findInvoice, listInvoices } from './queries.ts';

const models = withModels();

const told = (
  type: 'InvoiceOpened' | 'InvoiceFundsReceived' | 'InvoiceSettled',
  status: InvoiceStatus,
  event: CanonicalEvent,
): LedgerEvent => ({
  type,
  data: { cause: event, accountId: accountId('m'), status, reviewsOpened: [], reviewsClosed: [] },
});

const ids = { externalId: 'order-7', idempotencyKey: 'I', customerId: 'customer-1' };
const about = { provider: 'calypso', references: ids } as const;
const openedFor = (amount: string) =>
  cause(
    'InvoiceOpened',
    { invoiceId: 'I', amountAsked: usd(amount), asset: 'USD', expiresAt: null },
    about,
  );
const settled = (
  gross: string,
  net: string,
  fee: string,
  depositIds: readonly string[] = [],
  effectKey = 'calypso|settled|I',
) =>
  cause(
    'InvoiceSettled',
    {
      invoiceId: 'I',
      gross: usd(gross),
      fees: [{ kind: 'service', amount: usd(fee) }],
      net: usd(net),
      depositIds,
    },
    { ...about, effectKey },
  );
const received = (amount: string | null, total: string | null) =>
  cause(
    'InvoiceFundsReceived',
    {
      invoiceId: 'I',
      amount: amount === null ? null : usd(amount),
      receivedTotal: total === null ? null : usd(total),
      depositIds: [],
    },
    about,
  );

test('an invoice sums what was received and settled, and counts an effect once', async () => {
  const log = sampleLog();
  const stream = 'invoice-calypso:I';
  log.record(stream, told('InvoiceSettled', 'settled', settled('10', '9.9', '0.1')));
  log.record(stream, told('InvoiceOpened', 'settled', openedFor('10')));
  log.record(stream, told('InvoiceFundsReceived', 'settled', received('4', null)));
  log.record(stream, told('InvoiceFundsReceived', 'settled', received('6', '10')));
  log.record(stream, told('InvoiceSettled', 'settled', settled('11', '10.9', '0.1')));
  await projectLog(models.database, log.events());
  const invoice = await findInvoice(models.database, 'calypso', 'I');
  expect(invoice).toMatchObject({
    invoiceId: 'I',
    accountId: 'm',
    status: 'settled',
    asked: { asset: 'USD', amount: '10.00' },
    received: { asset: 'USD', amount: '10.00' },
    settled: { asset: 'USD', amount: '9.90' },
    fees: [{ asset: 'USD', amount: '0.10' }],
  });
  expect(invoice?.history.map(({ position, type }) => `${position} ${type}`)).toEqual([
    '1 InvoiceSettled',
    '2 InvoiceOpened',
    '3 InvoiceFundsReceived',
    '4 InvoiceFundsReceived',
    '5 InvoiceSettled',
  ]);
});

test('a settlement that shares a deposit with an earlier one is not counted again', async () => {
  const log = sampleLog();
  const settledBy = (gross: string, ...ids: readonly string[]) =>
    log.record(
      'invoice-calypso:I',
      told(
        'InvoiceSettled',
        'settled',
        settled(gross, gross, '0', ids, `calypso|settled|${ids.join(',')}`),
      ),
    );
  settledBy('10', 'a', 'b');
  settledBy('4', 'b');
  settledBy('3', 'c');
  settledBy('7', 'c', 'd');
  await projectLog(models.database, log.events());
  expect(await findInvoice(models.database, 'calypso', 'I')).toMatchObject({
    settled: { asset: 'USD', amount: '13.00' },
  });
});

test('an invoice is found by any id that is its own, and by none that others share', async () => {
  const log = sampleLog();
  log.record('invoice-calypso:I', told('InvoiceOpened', 'opened', openedFor('10')));
  const find = async (id: string) => {
    await projectLog(models.database, log.events());
    return (await findInvoice(models.database, 'calypso', id))?.invoiceId ?? null;
  };
  expect(await find('order-7')).toBe('I');
  expect(await find('customer-1')).toBeNull();
  expect(await findInvoice(models.database, '4pay', 'order-7')).toBeNull();
  log.record('invoice-calypso:J', told('InvoiceOpened', 'opened', openedFor('11')));
  expect(await find('order-7')).toBeNull();
  expect(await find('I')).toBe('I');
  expect(await find('J')).toBe('J');
});

test('pages of invoices show each once, the latest first', async () => {
  const log = sampleLog();
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    log.record(`invoice-calypso:${id}`, told('InvoiceOpened', 'opened', openedFor('1')));
  await projectLog(models.database, log.events());
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listInvoices(models.database, { status: 'opened', limit: 2, cursor });
    if (!page.ok) throw new Error(page.error.message);
    seen.push(...page.value.data.map(({ invoiceId }) => invoiceId));
    cursor = page.value.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
});
