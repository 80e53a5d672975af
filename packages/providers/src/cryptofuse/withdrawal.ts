import {
  type Asset,
  type Fee,
  type FeeKind,
  money,
  type Money,
  ok,
  type Result,
} from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { type AmountMax, readAmount } from '../wire/amount.ts';
import type { ExactJson } from '../wire/exact-json.ts';
import { readBySchema } from '../wire/schema.ts';
import { readAsset } from './assets.ts';
import { missing, posted, type Reading, refused } from './emitted.ts';
import { withdrawalSchema } from './payload.ts';

export type Withdrawal = Readonly<{
  withdrawalId: string;
  status: string | null;
  /** What the recipient gets, and the fees beside it; null where the body states no amount. */
  charge: Readonly<{ amount: Money; fees: readonly Fee[] }> | null;
  destination: string | null;
  chainHash: string | null;
  walletId: string | null;
  customId: string | null;
  reason: string | null;
  references: Readonly<Record<string, string | null>>;
}>;

type Data = z.output<typeof withdrawalSchema>;

/** Stated amounts are read whatever the status, so that no event with a wrong one passes. */
export function readWithdrawal(
  value: ExactJson | undefined,
  reading: Reading,
): Result<Withdrawal, Quarantine> {
  const read = readBySchema(withdrawalSchema, value, 'data');
  if (!read.ok) return read;
  const data = read.value;
  const withdrawalId = data.withdrawal_id ?? data.id;
  if (withdrawalId === null) return missing('data.withdrawal_id');
  const charge = readCharge(data, reading);
  if (!charge.ok) return charge;
  return ok({
    withdrawalId,
    status: data.status,
    charge: charge.value,
    destination: data.address,
    chainHash: data.transaction_hash,
    walletId: data.wallet_id ?? data.account_id,
    customId: data.custom_id,
    reason: data.error_message,
    references: {
      customId: data.custom_id,
      orderId: data.order_id,
      purchaseId: data.purchase_id,
      batchId: data.batch_id,
      chainHash: data.transaction_hash,
    },
  });
}

function readCharge(data: Data, reading: Reading): Result<Withdrawal['charge'], Quarantine> {
  const asset = readAsset(data, 'data.');
  if (!asset.ok) return asset;
  if (asset.value === null || data.amount === null) return ok(null);
  const { amountMax, settings } = reading;
  const amount = readAmount(data.amount, asset.value, 'data.amount', amountMax);
  if (!amount.ok) return amount;
  const fees = readFees(data, asset.value, amountMax);
  if (!fees.ok) return fees;
  if (settings.withdrawalFee === 'on-top') return ok({ amount: amount.value, fees: fees.value });
  const feeUnits = fees.value.reduce((sum, fee) => sum + fee.amount.units, 0n);
  if (feeUnits > amount.value.units)
    return refused('amount-negative', 'data.fee', 'The fee inside the amount is larger than it.');
  // The amount is all that leaves: what was announced as the fee must not come on top of it.
  const nothing: Fee = { kind: 'other', amount: money(asset.value, 0n) };
  const inside = fees.value.length > 0 ? fees.value : [nothing];
  return ok({ amount: money(asset.value, amount.value.units - feeUnits), fees: inside });
}

/**
 * The parts of the fee where they make up as much, else the fee as one: of two readings of a debit
 * the larger counts (R17). A fee of nothing is a statement as well, and counts against one that was
 * announced; empty where none is stated.
 */
function readFees(
  data: Data,
  asset: Asset,
  amountMax: AmountMax,
): Result<readonly Fee[], Quarantine> {
  const readFee = (kind: FeeKind, name: string, stated: string | null) => {
    const amount = readAmount(stated ?? '0', asset, `data.${name}`, amountMax);
    return amount.ok ? ok({ kind, amount: amount.value }) : amount;
  };
  const platform = readFee('platform', 'platform_fee', data.platform_fee ?? data.transaction_fee);
  if (!platform.ok) return platform;
  const network = readFee('network', 'network_fee', data.network_fee);
  if (!network.ok) return network;
  const total = data.fee ?? data.total_fee;
  const whole = readFee('other', 'fee', total);
  if (!whole.ok) return whole;
  const partsUnits = platform.value.amount.units + network.value.amount.units;
  if (partsUnits > 0n && partsUnits >= whole.value.amount.units)
    return ok([platform.value, network.value].filter((fee) => fee.amount.units > 0n));
  return ok(isFeeStated(data) ? [whole.value] : []);
}

const isFeeStated = (data: Data): boolean =>
  [data.fee, data.total_fee, data.platform_fee, data.transaction_fee, data.network_fee].some(
    (stated) => stated !== null,
  );

/** A request or completion that posts needs its amount; the refusal names what is missing. */
export function chargeOf(
  withdrawal: Withdrawal,
): Result<NonNullable<Withdrawal['charge']>, Quarantine> {
  if (withdrawal.charge === null) return missing('data.amount');
  const amount = posted(withdrawal.charge.amount, 'data.amount');
  return amount.ok ? ok(withdrawal.charge) : amount;
}
