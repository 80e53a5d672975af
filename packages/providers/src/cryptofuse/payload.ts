import { z } from 'zod';
import { chainId, decimal, id, objectOf, optional, text, time } from '../wire/field.ts';
import { keyword } from '../wire/field.ts';

// The wire as each generation writes it. Unknown further fields are allowed and stay in the archive.

/** More deposits than a payment gathers in its half hour; bounds the work of one delivery. */
const depositsMax = 1000;

/** Who and what a payment or withdrawal belongs to, under the names of every generation. */
const party = {
  wallet_id: optional(id),
  account_id: optional(id),
  custom_id: optional(id),
  order_id: optional(id),
  purchase_id: optional(id),
};

const asset = {
  currency: optional(text),
  token: optional(text),
  blockchain: optional(text),
};

/** `data` of the dotted G1 events has no documented schema: these are its nearest objects' names. */
export const g1PaymentSchema = objectOf({
  ...party,
  ...asset,
  payment_id: optional(id),
  transaction_id: optional(id),
  id: optional(id),
  status: optional(keyword),
  amount: optional(decimal),
  amount_received: optional(decimal),
  pay_amount: optional(decimal),
  pay_currency: optional(text),
  transaction_hash: optional(chainId),
  expiry_time: optional(time),
  error_message: optional(text),
});

const historySchema = z
  .array(objectOf({ deposit_id: optional(id), amount: optional(decimal) }))
  .max(depositsMax);

/** Both G2 dialects: G2a writes `amount_crypto` and `currency`, G2b `pay_amount` and `pay_currency`. */
export const g2PaymentSchema = objectOf({
  ...party,
  ...asset,
  transaction_id: id,
  status: keyword,
  amount_crypto: optional(decimal),
  pay_amount: optional(decimal),
  pay_currency: optional(text),
  price_amount: optional(decimal),
  price_currency: optional(text),
  merchant_received_usd: optional(decimal),
  total_paid_amount: optional(decimal),
  payment_history: optional(historySchema),
  transaction_hash: optional(chainId),
  expiry_time: optional(time),
  error_message: optional(text),
});

/** Only `transaction_id` is documented. */
export const depositReceivedSchema = objectOf({
  ...party,
  ...asset,
  pay_currency: optional(text),
  transaction_id: id,
  deposit_id: optional(id),
  amount: optional(decimal),
  transaction_hash: optional(chainId),
});

/** `transaction_fee` and `total_fee` are the creation answer's names of the later fields. */
export const withdrawalSchema = objectOf({
  ...party,
  ...asset,
  withdrawal_id: optional(id),
  id: optional(id),
  status: optional(keyword),
  amount: optional(decimal),
  fee: optional(decimal),
  total_fee: optional(decimal),
  platform_fee: optional(decimal),
  transaction_fee: optional(decimal),
  network_fee: optional(decimal),
  address: optional(chainId),
  transaction_hash: optional(chainId),
  batch_id: optional(id),
  error_message: optional(text),
});

export const transferSchema = objectOf({
  ...asset,
  transfer_id: optional(id),
  id: optional(id),
  transfer_type: optional(keyword),
  status: keyword,
  amount: optional(decimal),
  wallet_id: optional(id),
  account_id: optional(id),
  created_at: optional(time),
  updated_at: optional(time),
  completed_at: optional(time),
  error_message: optional(text),
});

/** More assets than the provider has; bounds the work of one delivery. */
const balancesMax = 1000;

export const walletSchema = objectOf({
  id: optional(id),
  wallet_id: optional(id),
});

export const walletBalancesSchema = objectOf({
  id: optional(id),
  wallet_id: optional(id),
  balances: z.array(objectOf({ currency: text, amount: decimal })).max(balancesMax),
});
