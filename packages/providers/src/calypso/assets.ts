import { type Asset, assetOf, err, type Money, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { type AmountMax, readAmount } from '../wire/amount.ts';
import { fiatOf } from '../wire/currency.ts';

/** Calypso's currency codes; a code without suffix means the chain that its documentation names. */
const assetCodes: ReadonlyMap<string, string> = new Map([
  ['BNB', 'BNB:BSC'],
  ['BTC', 'BTC:BITCOIN'],
  ['BUSD', 'BUSD:BSC'],
  ['BUSD_ETH', 'BUSD:ETHEREUM'],
  ['DAI', 'DAI:ETHEREUM'],
  ['ETH', 'ETH:ETHEREUM'],
  ['FRAX', 'FRAX:ETHEREUM'],
  ['LTC', 'LTC:LITECOIN'],
  ['MATIC', 'POL:POLYGON'],
  ['POL', 'POL:POLYGON'],
  ['TRX', 'TRX:TRON'],
  ['USDC', 'USDC:ETHEREUM'],
  ['USDC_TRX', 'USDC:TRON'],
  ['USDT', 'USDT:ETHEREUM'],
  ['USDT_BSC', 'USDT:BSC'],
  ['USDT_MATIC', 'USDT:POLYGON'],
  ['USDT_TRX', 'USDT:TRON'],
  ['XDG', 'DOGE:DOGECOIN'],
]);

/** An on-chain asset by Calypso's code; what is not in the table is refused (R10). */
export function readCryptoAsset(code: string, path: string): Result<Asset, Quarantine> {
  const known = assetCodes.get(code.toUpperCase());
  const asset = known === undefined ? null : assetOf(known);
  return asset?.ok ? ok(asset.value) : unknownAsset(code, path);
}

/** A fiat asset by its ISO 4217 letters or number (R10). */
function readFiatAsset(code: string, path: string): Result<Asset, Quarantine> {
  const asset = fiatOf(code);
  return asset === null ? unknownAsset(code, path) : ok(asset);
}

const unknownAsset = (code: string, path: string): Result<never, Quarantine> =>
  err({ code: 'asset-unknown', path, message: `"${code.slice(0, 40)}" is not a known currency.` });

/** Where an amount and its currency stand in a body, and how much is too much. */
export type StatedAmount = Readonly<{
  amount: string;
  currency: string;
  amountPath: string;
  currencyPath: string;
  amountMax: AmountMax;
}>;

export function readCryptoMoney(stated: StatedAmount): Result<Money, Quarantine> {
  const asset = readCryptoAsset(stated.currency, stated.currencyPath);
  return asset.ok
    ? readAmount(stated.amount, asset.value, stated.amountPath, stated.amountMax)
    : asset;
}

export function readFiatMoney(stated: StatedAmount): Result<Money, Quarantine> {
  const asset = readFiatAsset(stated.currency, stated.currencyPath);
  return asset.ok
    ? readAmount(stated.amount, asset.value, stated.amountPath, stated.amountMax)
    : asset;
}
