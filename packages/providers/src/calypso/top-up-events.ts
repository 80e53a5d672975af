import { err, type Money, moneyText, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { chainId, objectOf, optional } from '../wire/field.ts';
import { joinedId, joinedKey } from '../wire/key.ts';
import { readBySchema } from '../wire/schema.ts';
import {
  accountOf,
  type CalypsoEvent,
  type EventReader,
  readMoney,
  readPostedMoney,
  statedMoney,
} from './payload.ts';

const topUpSchema = objectOf({
  ...statedMoney,
  transactionHash: chainId,
  senderAddress: optional(chainId),
});

type MoneyReader<Amount> = (
  stated: Readonly<{ amount: string | null; currency: string | null }>,
  event: CalypsoEvent,
) => Result<Amount, Quarantine>;

/** A top-up of our own account belongs to the account of the subscription. */
function readTopUp<Amount extends Money | null>(
  event: CalypsoEvent,
  readAmount: MoneyReader<Amount>,
) {
  const data = readBySchema(topUpSchema, event.data, 'data');
  if (!data.ok) return err(data.error);
  const { transactionHash: chainHash, senderAddress } = data.value;
  const amount = readAmount(data.value, event);
  if (!amount.ok) return err(amount.error);
  const account = accountOf(event);
  return ok({
    amount: amount.value,
    deposit: depositOf(chainHash, senderAddress, amount.value),
    about: {
      subject: { kind: 'account', id: account.externalId } as const,
      owners: [account],
      references: { chainHash, senderAddress },
    },
  });
}

/**
 * A top-up has no id, and one chain transaction may pay several outputs, so that its hash alone
 * does not name a deposit: currency, sender and amount belong to the name.
 */
function depositOf(chainHash: string, senderAddress: string | null, amount: Money | null) {
  const stated = amount === null ? null : moneyText(amount);
  return [chainHash, stated?.asset ?? null, senderAddress, stated?.amount ?? null];
}

const compliance =
  (status: 'pending' | 'declined'): EventReader =>
  (event) => {
    const read = readTopUp(event, readMoney);
    if (!read.ok) return read;
    const { amount, deposit, about } = read.value;
    const data = { status, amount, depositId: joinedId(deposit) };
    return ok([{ type: 'ComplianceStatusChanged', data, effectKey: null, ...about }]);
  };

/** Whether a fee was taken is not documented: the amount is credited and marked as unverified. */
const delivered: EventReader = (event) => {
  const read = readTopUp(event, readPostedMoney);
  if (!read.ok) return read;
  const { amount, deposit, about } = read.value;
  return ok([
    {
      type: 'FundsDelivered',
      data: { depositId: joinedId(deposit), amount, purpose: 'merchant-top-up' },
      effectKey: joinedKey(['deposit', ...deposit, 'delivered']),
      flags: ['amount-unverified'],
      ...about,
    },
  ]);
};

export const topUpEvents = {
  TOP_UP_COMPLIANCE_CHECK: compliance('pending'),
  TOP_UP_COMPLIANCE_DECLINED: compliance('declined'),
  WALLET_FUNDS_DELIVERED_ACCOUNT: delivered,
} as const satisfies Record<string, EventReader>;
