import { instantText, type Money, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readAmount } from '../wire/amount.ts';
import { fiatOf } from '../wire/currency.ts';
import { joinedKey } from '../wire/key.ts';
import { type Delivery, emit, readData, reference, type Translator } from './delivery.ts';
import { challenge, clientRecord, outOfBandChallenge, velocityBlock } from './payload.ts';

export const cardBlockedByVelocity: Translator = (delivery) => {
  const read = readData(delivery, velocityBlock);
  if (!read.ok) return read;
  const { card_id: cardId, company_id, blocked_at: changedAt, last_authorization_id } = read.value;
  return emit(delivery, {
    type: 'CardStatusChanged',
    data: {
      cardId,
      status: 'blocked',
      reason: 'velocity',
      changedAt,
      reportedBalance: null,
      holder: null,
    },
    occurredAt: changedAt,
    effectKey: joinedKey(['card', cardId, 'blocked', instantText(changedAt)]),
    subject: { kind: 'card', id: cardId },
    owners: [reference('card', cardId)],
    references: {
      companyId: company_id ?? delivery.envelope.companyId,
      lastAuthorizationId: last_authorization_id,
    },
  });
};

/** The code is kept opaque: it serves to answer CryptoMate and is shown to nobody (row 39). */
export const cardChallengeRequested: Translator = (delivery) => {
  const read = readData(delivery, challenge);
  if (!read.ok) return read;
  const amount = readChallengeAmount(read.value, delivery);
  if (!amount.ok) return amount;
  const { code: challengeId, card_id: cardId, merchant_name: merchantName } = read.value;
  return emit(delivery, {
    type: 'CardChallengeRequested',
    data: { challengeId, cardId, amount: amount.value, merchantName, answerBy: null },
    occurredAt: read.value.transaction_timestamp,
    effectKey: joinedKey(['challenge', challengeId]),
    subject: { kind: 'challenge', id: challengeId },
    owners: [reference('card', cardId)],
  });
};

export const outOfBandChallengeRequested: Translator = (delivery) => {
  const read = readData(delivery, outOfBandChallenge);
  if (!read.ok) return read;
  const amount = readChallengeAmount(read.value, delivery);
  if (!amount.ok) return amount;
  const { challenge_id: challengeId, card_id: cardId, merchant_name: merchantName } = read.value;
  const answerBy = read.value.expiry_time;
  return emit(delivery, {
    type: 'CardChallengeRequested',
    data: { challengeId, cardId, amount: amount.value, merchantName, answerBy },
    occurredAt: null,
    effectKey: joinedKey(['challenge', challengeId]),
    subject: { kind: 'challenge', id: challengeId },
    owners: [reference('card', cardId)],
  });
};

/** `operation_id` is the client, so the key of the fact is its status and time. */
export const holderStatusChanged: Translator = (delivery) => {
  const read = readData(delivery, clientRecord);
  if (!read.ok) return read;
  const { id: clientId, status, rejection_code: reasonCode, updated_at: updatedAt } = read.value;
  const changedAt = updatedAt ?? delivery.context.webhook.receivedAt;
  return emit(delivery, {
    type: 'HolderStatusChanged',
    data: { clientId, status, reasonCode, changedAt },
    occurredAt: updatedAt,
    effectKey: null,
    subject: { kind: 'client', id: clientId },
    owners: [reference('client', clientId)],
  });
};

type ChallengeAmount = Readonly<{
  transaction_amount: string | null;
  transaction_currency: string | null;
}>;

/** Shown to the cardholder and never posted: null where the currency is not known to the books. */
function readChallengeAmount(
  data: ChallengeAmount,
  { options }: Delivery,
): Result<Money | null, Quarantine> {
  const asset = data.transaction_currency === null ? null : fiatOf(data.transaction_currency);
  if (asset === null || data.transaction_amount === null) return ok(null);
  return readAmount(data.transaction_amount, asset, 'data.transaction_amount', options.amountMax);
}
