import { expect, test } from 'vitest';
import { amountOf, canonicalEvent, noon, referenceOf } from '../testing/canonical-builder.ts';
import { cryptomate, fourpay } from '../testing/card-facts.ts';
import { deposits, transferred, withdrawals } from '../testing/money-facts.ts';
import { routeOf } from './route.ts';

const wallet = referenceOf('cryptofuse', 'wallet', 'w');
const invoice = [referenceOf('calypso', 'invoice', 'i')];
const notice = (kind: string) =>
  canonicalEvent(
    'ProviderNoticeReceived',
    { kind },
    { provider: '4pay', id: kind, owners: [wallet] },
  );

test.each([
  [cryptomate.requested('a_1', amountOf('1')), 'authorization'],
  [cryptomate.cleared('a_1', amountOf('1')), 'account'],
  [cryptomate.status('active', noon), 'account'],
  [deposits.confirmed('d', amountOf('1')), 'account'],
  [deposits.failed('d', { owners: [] }), 'notice'],
  [deposits.failed('d', { provider: 'calypso', owners: invoice }), 'invoice'],
  [withdrawals.requested('w', amountOf('1')), 'account'],
  [transferred('t', amountOf('1'), wallet, wallet), 'transfer'],
  [
    canonicalEvent(
      'InvoiceSettled',
      { invoiceId: 'i', gross: amountOf('1'), fees: [], net: amountOf('1'), depositIds: [] },
      { provider: 'calypso', id: 'i', owners: invoice },
    ),
    'settlement',
  ],
  [
    canonicalEvent(
      'InvoiceExpired',
      { invoiceId: 'i', receivedTotal: null },
      { provider: 'calypso', id: 'i', owners: invoice },
    ),
    'invoice',
  ],
  [notice('refund-announced'), 'notice'],
  [notice('refund-canceled'), 'account'],
  [fourpay.canceledNotice('fee', 'f'), 'account'],
  [canonicalEvent('BalanceReported', { balances: [] }, { provider: '4pay', id: 'b' }), 'notice'],
] as const)('%# goes where its books are', (event, route) => expect(routeOf(event)).toBe(route));
