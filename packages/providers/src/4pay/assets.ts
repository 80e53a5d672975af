import { type Asset, assetOf, err, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { fiatOf } from '../wire/currency.ts';

/** Top-ups are sent on TRON only; everything else is an ISO 4217 currency. */
const assetByCode: ReadonlyMap<string, string> = new Map([
  ['USDTTRC20', 'USDT:TRON'],
  ['USDCTRC20', 'USDC:TRON'],
]);

export const isCryptoCode = (code: string): boolean => assetByCode.has(code.trim().toUpperCase());

export function readAsset(code: string, path: string): Result<Asset, Quarantine> {
  const asset = assetByCode.get(code.toUpperCase());
  const crypto = asset === undefined ? null : assetOf(asset);
  if (crypto?.ok) return ok(crypto.value);
  const fiat = fiatOf(code);
  if (fiat !== null) return ok(fiat);
  const message = `"${code.slice(0, 40)}" is not an asset that we list for 4pay.`;
  return err({ code: 'asset-unknown', path, message });
}
