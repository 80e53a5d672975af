import { type Asset, assetOf, err, ok, type Rejection, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { usd } from '../wire/currency.ts';
import type { Delivery } from './delivery.ts';

type NamedToken = Readonly<{ blockchain: string | null; address: string | null }>;

/** Anyone can make a token of any name: only listed contracts are money (row 25). */
export function readToken(
  { blockchain, address }: NamedToken,
  path: string,
  delivery: Delivery,
): Result<Asset, Quarantine> {
  if (blockchain === null) return missing('data.blockchain');
  if (address === null) return missing(path);
  const asset = delivery.options.tokens.get(`${blockchain}:${address}`.toLowerCase());
  if (asset === undefined)
    return err({
      code: 'token-unlisted',
      path,
      message: 'The token is not in the list of tokens.',
    });
  if (delivery.envelope.product !== 'cards') return ok(asset);
  // Cards are kept in dollars, one to one with a dollar token (row 26).
  const [symbol = ''] = asset.split(':');
  if (dollarTokens.has(symbol)) return ok(usd);
  return err({ code: 'asset-unknown', path, message: 'A card takes only dollar tokens.' });
}

/** The dollar tokens on the chains that CryptoMate serves, as `CRYPTOMATE_TOKENS` writes them. */
export const wellKnownTokens = [
  'polygon:0x3c499c542cef5e3811e1192ce70d8cc03d5c3359=USDC:POLYGON',
  'polygon:0xc2132d05d31c914a87c6611c10748aeb04b58e8f=USDT:POLYGON',
  'ethereum:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48=USDC:ETHEREUM',
  'ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7=USDT:ETHEREUM',
  'ethereum:0x6b175474e89094c44da98b954eedeac495271d0f=DAI:ETHEREUM',
  'bsc:0x55d398326f99059ff775485246999027b3197955=USDT:BSC',
  'arbitrum:0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9=USDT:ARBITRUM',
  'tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t=USDT:TRON',
].join(',');

/** Reads `blockchain:contract=ASSET` pairs, comma-separated, as the configuration writes them. */
export function parseTokens(
  text: string,
): Result<ReadonlyMap<string, Asset>, Rejection<'token-malformed' | 'asset-unknown'>> {
  const tokens = new Map<string, Asset>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const match = /^([^\s:=]+:[^\s:=]+)=(\S+)$/.exec(entry);
    if (!match)
      return err({
        code: 'token-malformed',
        message: `"${entry.slice(0, 120)}" is not blockchain:contract=ASSET.`,
      });
    const [, name = '', code = ''] = match;
    const asset = assetOf(code);
    if (!asset.ok) return asset;
    tokens.set(name.toLowerCase(), asset.value);
  }
  return ok(tokens);
}

const dollarTokens: ReadonlySet<string> = new Set(['USDC', 'USDT', 'DAI', 'FRAX', 'BUSD']);

const missing = (path: string) =>
  err({ code: 'field-missing', path, message: 'A required field is missing.' } as const);
