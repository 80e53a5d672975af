import { type Asset, assetOf, err, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';

// The documentation writes codes in both cases, so both tables are read in upper case.
const assetByCode: ReadonlyMap<string, string> = new Map([
  ['BTC', 'BTC:BITCOIN'],
  ['ETH', 'ETH:ETHEREUM'],
  ['USDTTRC20', 'USDT:TRON'],
  ['USDTERC20', 'USDT:ETHEREUM'],
  ['USDCERC20', 'USDC:ETHEREUM'],
  ['DAIERC20', 'DAI:ETHEREUM'],
  ['USDTBSC', 'USDT:BSC'],
  ['USDTARB', 'USDT:ARBITRUM'],
]);

const networkByBlockchain: ReadonlyMap<string, string> = new Map([
  ['TRX', 'TRON'],
  ['ETH', 'ETHEREUM'],
  ['ETHEREUM', 'ETHEREUM'],
  ['BSC', 'BSC'],
  ['BTC', 'BITCOIN'],
  ['ARB', 'ARBITRUM'],
  ['SOL', 'SOLANA'],
  ['POLYGON', 'POLYGON'],
]);

/** The names under which the objects of every generation state their asset. */
export type AssetFields = Readonly<{
  currency: string | null;
  pay_currency?: string | null;
  token: string | null;
  blockchain: string | null;
}>;

/**
 * The asset is `currency`, else `pay_currency`, else `token` with `blockchain`; null when none of
 * them is stated. One that is not listed, or two that disagree, are refused.
 */
export function readAsset(data: AssetFields, path: string): Result<Asset | null, Quarantine> {
  const pair = readPair(data, path);
  const payCode = readCode(data.pay_currency ?? null, `${path}pay_currency`);
  const code = readCode(data.currency, `${path}currency`);
  const [first, ...others] = [code, payCode, pair].filter(
    (read) => !read.ok || read.value !== null,
  );
  if (first === undefined) return ok(null);
  if (!first.ok || others.every((other) => other.ok && other.value === first.value)) return first;
  return err({
    code: 'currency-mismatch',
    path: `${path}${data.currency === null ? 'pay_currency' : 'currency'}`,
    message: 'The codes, or a code and the token with its blockchain, name two assets.',
  });
}

const readCode = (code: string | null, path: string): Result<Asset | null, Quarantine> =>
  code === null ? ok(null) : known(assetByCode.get(code.toUpperCase()), code, path);

function readPair(data: AssetFields, path: string): Result<Asset | null, Quarantine> {
  const { token, blockchain } = data;
  if (token === null || blockchain === null) return ok(null);
  const network = networkByBlockchain.get(blockchain.toUpperCase());
  const asset = network && `${token.toUpperCase()}:${network}`;
  return known(asset, `${token} on ${blockchain}`, `${path}token`);
}

function known(asset: string | undefined, named: string, path: string): Result<Asset, Quarantine> {
  const found = asset === undefined ? null : assetOf(asset);
  if (found?.ok) return ok(found.value);
  const message = `"${named.slice(0, 80)}" is not an asset that we list for CryptoFuse.`;
  return err({ code: 'asset-unknown', path, message });
}
