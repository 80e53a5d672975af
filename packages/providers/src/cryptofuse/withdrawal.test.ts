import { describe, expect, it } from 'vitest';
import { type Fields, g1, only, translated, withdrawal } from '../testing/cryptofuse-delivery.ts';
import { plain } from '../testing/event-text.ts';

describe('the fields of a withdrawal', () => {
  it.each([
    ['on-top', '100.50', '1.50'],
    ['inside', '99.00', '1.50'],
  ] as const)('read a withdrawal fee as %s (decision 20)', (withdrawalFee, amount, fee) => {
    for (const name of ['withdrawal.created', 'withdrawal.completed'])
      expect(plain(only(g1(name, withdrawal), { withdrawalFee }))).toMatchObject({
        amount: `${amount} USDT:ETHEREUM`,
        fees: [{ kind: 'other', amount: `${fee} USDT:ETHEREUM` }],
      });
  });

  it('take nothing beside an amount that contains a fee that is not stated (decision 20)', () => {
    const body = g1('withdrawal.completed', { ...withdrawal, fee: null });
    expect(plain(only(body, { withdrawalFee: 'inside' }))).toMatchObject({
      amount: '100.50 USDT:ETHEREUM',
      fees: [{ kind: 'other', amount: '0.00 USDT:ETHEREUM' }],
    });
  });

  it('refuse a fee inside an amount that is smaller (decision 20)', () => {
    const body = g1('withdrawal.completed', { ...withdrawal, fee: '200' });
    const result = translated(body, { withdrawalFee: 'inside' });
    expect(result.ok ? '' : result.error.code).toBe('amount-negative');
  });

  it('name the parts of a withdrawal fee where they make it up', () => {
    const feesOf = (fields: Fields) =>
      plain(only(g1('withdrawal.created', { ...withdrawal, fee: null, ...fields })));
    const parts = {
      fees: [
        { kind: 'platform', amount: '1.00 USDT:ETHEREUM' },
        { kind: 'network', amount: '0.50 USDT:ETHEREUM' },
      ],
    };
    const later = { platform_fee: '1.00', network_fee: '0.50' };
    expect(feesOf({ ...later, fee: '1.50' })).toMatchObject(parts);
    expect(feesOf(later)).toMatchObject(parts);
    expect(feesOf({ transaction_fee: '1', network_fee: '0.5', total_fee: '1.5' })).toMatchObject(
      parts,
    );
    expect(feesOf({ ...later, fee: '2.00' })).toMatchObject({
      fees: [{ kind: 'other', amount: '2.00 USDT:ETHEREUM' }],
    });
    expect(feesOf({})).toMatchObject({ fees: [] });
  });

  it('take the larger of the fee and its parts, of which a debit is made (R17)', () => {
    const feesOf = (fee: string) =>
      plain(
        only(
          g1('withdrawal.completed', { ...withdrawal, platform_fee: '1', network_fee: '2', fee }),
        ),
      );
    for (const fee of ['0', '2.99'])
      expect(feesOf(fee)).toMatchObject({
        fees: [
          { kind: 'platform', amount: '1.00 USDT:ETHEREUM' },
          { kind: 'network', amount: '2.00 USDT:ETHEREUM' },
        ],
      });
  });

  it('tell a fee of nothing apart from one that is not stated', () => {
    const feesOf = (fields: Fields) =>
      plain(only(g1('withdrawal.completed', { ...withdrawal, fee: null, ...fields })));
    const nothing = { fees: [{ kind: 'other', amount: '0.00 USDT:ETHEREUM' }] };
    for (const name of ['fee', 'total_fee', 'platform_fee', 'transaction_fee', 'network_fee'])
      expect(feesOf({ [name]: '0' })).toMatchObject(nothing);
    expect(feesOf({})).toMatchObject({ fees: [] });
  });

  it('read id and withdrawal_id as two names of one id (decision 23)', () => {
    const { withdrawal_id: id, ...rest } = withdrawal;
    const named = only(g1('withdrawal.completed', { ...rest, id }));
    expect(named.effectKey).toBe(only(g1('withdrawal.completed', withdrawal)).effectKey);
  });
});
