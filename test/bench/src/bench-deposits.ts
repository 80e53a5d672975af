import { instant } from '@counterfoil/domain';
import { cryptomateAdapter, parseTokens } from '@counterfoil/providers';

export const benchKey = 'bench-cryptomate-key';
export const benchTokens = 'polygon:0x537486df2c8ac82805174714623b980081792889=USDC:POLYGON';

/** Many players, so that the whole pipeline is measured and not one stream. */
export const playersCount = 200;
export const walletOf = (index: number): string => `wlt_bench_${index % playersCount}`;

/** A CryptoMate deposit of a fact of its own: `operation_id` tells it from all others. */
export function depositBody(id: string, wallet: string): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      product: 'virtual_wallets',
      event_type: 'deposit',
      operation_id: id,
      status: 'success',
      data: {
        wallet_id: wallet,
        wallet_address: '0xd63bc77e6da9ee7246f2b22f19fa6b0a8be44d76',
        blockchain: 'polygon',
        transaction_hash: id,
        from_wallet_address: '0x926b8bd912832e81c3e8e4f8f308d41c82b5034d',
        amount: '1.00',
        token: { address: '0x537486df2c8ac82805174714623b980081792889' },
      },
    }),
  );
}

/** Signs as the provider does. */
export function benchSigner() {
  const tokens = parseTokens(benchTokens);
  if (!tokens.ok) throw new Error(tokens.error.message);
  const adapter = cryptomateAdapter({
    keys: [benchKey],
    tokens: tokens.value,
    settings: {
      clearingAmountMeans: 'piece',
      billAmountIncludesFees: false,
      defiCards: 'decline',
    },
    amountMax: 1_000_000_000n,
  });
  return (body: Uint8Array, now: number) => adapter.sign(body, instant(now));
}
