import {
  err,
  type Fee,
  type FeeKind,
  type Merchant,
  type Money,
  money,
  ok,
  type Result,
} from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import { currencyLetters, fiatOf, usd } from '../wire/currency.ts';
import type { CardTransaction } from './payload.ts';
import type { CryptomateOptions } from './settings.ts';

/** What a card event bills: `amount` without the fees, `total` with them, `stated` as written. */
export type Billed = Readonly<{
  stated: Money;
  amount: Money;
  fees: readonly Fee[];
  total: Money;
  /** False when a fee was not stated and counts as zero (row 19). */
  areFeesStated: boolean;
}>;

/** Cards bill in dollars; another currency, or a code and number that disagree, is refused. */
export function readBilled(
  data: CardTransaction,
  options: CryptomateOptions,
): Result<Billed, Quarantine> {
  const currency = checkCurrencies(data);
  if (!currency.ok) return currency;
  const bill = readAmount(data.bill_amount, usd, 'data.bill_amount', options.amountMax);
  if (!bill.ok) return bill;
  const atm = readFee('atm', 'atm_fees', data, options);
  if (!atm.ok) return atm;
  const fx = readFee('fx', 'fx_fees', data, options);
  if (!fx.ok) return fx;
  const fees = [atm.value, fx.value].filter((fee) => fee !== null);
  const charged = fees.filter((fee) => fee.amount.units > 0n);
  const feeUnits = charged.reduce((sum, fee) => sum + fee.amount.units, 0n);
  const inside = options.settings.billAmountIncludesFees ? feeUnits : 0n;
  if (inside > bill.value.units) return feesAboveAmount();
  const amount = money(usd, bill.value.units - inside);
  const total = money(usd, amount.units + feeUnits);
  return ok({ stated: bill.value, amount, fees: charged, total, areFeesStated: fees.length === 2 });
}

export const feesAboveAmount = () => above('data.fees');

/** A part that is larger than what it is part of: neither can be believed. */
export const above = (path: string) =>
  err({ code: 'field-malformed', path, message: 'It is above the amount it is part of.' } as const);

/** What the shop asked for, in its own currency: information, so an unknown currency is null. */
export function readMerchantAmount(
  data: CardTransaction,
  options: CryptomateOptions,
): Result<Money | null, Quarantine> {
  const code = data.transaction_currency_code ?? data.transaction_currency_number;
  const asset = code === null ? null : fiatOf(code);
  if (data.transaction_amount === null || asset === null) return ok(null);
  return readAmount(data.transaction_amount, asset, 'data.transaction_amount', options.amountMax);
}

/** Null when the event says nothing about the shop. */
export function merchantOf(data: CardTransaction): Merchant | null {
  const shop = data.merchant_data;
  const code = data.transaction_currency_code ?? data.transaction_currency_number;
  if (shop === null && code === null) return null;
  return {
    id: shop?.id ?? null,
    name: shop?.name ?? null,
    categoryCode: shop?.mcc_code ?? null,
    country: shop?.country ?? null,
    currency: code === null ? null : (currencyLetters(code) ?? code),
  };
}

function checkCurrencies(data: CardTransaction): Result<null, Quarantine> {
  const bill = fiatOf(data.bill_currency_code);
  if (bill === null)
    return err({
      code: 'asset-unknown',
      path: 'data.bill_currency_code',
      message: 'The billing currency is not known.',
    });
  if (!agree(data.bill_currency_code, data.bill_currency_number))
    return mismatch('data.bill_currency_number');
  if (!agree(data.transaction_currency_code, data.transaction_currency_number))
    return mismatch('data.transaction_currency_number');
  if (bill !== usd)
    return err({
      code: 'billing-currency-unsupported',
      path: 'data.bill_currency_code',
      message: 'Cards are billed in USD.',
    });
  return ok(null);
}

/** Which of the two would win is not documented, so neither does (row 36). */
const agree = (code: string | null, number: string | null): boolean =>
  code === null || number === null || fiatOf(code) === fiatOf(number);

const mismatch = (path: string) =>
  err({
    code: 'currency-mismatch',
    path,
    message: 'The currency code and number disagree.',
  } as const);

function readFee(
  kind: FeeKind,
  field: 'atm_fees' | 'fx_fees',
  data: CardTransaction,
  options: CryptomateOptions,
): Result<Fee | null, Quarantine> {
  const text = data.fees?.[field] ?? null;
  if (text === null) return ok(null);
  const amount = readAmount(text, usd, `data.fees.${field}`, options.amountMax);
  return amount.ok ? ok({ kind, amount: amount.value }) : amount;
}
