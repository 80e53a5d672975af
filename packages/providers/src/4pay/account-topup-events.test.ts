import { instantText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { ownersOf, plain } from '../testing/event-text.ts';
import { changed, keyOf, only, topup, updatedAt } from '../testing/fourpay-delivery.ts';
import { sampleReceivedAt } from '../testing/index.ts';
import { topupStatuses } from './event-names.ts';

describe('the rows of account_topup', () => {
  const stages: Readonly<Record<string, string>> = {
    in_progress: 'seen',
    readyForAllocation: 'converting',
    allocating: 'converting',
    readyForTransfer: 'converting',
    transfering: 'converting',
    completed: 'confirmed',
  };
  it.each(Object.entries(stages))(
    '%s announces, and payin posts (decisions 9 and 15)',
    (status, stage) => {
      const event = only(topup(status));
      const awaitedCredit = { amount: null, completedAt: changed };
      expect({ type: event.type, data: plain(event), effect: event.effectKey }).toEqual({
        type: 'DepositDetected',
        data: {
          amount: '500.00 USDT:TRON',
          stage,
          depositId: 'top-1',
          chainHash: null,
          ...(status === 'completed' ? { awaitedCredit } : {}),
        },
        effect: null,
      });
      expect(ownersOf(event)).toEqual(['account acc-1']);
      expect(keyOf(topup(status))).toBe(`account_topup|top-1|${status.toLowerCase()}|${updatedAt}`);
    },
  );

  it.each([
    ['what will be credited', '99.50', 'USD', '99.50 USD'],
    ['nothing where it is zero', '0.00', 'USD', null],
    ['nothing where it is not money that we know', '99.50', 'XXX', null],
    ['nothing where it is no amount', 'many', 'USD', null],
  ])('completed tells of its payin %s (decision 9)', (_, settlementAmount, currency, amount) => {
    const settled = { settlementAmount, settlementCurrency: currency };
    const stated = plain(only(topup('completed', settled)));
    expect(stated).toMatchObject({ awaitedCredit: { amount, completedAt: changed } });
    const { updatedAt: _updated, ...undated } = topup('completed', {
      ...settled,
      createdAt: '2025-05-01T10:00:00+00:00',
    });
    const completedAt = instantText(sampleReceivedAt);
    expect(plain(only(undated))).toMatchObject({ awaitedCredit: { amount, completedAt } });
  });

  it('created is a notice', () => {
    expect(only(topup('created'))).toMatchObject({
      type: 'ProviderNoticeReceived',
      data: { kind: 'topup-created' },
    });
  });

  it.each(['failed', 'refunded'])('%s will not be credited', (status) => {
    expect(only(topup(status))).toMatchObject({
      type: 'DepositFailed',
      data: { depositId: 'top-1', reason: status },
      effectKey: '4pay|deposit|top-1|failed',
    });
  });

  it('cover every documented status', () => {
    const told = [...Object.keys(stages), 'created', 'failed', 'refunded'];
    expect(told.map((status) => status.toLowerCase()).sort()).toEqual([...topupStatuses].sort());
  });

  it('say no amount while it is zero', () => {
    expect(plain(only(topup('in_progress', { amount: '0.00' })))).toMatchObject({ amount: null });
  });

  it('fall back on our account where the nested form names none', () => {
    const { accountUuid: _, updatedAt: __, ...rest } = topup('completed');
    const data = { ...rest, paymentAddress: 'TAddress', txHash: '0xAA11', settlementAmount: '5' };
    const event = only({ data });
    expect(ownersOf(event)).toEqual(['account default']);
    expect(event.data).toMatchObject({ chainHash: '0xaa11' });
    expect(event.references).toEqual({
      topupId: 'top-1',
      paymentAddress: 'TAddress',
      chainHash: '0xaa11',
    });
    expect(event.occurredAt).toBe(sampleReceivedAt);
    expect(keyOf({ data })).toBe('account_topup|top-1|completed|');
  });
});
