import {
  type Asset,
  definitionOf,
  type Instant,
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
import { missing, refused } from './emitted.ts';
import { g1PaymentSchema, g2PaymentSchema } from './payload.ts';

/** What the generations say about a payment, under one set of names. */
export type Payment = Readonly<{
  invoiceId: string;
  asset: Asset | null;
  asked: Money | null;
  /** What arrived so far, where the provider states it. */
  receivedTotal: Money | null;
  /** What a notice about a transaction on the chain is about. */
  detected: Money | null;
  /** What a completed payment brought before fees. */
  gross: Money | null;
  /** The price and what reached the merchant of it, as stated; only G2b has them. */
  share: Readonly<{ price: string; priceCurrency: string | null; received: string }> | null;
  depositIds: readonly string[];
  walletId: string | null;
  customId: string | null;
  orderId: string | null;
  chainHash: string | null;
  expiresAt: Instant | null;
  reason: string | null;
  /** Further ids, kept to be found by. */
  references: Readonly<Record<string, string | null>>;
  /** True where no schema of these fields is documented. */
  isAssumed: boolean;
}>;

type Stated = readonly [name: string, amount: string | null];

/** The first amount stated, or null. Without an asset no amount can be read. */
function firstStated(
  stated: readonly Stated[],
  asset: Asset | null,
  amountMax: AmountMax,
): Result<Money | null, Quarantine> {
  if (asset === null) return ok(null);
  for (const [name, amount] of stated)
    if (amount !== null) return readAmount(amount, asset, `data.${name}`, amountMax);
  return ok(null);
}

export function readG1Payment(
  value: ExactJson | undefined,
  amountMax: AmountMax,
): Result<Payment & Readonly<{ status: string | null }>, Quarantine> {
  const read = readBySchema(g1PaymentSchema, value, 'data');
  if (!read.ok) return read;
  const data = read.value;
  const invoiceId = data.payment_id ?? data.transaction_id ?? data.id;
  if (invoiceId === null) return missing('data.payment_id');
  const asset = readAsset(data, 'data.');
  if (!asset.ok) return asset;
  const amountOf = (...stated: readonly Stated[]) => firstStated(stated, asset.value, amountMax);
  const amount: Stated = ['amount', data.amount];
  const amountReceived: Stated = ['amount_received', data.amount_received];
  const asked = amountOf(amount, ['pay_amount', data.pay_amount]);
  if (!asked.ok) return asked;
  const receivedTotal = amountOf(amountReceived);
  if (!receivedTotal.ok) return receivedTotal;
  const gross = amountOf(amountReceived, amount);
  if (!gross.ok) return gross;
  return ok({
    ...partyOf(data),
    invoiceId,
    status: data.status,
    asset: asset.value,
    asked: asked.value,
    receivedTotal: receivedTotal.value,
    detected: gross.value,
    gross: gross.value,
    share: null,
    depositIds: [],
    references: {
      ...partyOf(data).references,
      transactionId: data.transaction_id === invoiceId ? null : data.transaction_id,
    },
    isAssumed: true,
  });
}

export function readG2Payment(
  value: ExactJson | undefined,
  amountMax: AmountMax,
): Result<Payment & Readonly<{ status: string }>, Quarantine> {
  const read = readBySchema(g2PaymentSchema, value, 'data');
  if (!read.ok) return read;
  const data = read.value;
  const asset = readAsset(data, 'data.');
  if (!asset.ok) return asset;
  const amountOf = (...stated: readonly Stated[]) => firstStated(stated, asset.value, amountMax);
  const asked = amountOf(['pay_amount', data.pay_amount], ['amount_crypto', data.amount_crypto]);
  if (!asked.ok) return asked;
  const totalPaid = amountOf(['total_paid_amount', data.total_paid_amount]);
  if (!totalPaid.ok) return totalPaid;
  const deposits = data.payment_history ?? [];
  const sum = sumOf(deposits, asset.value, amountMax);
  if (!sum.ok) return sum;
  const receivedTotal = totalPaid.value ?? sum.value;
  const { price_amount: price, merchant_received_usd: received } = data;
  return ok({
    ...partyOf(data),
    invoiceId: data.transaction_id,
    status: data.status,
    asset: asset.value,
    asked: asked.value,
    receivedTotal,
    detected: receivedTotal,
    gross: sum.value ?? totalPaid.value ?? asked.value,
    share:
      price === null || received === null
        ? null
        : { price, priceCurrency: data.price_currency, received },
    depositIds: deposits.flatMap(({ deposit_id }) => deposit_id ?? []),
    isAssumed: false,
  });
}

type Party = Pick<
  z.output<typeof g2PaymentSchema>,
  | 'wallet_id'
  | 'account_id'
  | 'custom_id'
  | 'order_id'
  | 'purchase_id'
  | 'transaction_hash'
  | 'expiry_time'
  | 'error_message'
>;

const partyOf = (data: Party) => ({
  walletId: data.wallet_id ?? data.account_id,
  customId: data.custom_id,
  orderId: data.order_id,
  chainHash: data.transaction_hash,
  expiresAt: data.expiry_time,
  reason: data.error_message,
  references: {
    customId: data.custom_id,
    orderId: data.order_id,
    purchaseId: data.purchase_id,
    chainHash: data.transaction_hash,
  },
});

/** The sum of the deposits; null when there are none, or one of them states no amount. */
function sumOf(
  deposits: readonly Readonly<{ amount: string | null }>[],
  asset: Asset | null,
  amountMax: AmountMax,
): Result<Money | null, Quarantine> {
  if (asset === null || deposits.length === 0) return ok(null);
  let units = 0n;
  for (const [index, { amount }] of deposits.entries()) {
    if (amount === null) return ok(null);
    const read = readAmount(amount, asset, `data.payment_history.${index}.amount`, amountMax);
    if (!read.ok) return read;
    units += read.value.units;
  }
  if (units > amountMax * 10n ** BigInt(definitionOf(asset).scale))
    return refused(
      'amount-too-large',
      'data.payment_history',
      `The deposits are together above ${amountMax} ${asset}.`,
    );
  return ok(money(asset, units));
}
