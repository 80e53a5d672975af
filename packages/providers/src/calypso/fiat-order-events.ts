import { type Flag, type Money, ok, type Result } from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { id, objectOf, optional, text } from '../wire/field.ts';
import { readBySchema } from '../wire/schema.ts';
import { readCryptoAsset, readCryptoMoney, readFiatMoney } from './assets.ts';
import { invoiceIdFields, type InvoiceParts, invoiceParts } from './invoice-id.ts';
import { type CalypsoEvent, type EventReader, fiatAmount, missing } from './payload.ts';

// Orders that buy crypto with fiat (f2c and on-ramp). None of these events credits: what arrives
// is reported by an invoice or wallet event, or by a read of the completed order.

const orderSchema = objectOf({
  ...invoiceIdFields,
  cryptoAmount: optional(id),
  currency: optional(id),
  fiatAmount,
  fiatCurrency: optional(id),
  rate: optional(id),
  reasonType: optional(id),
  reason: optional(text),
});

type Order = z.output<typeof orderSchema>;
type ReadOrder = Readonly<{ order: Order; invoiceId: string; about: AboutOrder }>;
type AboutOrder = Omit<InvoiceParts, 'invoiceId'> & Readonly<{ flags: readonly Flag[] }>;

/** `isAssumed`: the field table of the event is not documented, only its name. */
function readOrder(event: CalypsoEvent, isAssumed: boolean): Result<ReadOrder, Quarantine> {
  const data = readBySchema(orderSchema, event.data, 'data');
  if (!data.ok) return data;
  const order = data.value;
  const { cryptoAmount, currency, fiatCurrency, rate, reasonType } = order;
  const stated = { cryptoAmount, currency, fiatAmount: order.fiatAmount, fiatCurrency };
  const parts = invoiceParts(order, event, { ...stated, rate, reasonType });
  if (!parts.ok) return parts;
  const { invoiceId, ...about } = parts.value;
  const subject = { kind: 'order', id: order.orderId ?? invoiceId } as const;
  const flags: readonly Flag[] = isAssumed ? ['assumed-mapping'] : [];
  return ok({ order, invoiceId, about: { ...about, subject, flags } });
}

function readFiat(order: Order, event: CalypsoEvent): Result<Money | null, Quarantine> {
  if (order.fiatAmount === null) return ok(null);
  if (order.fiatCurrency === null) return missing('data.fiatCurrency');
  return readFiatMoney({
    amount: order.fiatAmount,
    currency: order.fiatCurrency,
    amountPath: 'data.fiatAmount',
    currencyPath: 'data.fiatCurrency',
    amountMax: event.amountMax,
  });
}

const created: EventReader = (event) => {
  const read = readOrder(event, false);
  if (!read.ok) return read;
  const { order, invoiceId, about } = read.value;
  const asked = readFiat(order, event);
  if (!asked.ok) return asked;
  const { currency } = order;
  const asset = currency === null ? ok(null) : readCryptoAsset(currency, 'data.currency');
  if (!asset.ok) return asset;
  const data = { invoiceId, amountAsked: asked.value, asset: asset.value, expiresAt: null };
  return ok([{ type: 'InvoiceOpened', data, effectKey: null, ...about }]);
};

const confirmed: EventReader = (event) => {
  const read = readOrder(event, true);
  if (!read.ok) return read;
  return ok([
    {
      type: 'ProviderNoticeReceived',
      data: { kind: 'order-confirmed' },
      effectKey: null,
      ...read.value.about,
    },
  ]);
};

const fiatReceived =
  (isAssumed: boolean): EventReader =>
  (event) => {
    const read = readOrder(event, isAssumed);
    if (!read.ok) return read;
    const { order, invoiceId, about } = read.value;
    const paid = readFiat(order, event);
    if (!paid.ok) return paid;
    const data = { invoiceId, amountAsked: null, amountPaid: paid.value };
    return ok([{ type: 'InvoicePaid', data, effectKey: null, ...about }]);
  };

const lapsed =
  (isAssumed: boolean): EventReader =>
  (event) => {
    const read = readOrder(event, isAssumed);
    if (!read.ok) return read;
    const { invoiceId, about } = read.value;
    const data = { invoiceId, receivedTotal: null };
    return ok([{ type: 'InvoiceExpired', data, effectKey: null, ...about }]);
  };

/** Never final: the order may still be paid. */
const paymentFailed =
  (isAssumed: boolean): EventReader =>
  (event) => {
    const read = readOrder(event, isAssumed);
    if (!read.ok) return read;
    const { order, invoiceId, about } = read.value;
    const data = { invoiceId, reason: order.reason, isFinal: false };
    return ok([{ type: 'InvoicePaymentFailed', data, effectKey: null, ...about }]);
  };

const adjustmentSchema = objectOf({
  ...invoiceIdFields,
  sumAfterAdjustment: optional(id),
  currency: optional(id),
  // Described as true or false, and shown as a code elsewhere: kept as stated.
  fiatCurrency: z.preprocess(
    (value) => (typeof value === 'boolean' ? String(value) : value),
    optional(id),
  ),
  adjustmentDate: optional(id),
});

const adjusted: EventReader = (event) => {
  const data = readBySchema(adjustmentSchema, event.data, 'data');
  if (!data.ok) return data;
  const { sumAfterAdjustment, currency, fiatCurrency, adjustmentDate } = data.value;
  const stated = { sumAfterAdjustment, currency, fiatCurrency, adjustmentDate };
  const parts = invoiceParts(data.value, event, stated);
  if (!parts.ok) return parts;
  const { invoiceId, ...about } = parts.value;
  return ok([
    {
      type: 'InvoiceReviewRequired',
      data: { invoiceId, reason: 'amount-adjusted', receivedTotal: adjustedSum(data.value, event) },
      effectKey: null,
      ...about,
      subject: { kind: 'order', id: invoiceId },
    },
  ]);
};

/**
 * The stated sum where it can be read as money. Whether it is a total or a difference, fiat or
 * crypto, is not documented, so a sum that cannot be read still opens the review.
 */
function adjustedSum(stated: z.output<typeof adjustmentSchema>, event: CalypsoEvent): Money | null {
  const { sumAfterAdjustment: amount, currency } = stated;
  if (amount === null || currency === null) return null;
  const paths = { amountPath: 'data.sumAfterAdjustment', currencyPath: 'data.currency' };
  const sum = { amount, currency, ...paths, amountMax: event.amountMax };
  const crypto = readCryptoMoney(sum);
  if (crypto.ok) return crypto.value;
  const fiat = readFiatMoney(sum);
  return fiat.ok ? fiat.value : null;
}

export const fiatOrderEvents = {
  FIAT_APPLIER_FIAT_FUNDS_RECEIVED: fiatReceived(false),
  FIAT_APPLIER_ORDER_UNPAID: lapsed(false),
  FIAT_APPLIER_PAYMENT_FAILED: paymentFailed(false),
  FIAT_APPLIER_ADJUSTMENT: adjusted,
  FIAT_DEPOSIT_ORDER_CREATED: created,
  FIAT_DEPOSIT_ORDER_CONFIRM: confirmed,
  FIAT_DEPOSIT_FIAT_FUNDS_RECEIVED: fiatReceived(true),
  FIAT_DEPOSIT_ORDER_EXPIRED: lapsed(true),
  FIAT_DEPOSIT_ORDER_FAILED: paymentFailed(true),
} as const satisfies Record<string, EventReader>;
