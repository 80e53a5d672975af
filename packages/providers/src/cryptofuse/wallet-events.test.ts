import { describe, expect, it } from 'vitest';
import { at, g1, keyOf, only, quarantine } from '../testing/cryptofuse-delivery.ts';
import { ownersOf, plain } from '../testing/event-text.ts';

describe('the rows of wallets and of security', () => {
  it('wallet.created is a notice about the wallet', () => {
    const event = only(g1('wallet.created', { id: 'wal-1', name: 'Player' }));
    expect(event).toMatchObject({
      type: 'ProviderNoticeReceived',
      data: { kind: 'wallet-created' },
      subject: { kind: 'wallet', id: 'wal-1' },
      effectKey: null,
    });
    expect(ownersOf(event)).toEqual(['wallet wal-1']);
    expect(keyOf(g1('wallet.created', { id: 'wal-1' }))).toBe(`wallet.created|wal-1|${at}`);
  });

  it('wallet.balance_changed reports a balance and posts nothing (decision 13)', () => {
    const balances = [
      { currency: 'usdttrc20', amount: '350.00', pendingAmount: '1.00' },
      { currency: 'btc', amount: '0.1' },
    ];
    const event = only(g1('wallet.balance_changed', { id: 'wal-1', balances }));
    expect(event).toMatchObject({ type: 'BalanceReported', effectKey: null });
    expect(plain(event)).toEqual({ balances: ['350.00 USDT:TRON', '0.10 BTC:BITCOIN'] });
    expect(ownersOf(event)).toEqual(['wallet wal-1']);
    const unknown = [...balances, { currency: 'xyz', amount: '1' }];
    expect(quarantine(g1('wallet.balance_changed', { id: 'wal-1', balances: unknown }))).toEqual({
      code: 'asset-unknown',
      path: 'data.balances.2.currency',
    });
  });

  it.each(['security.login_attempt', 'security.settings_changed'])(
    '%s is a security notice, told by its name for the alert',
    (name) => {
      for (const body of [g1(name, {}), { id: 'ntf_1', event: name, created_at: at }]) {
        const event = only(body);
        expect(event).toMatchObject({ type: 'ProviderNoticeReceived', data: { kind: 'security' } });
        expect(event.source.providerEvent).toBe(name);
        expect(ownersOf(event)).toEqual(['account default']);
      }
      expect(keyOf(g1(name, {}))).toBe(`${name}|ntf_1`);
    },
  );
});
