import { describe, expect, it } from 'vitest';
import { g1, only, payment } from '../testing/cryptofuse-delivery.ts';
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
});
