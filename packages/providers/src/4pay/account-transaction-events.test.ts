import { describe, expect, it } from 'vitest';
import { ownersOf, plain } from '../testing/event-text.ts';
import {
  flatAccount,
  keyOf,
  nestedAccount,
  notice,
  only,
  quarantine,
  type Row,
  updatedAt,
} from '../testing/fourpay-delivery.ts';
import { accountTransactionStatuses, accountTransactionTypes } from './event-names.ts';

describe('the rows of account_transaction', () => {
  const detected = {
    type: 'DepositDetected',
    data: { amount: '100.00 USD', stage: 'confirming', depositId: 'tx-2', chainHash: null },
    effect: null,
  };
  const credited = { amount: '100.00 USD', purpose: 'merchant-top-up' };
  const depositFailed = (reason: string): Row => ({
    type: 'DepositFailed',
    data: { depositId: 'tx-2', reason },
    effect: 'deposit|tx-2|failed',
  });
  const fee = (kind: string): Row => ({
    type: 'FeeCharged',
    data: { feeId: 'tx-2', kind, amount: '100.00 USD', relatedTo: null },
    effect: 'fee|tx-2',
  });
  const withdrawn = { withdrawalId: 'tx-2', amount: '100.00 USD', fees: [], destination: null };
  const requested: Row = {
    type: 'WithdrawalRequested',
    data: withdrawn,
    effect: 'withdrawal|tx-2|requested',
  };
  const returned = (outcome: string): Row => ({
    type: 'WithdrawalFailed',
    data: { withdrawalId: 'tx-2', outcome, reason: null, chainHash: null },
    effect: 'withdrawal|tx-2|returned',
  });
  const fees = (type: string, kind: string): Readonly<Record<string, Row>> => ({
    [`${type} authorized`]: notice('fee-announced'),
    [`${type} pending`]: notice('fee-announced'),
    [`${type} completed`]: fee(kind),
    [`${type} declined`]: notice('fee-canceled'),
    [`${type} canceled`]: notice('fee-canceled'),
  });
  const rows: Readonly<Record<string, Row>> = {
    'payin authorized': detected,
    'payin pending': detected,
    'payin completed': {
      type: 'FundsDelivered',
      data: { depositId: 'tx-2', amount: '100.00 USD', purpose: 'merchant-top-up' },
      effect: 'deposit|tx-2|delivered',
    },
    'payin declined': depositFailed('declined'),
    'payin canceled': depositFailed('canceled'),
    ...fees('card_issuing', 'card-issuing'),
    ...fees('transfer_fee', 'transfer'),
    'withdrawal authorized': requested,
    'withdrawal pending': requested,
    'withdrawal completed': {
      type: 'WithdrawalCompleted',
      data: { ...withdrawn, chainHash: null },
      effect: 'withdrawal|tx-2|completed',
    },
    'withdrawal declined': returned('rejected'),
    'withdrawal canceled': returned('canceled'),
  };

  it.each(Object.entries(rows))('%s is told, flat and nested alike', (row, expected) => {
    const [type = '', status = ''] = row.split(' ');
    for (const body of [flatAccount(type, status), nestedAccount(type, status)]) {
      const event = only(body);
      expect({ type: event.type, data: plain(event), effect: event.effectKey }).toEqual({
        ...expected,
        effect: expected.effect === null ? null : `4pay|${expected.effect}`,
      });
      expect(ownersOf(event)).toEqual(
        type === 'withdrawal' ? ['withdrawal tx-2', 'account acc-1'] : ['account acc-1'],
      );
      expect(keyOf(body)).toBe(`account_transaction|tx-2|${status}|${updatedAt}`);
    }
  });

  it('are there for every documented type and status', () => {
    const pairs = accountTransactionTypes.flatMap((type) =>
      accountTransactionStatuses.map((status) => `${type} ${status}`),
    );
    expect(Object.keys(rows).sort()).toEqual(pairs.sort());
  });

  it('the account side of a card top-up has no documented type and waits (decision 8)', () => {
    expect(quarantine(flatAccount('card_top_up', 'completed'))).toEqual({
      code: 'type-unknown',
      path: 'type',
    });
  });

  it('charge a fee of a payin together with its credit (decision 7)', () => {
    const body = flatAccount('payin', 'completed', { feeAmount: '1.05' });
    const fees = [{ kind: 'transaction', amount: '1.05 USD' }];
    expect(plain(only(body))).toEqual({ depositId: 'tx-2', ...credited, fees });
    expect(plain(only(body, { transactionFee: 'separate' }))).toEqual({
      depositId: 'tx-2',
      ...credited,
    });
  });

  it('settle the fee with the completion of a withdrawal, also a fee of nothing (decision 7)', () => {
    const feesOf = (feeAmount: string | null, transactionFee: 'on-top' | 'inside' | 'separate') =>
      plain(only(flatAccount('withdrawal', 'completed', { feeAmount }), { transactionFee }));
    const nothing = [{ kind: 'transaction', amount: '0.00 USD' }];
    expect(feesOf('0.00', 'on-top')).toMatchObject({ fees: nothing });
    expect(feesOf(null, 'on-top')).toMatchObject({ fees: [] });
    for (const stated of ['0.00', null])
      expect(feesOf(stated, 'inside')).toMatchObject({ amount: '100.00 USD', fees: nothing });
    for (const stated of ['0.00', '1.05', null])
      expect(feesOf(stated, 'separate')).toMatchObject({ fees: [] });
  });
});
