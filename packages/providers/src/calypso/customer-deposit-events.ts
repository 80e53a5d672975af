import { ok, type Reference, type Result, type Subject } from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import { isNumeral } from '../wire/exact-json.ts';
import { chainId, id, objectOf, optional } from '../wire/field.ts';
import { joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import {
  type CalypsoEvent,
  type EventReader,
  missing,
  readMoney,
  readPostedMoney,
  reference,
  statedMoney,
} from './payload.ts';

const purseFields = {
  ...statedMoney,
  purseId: optional(id),
  address: optional(chainId),
  customerId: optional(id),
  transactionId: optional(id),
  transactionHash: optional(chainId),
  senderAddress: optional(chainId),
};
const depositSchema = objectOf(purseFields);

/** Here the documentation types the currency as a number: such a deposit is recorded without asset. */
const detectedSchema = objectOf({
  ...purseFields,
  currency: z.preprocess(
    (value) => (isNumeral(value) || /^\s*\d+\s*$/.test(String(value)) ? null : value),
    optional(id),
  ),
});

type Deposit = z.output<typeof depositSchema>;
type ReadDeposit = Readonly<{
  deposit: Deposit;
  about: Readonly<{
    subject: Subject;
    owners: readonly Reference[];
    references: Readonly<Record<string, string | null>>;
  }>;
}>;

function readDeposit(
  event: CalypsoEvent,
  schema: typeof depositSchema | typeof detectedSchema = depositSchema,
): Result<ReadDeposit, Quarantine> {
  const data = readBySchema(schema, event.data, 'data');
  if (!data.ok) return data;
  const { purseId, address, customerId, senderAddress } = data.value;
  const { transactionId: depositId, transactionHash: chainHash } = data.value;
  const addressId = purseId ?? address;
  if (addressId === null) return missing('data.purseId');
  const client = customerId === null ? [] : [reference('client', customerId)];
  return ok({
    deposit: data.value,
    about: {
      subject: { kind: 'address', id: addressId },
      owners: [reference('address', addressId), ...client],
      references: { purseId, address, customerId, depositId, chainHash, senderAddress },
    },
  });
}

const detected: EventReader = (event) => {
  const read = readDeposit(event, detectedSchema);
  if (!read.ok) return read;
  const { deposit, about } = read.value;
  const amount = deposit.currency === null ? ok(null) : readMoney(deposit, event);
  if (!amount.ok) return amount;
  const { transactionId: depositId, transactionHash: chainHash } = deposit;
  const data = { amount: amount.value, stage: 'seen' as const, depositId, chainHash };
  return ok([{ type: 'DepositDetected', data, effectKey: null, ...about }]);
};

/** A refused deposit blocks its address as well. */
const compliance =
  (status: 'pending' | 'declined'): EventReader =>
  (event) => {
    const read = readDeposit(event);
    if (!read.ok) return read;
    const { deposit, about } = read.value;
    const amount = readMoney(deposit, event);
    if (!amount.ok) return amount;
    const changed = {
      type: 'ComplianceStatusChanged' as const,
      data: { status, amount: amount.value, depositId: deposit.transactionId },
      effectKey: null,
      ...about,
    };
    return ok(status === 'pending' ? [changed] : [changed, addressClosed('blocked', about)]);
  };

const addressClosed = (reason: 'blocked' | 'expired', about: ReadDeposit['about']) => ({
  type: 'DepositAddressClosed' as const,
  data: { reason },
  effectKey: null,
  ...about,
});

/** Credits the holder. No fee is stated anywhere, so the amount is marked as unverified. */
const received: EventReader = (event) => {
  const read = readDeposit(event);
  if (!read.ok) return read;
  const { deposit, about } = read.value;
  const depositId = deposit.transactionId;
  if (depositId === null) return missing('data.transactionId');
  const amount = readPostedMoney(deposit, event);
  if (!amount.ok) return amount;
  return ok([
    {
      type: 'DepositConfirmed',
      data: {
        depositId,
        gross: amount.value,
        fees: [],
        net: amount.value,
        method: 'chain',
        isDelivered: false,
      },
      effectKey: joinedKey(['deposit', depositId, 'confirmed']),
      flags: ['amount-unverified'],
      ...about,
    },
  ]);
};

/** Moves the provider's side only; its field table is not documented. */
const delivered: EventReader = (event) => {
  const read = readDeposit(event);
  if (!read.ok) return read;
  const { deposit, about } = read.value;
  const depositId = deposit.transactionId;
  if (depositId === null) return missing('data.transactionId');
  const amount = readPostedMoney(deposit, event);
  if (!amount.ok) return amount;
  return ok([
    {
      type: 'FundsDelivered',
      data: { depositId, amount: amount.value, purpose: 'holder-deposit' },
      effectKey: joinedKey(['deposit', depositId, 'delivered']),
      flags: ['assumed-mapping', 'amount-unverified'],
      ...about,
    },
  ]);
};

const expired: EventReader = (event) => {
  const read = readDeposit(event);
  return read.ok ? ok([addressClosed('expired', read.value.about)]) : read;
};

export const customerDepositEvents = {
  CUSTOMER_PURSE_EXPIRED: expired,
  CUSTOMER_PURSE_MEM_POOL_FOUND: detected,
  CUSTOMER_PURSE_PENDING_COMPLIANCE: compliance('pending'),
  CUSTOMER_PURSE_COMPLIANCE_DECLINED: compliance('declined'),
  CUSTOMER_PURSE_FUNDS_RECEIVED_FOR_PURSE: received,
  CUSTOMER_PURSE_TRANSLATION_TO_ACCOUNT_COMPLETED: delivered,
} as const satisfies Record<string, EventReader>;
