import { moneyText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { altered, codeOf, eventOf, refusalOf } from '../testing/cryptomate-delivery.ts';

const onCard = 'constructed/c/cards-deposit-success';
const onWallet = 'constructed/c/virtual-wallets-deposit-success';
const ramp = 'constructed/c/virtual-wallets-ramp-on-success';
const visa = 'constructed/c/cards-visa-direct-deposit-success';

describe('a deposit on a card', () => {
  it('credits dollars one to one, net of a fee that is the difference (row 26)', () => {
    const event = eventOf('DepositConfirmed', altered(onCard));
    expect(moneyText(event.data.gross)).toEqual({ asset: 'USD', amount: '300.00' });
    expect(moneyText(event.data.net)).toEqual({ asset: 'USD', amount: '298.80' });
    expect(event.data.fees.map((fee) => [fee.kind, moneyText(fee.amount).amount])).toEqual([
      ['deposit', '1.20'],
    ]);
    expect(event.data).toMatchObject({ method: 'chain', isDelivered: true });
    expect(event.flags).toEqual(['fee-derived', 'undated']);
    expect(event.owners).toEqual([
      { provider: 'cryptomate', kind: 'wallet', externalId: 'wlt_31' },
    ]);
  });

  it('needs its net amount, which is not above the gross one', () => {
    expect(refusalOf(altered(onCard, { net_amount: undefined }))).toBe(
      'field-missing data.net_amount',
    );
    expect(refusalOf(altered(onCard, { net_amount: '300.01' }))).toBe(
      'field-malformed data.net_amount',
    );
    expect(refusalOf(altered(onCard, { net_amount: '-1' }))).toBe(
      'amount-negative data.net_amount',
    );
  });
});

describe('a deposit on a wallet', () => {
  it("credits the token's own asset, the amount where no net amount is stated (row 26)", () => {
    const { data, flags } = eventOf('DepositConfirmed', altered(onWallet));
    expect(moneyText(data.net)).toEqual({ asset: 'USDC:POLYGON', amount: '42.000001' });
    expect(data.fees).toEqual([]);
    expect(flags).toEqual(['undated']);
    const withNet = eventOf('DepositConfirmed', altered(onWallet, { net_amount: '41.5' }));
    expect(moneyText(withNet.data.net).amount).toBe('41.50');
  });

  it('is quarantined where its hash is longer than any id', () =>
    expect(refusalOf(altered(onWallet, { transaction_hash: 'a'.repeat(201) }))).toBe(
      'field-malformed data.transaction_hash',
    ));

  it('of ours is money delivered to our treasury', () => {
    const event = eventOf('FundsDelivered', altered('constructed/b/treasury-deposit-success'));
    expect(event.data.purpose).toBe('merchant-top-up');
    expect(event.owners.map(({ kind, externalId }) => `${kind} ${externalId}`).at(-1)).toBe(
      'account default',
    );
    expect(event.effectKey).toMatch(/\|delivered$/);
  });

  it('through a mirror address is posted as delivered, by its wallet (row 46)', () => {
    const mirrored = altered(onWallet, {
      transaction_hash: '5UfDuX7WXY',
      from_wallet_address: null,
    });
    const event = eventOf('DepositConfirmed', mirrored);
    expect(event.subject).toEqual({ kind: 'wallet', id: 'wlt_61' });
    expect(event.references['chainHash']).toBe('5UfDuX7WXY');
  });

  it('with the hash "internal" is recorded and posts nothing (row 45)', () => {
    const event = eventOf(
      'ProviderNoticeReceived',
      altered(onWallet, { transaction_hash: 'internal' }),
    );
    expect(event).toMatchObject({ data: { kind: 'internal-deposit' }, effectKey: null });
  });
});

describe('a token', () => {
  it('that is not listed is never credited, on whatever chain or under whatever name (row 25)', () => {
    expect(refusalOf(altered('constructed/c/cards-deposit-success-unlisted-token'))).toBe(
      'token-unlisted data.token.address',
    );
    expect(codeOf(altered(onCard, { blockchain: 'ethereum' }))).toBe('token-unlisted');
    const named = { token: { symbol: 'USDC', name: 'USD Coin', address: '0x01' } };
    expect(codeOf(altered(onWallet, named))).toBe('token-unlisted');
    expect(codeOf(altered(onWallet, named, { status: 'pending' }))).toBe('token-unlisted');
    expect(codeOf(altered(onWallet, { token: undefined }))).toBe('field-missing');
    expect(codeOf(altered(onWallet, { blockchain: null }))).toBe('field-missing');
  });

  it('is found without regard to the case of chain and address (row 25)', () => {
    const address = '0X537486DF2C8AC82805174714623B980081792889';
    const shouted = altered(onWallet, { blockchain: 'POLYGON', token: { address } });
    const event = eventOf('DepositConfirmed', shouted);
    expect(event.data.gross.asset).toBe('USDC:POLYGON');
    expect(event.effectKey).toBe(eventOf('DepositConfirmed', altered(onWallet)).effectKey);
  });
});

describe('a deposit by its status (row 17)', () => {
  it.each([
    ['pending', 'seen'],
    ['manual_check', 'manual-check'],
  ])('%s is announced and posts nothing', (status, stage) => {
    for (const path of [onCard, onWallet, ramp, 'constructed/b/treasury-deposit-success']) {
      const event = eventOf('DepositDetected', altered(path, {}, { status }));
      expect(event).toMatchObject({ data: { stage }, effectKey: null });
      expect(event.data.amount).not.toBeNull();
    }
    const open = altered(onWallet, { amount: undefined }, { status });
    expect(eventOf('DepositDetected', open).data.amount).toBeNull();
  });

  it.each(['failed', 'FAILED', 'canceled', 'CANCELLED', 'time_canceled'])(
    '%s will not be credited',
    (status) => {
      for (const path of [onCard, onWallet, ramp])
        expect(eventOf('DepositFailed', altered(path, {}, { status })).effectKey).toMatch(
          /\|failed$/,
        );
    },
  );

  it('keeps one deposit id through its statuses', () => {
    const ids = [
      eventOf('DepositDetected', altered(onWallet, {}, { status: 'pending' })).data.depositId,
      eventOf('DepositFailed', altered(onWallet, {}, { status: 'failed' })).data.depositId,
      eventOf('DepositConfirmed', altered(onWallet)).data.depositId,
    ];
    expect(new Set(ids).size).toBe(1);
  });
});

describe('fiat', () => {
  it('that was converted credits what arrived, with its source as a reference', () => {
    const event = eventOf('DepositConfirmed', altered(ramp));
    expect(moneyText(event.data.net)).toEqual({ asset: 'USDC:POLYGON', amount: '540.00' });
    expect(event.data).toMatchObject({ method: 'fiat-ramp', depositId: 'wf_45' });
    expect(event.references).toMatchObject({
      sourceAmount: '500.00',
      sourceCurrency: 'EUR',
      exchangeRate: '1.08',
    });
  });

  it('that was converted is no transfer between wallets, so "internal" holds back no credit', () => {
    const event = eventOf('DepositConfirmed', altered(ramp, { transaction_hash: 'internal' }));
    expect(event.references['chainHash']).toBeUndefined();
  });

  it('on our treasury is money delivered to us', () => {
    const event = eventOf('FundsDelivered', altered('constructed/c/treasury-ramp-on-success'));
    expect(event.effectKey).toBe('cryptomate|deposit|wf_47|delivered');
  });

  it('pushed by Visa Direct credits the card by the smaller reading', () => {
    const free = eventOf('DepositConfirmed', altered(visa));
    expect(moneyText(free.data.net).amount).toBe('120.00');
    expect(free.data.method).toBe('visa-direct');
    expect(free.owners.map(({ kind }) => kind)).toEqual(['card']);
    const charged = altered(visa, { fees: { atm_fees: '0', fx_fees: '1.50' } });
    for (const billAmountIncludesFees of [true, false]) {
      const { data } = eventOf('DepositConfirmed', charged, { billAmountIncludesFees });
      expect(moneyText(data.gross).amount).toBe('120.00');
      expect(moneyText(data.net).amount).toBe('118.50');
    }
    expect(codeOf(altered(visa, { fees: { fx_fees: '121' } }))).toBe('field-malformed');
  });
});
