import { err, type Fee, money, type Money, ok, type Result } from '@counterfoil/domain';
import type { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { chainId, decimal, id, objectOf, optional } from '../wire/field.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import { readCryptoAsset, readCryptoMoney } from './assets.ts';
import { invoiceIdFields, invoiceParts } from './invoice-id.ts';
import {
  type CalypsoEvent,
  type EventReader,
  idList,
  readMoney,
  readPostedMoney,
  statedMoney,
} from './payload.ts';

const openedSchema = objectOf({ ...invoiceIdFields, ...statedMoney });

/** `isLimited`: an unlimited invoice asks for no amount, whatever its body says. */
const opened =
  (isLimited: boolean): EventReader =>
  (event) => {
    const data = readBySchema(openedSchema, event.data, 'data');
    if (!data.ok) return data;
    const parts = invoiceParts(data.value, event);
    if (!parts.ok) return parts;
    const { currency } = data.value;
    const asset = currency === null ? ok(null) : readCryptoAsset(currency, 'data.currency');
    if (!asset.ok) return asset;
    const asked = isLimited ? readMoney(data.value, event) : ok(null);
    if (!asked.ok) return asked;
    const { invoiceId, ...about } = parts.value;
    const amountAsked = asked.value;
    return ok([
      {
        type: 'InvoiceOpened',
        data: { invoiceId, amountAsked, asset: asset.value, expiresAt: null },
        effectKey: null,
        ...about,
      },
    ]);
  };

const detectedSchema = objectOf({
  ...invoiceIdFields,
  realAmount: optional(decimal),
  currency: optional(id),
  transactionHash: optional(chainId),
});

const detected: EventReader = (event) => {
  const data = readBySchema(detectedSchema, event.data, 'data');
  if (!data.ok) return data;
  const { realAmount, currency, transactionHash: chainHash } = data.value;
  const parts = invoiceParts(data.value, event, { chainHash });
  if (!parts.ok) return parts;
  const amount = readMoney({ amount: realAmount, currency }, event, 'data.realAmount');
  if (!amount.ok) return amount;
  const { invoiceId: _, ...about } = parts.value;
  return ok([
    {
      type: 'DepositDetected',
      data: { amount: amount.value, stage: 'seen', depositId: null, chainHash },
      effectKey: null,
      ...about,
    },
  ]);
};

const depositSchema = objectOf({
  ...invoiceIdFields,
  ...statedMoney,
  transactionId: idList,
  transactionHash: optional(chainId),
  senderAddress: optional(chainId),
});

/** One event a deposit; where several share one amount, none of them states its own. */
const compliance =
  (status: 'pending' | 'declined'): EventReader =>
  (event) => {
    const data = readBySchema(depositSchema, event.data, 'data');
    if (!data.ok) return data;
    const { transactionId, transactionHash: chainHash } = data.value;
    const parts = invoiceParts(data.value, event, { chainHash });
    if (!parts.ok) return parts;
    const amount = readMoney(data.value, event);
    if (!amount.ok) return amount;
    const { invoiceId: _, ...about } = parts.value;
    const depositIds = transactionId.length === 0 ? [null] : transactionId;
    return ok(
      depositIds.map((depositId) => ({
        type: 'ComplianceStatusChanged' as const,
        data: { status, amount: depositIds.length === 1 ? amount.value : null, depositId },
        effectKey: null,
        ...about,
      })),
    );
  };

const fundsReceived: EventReader = (event) => {
  const data = readBySchema(depositSchema, event.data, 'data');
  if (!data.ok) return data;
  const { transactionId: depositIds, transactionHash: chainHash, senderAddress } = data.value;
  const parts = invoiceParts(data.value, event, { chainHash, senderAddress });
  if (!parts.ok) return parts;
  const amount = readMoney(data.value, event);
  if (!amount.ok) return amount;
  const { invoiceId, ...about } = parts.value;
  return ok([
    {
      type: 'InvoiceFundsReceived',
      data: { invoiceId, amount: amount.value, receivedTotal: null, depositIds },
      effectKey: null,
      ...about,
    },
  ]);
};

const paidSchema = objectOf({
  ...invoiceIdFields,
  ...statedMoney,
  realAmount: optional(decimal),
});

const paid: EventReader = (event) => {
  const data = readBySchema(paidSchema, event.data, 'data');
  if (!data.ok) return data;
  const parts = invoiceParts(data.value, event);
  if (!parts.ok) return parts;
  const { realAmount, currency } = data.value;
  const asked = readMoney(data.value, event);
  if (!asked.ok) return asked;
  const received = readMoney({ amount: realAmount, currency }, event, 'data.realAmount');
  if (!received.ok) return received;
  const { invoiceId, ...about } = parts.value;
  return ok([
    {
      type: 'InvoicePaid',
      data: { invoiceId, amountAsked: asked.value, amountPaid: received.value },
      effectKey: null,
      ...about,
    },
  ]);
};

const settledSchema = objectOf({
  ...invoiceIdFields,
  ...statedMoney,
  serviceFee: decimal,
  transactionIds: idList,
});

const settled: EventReader = (event) => {
  const data = readBySchema(settledSchema, event.data, 'data');
  if (!data.ok) return data;
  const parts = invoiceParts(data.value, event);
  if (!parts.ok) return parts;
  const split = settlementOf(data.value, event);
  if (!split.ok) return split;
  const { invoiceId, ...about } = parts.value;
  const depositIds = [...data.value.transactionIds].sort();
  const settlement = depositIds.length === 0 ? invoiceId : depositIds.join(',');
  return ok([
    {
      type: 'InvoiceSettled',
      data: { invoiceId, ...split.value, depositIds },
      effectKey: joinedKey(['invoice', 'settled', settlement]),
      ...about,
    },
  ]);
};

type Settlement = Readonly<{ gross: Money; fees: readonly Fee[]; net: Money }>;

/** Whether the stated amount contains the fee is not documented: the setting says it. */
function settlementOf(
  data: z.output<typeof settledSchema>,
  event: CalypsoEvent,
): Result<Settlement, Quarantine> {
  const amount = readPostedMoney(data, event);
  if (!amount.ok) return amount;
  const fee = readCryptoMoney({
    amount: data.serviceFee,
    currency: data.currency ?? '',
    amountPath: 'data.serviceFee',
    currencyPath: 'data.currency',
    amountMax: event.amountMax,
  });
  if (!fee.ok) return fee;
  const { asset, units } = amount.value;
  const feeUnits = fee.value.units;
  const isGross = event.settings.translationAmountIs === 'gross';
  const gross = money(asset, isGross ? units : units + feeUnits);
  const net = money(asset, isGross ? units - feeUnits : units);
  if (net.units < 0n)
    return err({
      code: 'amount-negative',
      path: 'data.serviceFee',
      message: 'The fee is larger than the amount that contains it.',
    });
  return ok({ gross, net, fees: feeUnits === 0n ? [] : [{ kind: 'service', amount: fee.value }] });
}

const reviewRequired: EventReader = (event) => {
  const data = readBySchema(objectOf(invoiceIdFields), event.data, 'data');
  if (!data.ok) return data;
  const parts = invoiceParts(data.value, event);
  if (!parts.ok) return parts;
  const { invoiceId, ...about } = parts.value;
  return ok([
    {
      type: 'InvoiceReviewRequired',
      data: { invoiceId, reason: 'amount-mismatch', receivedTotal: null },
      effectKey: null,
      ...about,
    },
  ]);
};

const expired: EventReader = (event) => {
  const data = readBySchema(objectOf(invoiceIdFields), event.data, 'data');
  if (!data.ok) return data;
  const parts = invoiceParts(data.value, event);
  if (!parts.ok) return parts;
  const { invoiceId, ...about } = parts.value;
  return ok([
    {
      type: 'InvoiceExpired',
      data: { invoiceId, receivedTotal: null },
      effectKey: null,
      ...about,
    },
  ]);
};

/** Only the settlement credits; everything before it moves the invoice's state. */
export const invoiceEvents = {
  INVOICE_CREATE_INVOICE: opened(true),
  INVOICE_CREATE_UNLIMITED_INVOICE: opened(false),
  INVOICE_MEMPOOL_FOUND: detected,
  INVOICE_FUNDS_RECEIVED_FOR_INVOICE: fundsReceived,
  INVOICE_COMPLIANCE_CHECK: compliance('pending'),
  INVOICE_COMPLIANCE_DECLINED: compliance('declined'),
  INVOICE_PENDING_INTERVENTION: reviewRequired,
  INVOICE_PAID: paid,
  INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED: settled,
  INVOICE_EXPIRED: expired,
} as const satisfies Record<string, EventReader>;
