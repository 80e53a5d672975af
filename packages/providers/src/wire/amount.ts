import { type Asset, err, type Money, ok, parseAmount, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';

/** Above it, in whole units of any asset, an amount is quarantined (setting AMOUNT_MAX). */
export type AmountMax = bigint;

/** Exact; what does not fit the asset's scale is quarantined with its path, never rounded (R9). */
export function readAmount(
  text: string,
  asset: Asset,
  path: string,
  amountMax: AmountMax,
): Result<Money, Quarantine> {
  const parsed = parseAmount(text, asset, amountMax);
  if (parsed.ok) return ok(parsed.value);
  return err({ code: parsed.error.code, path, message: parsed.error.message });
}
