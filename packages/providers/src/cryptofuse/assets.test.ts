import { describe, expect, it } from 'vitest';
import { g1, only, payment, quarantine } from '../testing/cryptofuse-delivery.ts';
import { plain } from '../testing/event-text.ts';

describe('an asset', () => {
  it.each([
    ['usdttrc20', null, 'USDT:TRON'],
    ['UsdtErc20', null, 'USDT:ETHEREUM'],
    ['usdcerc20', null, 'USDC:ETHEREUM'],
    ['daierc20', null, 'DAI:ETHEREUM'],
    ['usdtbsc', null, 'USDT:BSC'],
    ['usdtarb', null, 'USDT:ARBITRUM'],
    ['btc', null, 'BTC:BITCOIN'],
    ['eth', null, 'ETH:ETHEREUM'],
    ['usdt', 'trx', 'USDT:TRON'],
    ['usdt', 'Ethereum', 'USDT:ETHEREUM'],
    ['usdt', 'bsc', 'USDT:BSC'],
    ['usdc', 'polygon', 'USDC:POLYGON'],
    ['btc', 'btc', 'BTC:BITCOIN'],
  ] as const)('is read of %s on %s without case (decision 27)', (token, blockchain, asset) => {
    const named = blockchain === null ? { currency: token } : { token, blockchain };
    const body = g1('payment.completed', { ...payment, currency: null, amount: 1, ...named });
    expect(plain(only(body))).toMatchObject({ gross: `1.00 ${asset}` });
  });

  it('is refused where two codes name two, and read where they name one (R7)', () => {
    const named = (currency: string, pay_currency: string) =>
      g1('payment.completed', { ...payment, amount: 1, currency, pay_currency });
    expect(plain(only(named('USDTTRC20', 'usdttrc20')))).toMatchObject({ gross: '1.00 USDT:TRON' });
    for (const [currency, pay_currency] of [
      ['BTC', 'USDTTRC20'],
      ['BTC', 'XMR'],
    ] as const)
      expect(quarantine(named(currency, pay_currency))).toEqual({
        code: 'currency-mismatch',
        path: 'data.currency',
      });
  });
});
