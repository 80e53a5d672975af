import { describe, expect, it } from 'vitest';
import { eventOf } from '../testing/cryptomate-delivery.ts';
import { cryptomateAdapter } from './adapter.ts';
import { verifiedWebhook } from '../testing/index.ts';
import { parseTokens, wellKnownTokens } from './token.ts';
import { altered } from '../testing/cryptomate-delivery.ts';

describe('parseTokens', () => {
  it('reads pairs by chain and contract in lower case', () => {
    const tokens = parseTokens('Polygon:0xABC=USDC:POLYGON, tron:TR7=USDT:TRON,');
    expect(tokens.ok && [...tokens.value]).toEqual([
      ['polygon:0xabc', 'USDC:POLYGON'],
      ['tron:tr7', 'USDT:TRON'],
    ]);
    expect(parseTokens('')).toMatchObject({ ok: true });
  });

  it('refuses a pair that it cannot read, and an asset that the books do not know', () => {
    for (const text of [
      'polygon',
      'polygon=USDC:POLYGON',
      'polygon:0xabc',
      ':0xabc=USD',
      'a:b:c=USD',
    ])
      expect(parseTokens(text), text).toMatchObject({ error: { code: 'token-malformed' } });
    expect(parseTokens('polygon:0xabc=DOGE')).toMatchObject({ error: { code: 'asset-unknown' } });
  });

  it('reads the list of well-known tokens', () => {
    const tokens = parseTokens(wellKnownTokens);
    expect(tokens.ok && tokens.value.size).toBe(wellKnownTokens.split(',').length);
  });
});

it('a card takes only dollar tokens; a wallet takes any that is listed (row 26)', () => {
  const tokens = parseTokens('polygon:0x01=POL:POLYGON');
  const adapter = cryptomateAdapter({
    keys: ['test-cryptomate-key-0001'],
    tokens: tokens.ok ? tokens.value : new Map(),
    settings: { clearingAmountMeans: 'piece', billAmountIncludesFees: false, defiCards: 'decline' },
    amountMax: 1_000_000_000n,
  });
  const translate = (path: string) =>
    adapter.webhooks.translate(
      verifiedWebhook(adapter, altered(path, { token: { address: '0x01' } })),
    );
  expect(translate('constructed/c/cards-deposit-success')).toMatchObject({
    error: { code: 'asset-unknown', path: 'data.token.address' },
  });
  expect(translate('constructed/c/virtual-wallets-deposit-success').ok).toBe(true);
  expect(
    eventOf('DepositConfirmed', altered('constructed/c/cards-deposit-success')).data.net.asset,
  ).toBe('USD');
});
