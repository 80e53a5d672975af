import { instant } from '@counterfoil/domain';
import { joinedKey } from '../wire/key.ts';
import { readMerchantAmount } from './billing.ts';
import { cardEvent, createdAtOf, purchaseOf } from './card-event.ts';
import { type Delivery, emit } from './delivery.ts';
import type { CardTransaction } from './payload.ts';
import { sentBeforeMs, timestampStaleMs } from './request-timestamp.ts';
import { answerWithinMsDefault } from './settings.ts';

export const authorizationRequested = cardEvent((event, delivery) => {
  const { data, billed } = event;
  const merchantAmount = readMerchantAmount(data, delivery.options);
  if (!merchantAmount.ok) return merchantAmount;
  const { operationId } = delivery.envelope;
  const withinMs = delivery.options.settings.answerWithinMs ?? answerWithinMsDefault;
  return emit(delivery, {
    ...event.envelope,
    type: 'AuthorizationRequested',
    data: {
      ...purchaseOf(event, delivery),
      authorizationId: operationId,
      amount: billed.amount,
      fees: billed.fees,
      holdTotal: billed.total,
      merchantAmount: merchantAmount.value,
      channel: data.channel,
      answerBy: instant(delivery.context.webhook.receivedAt + withinMs),
      // The older dialects send no notice of an approval that is in force (row 48).
      isConfirmationExpected: delivery.envelope.dialect === 'C',
      refusal: refusalOf(delivery, data),
    },
    effectKey: joinedKey(['authorization', operationId, 'requested']),
    flags: event.feeFlags,
  });
});

export const authorizationConfirmed = cardEvent((event, delivery) => {
  const { data, billed } = event;
  const { operationId } = delivery.envelope;
  return emit(delivery, {
    ...event.envelope,
    type: 'AuthorizationConfirmed',
    data: {
      ...purchaseOf(event, delivery),
      authorizationId: operationId,
      amount: billed.amount,
      fees: billed.fees,
      holdTotal: billed.total,
      changedAt: data.created_at ?? delivery.context.webhook.receivedAt,
    },
    effectKey: joinedKey(['authorization', operationId, 'confirmed', createdAtOf(event)]),
    flags: event.feeFlags,
  });
});

export const authorizationDeclined = cardEvent((event, delivery) => {
  const { data, billed } = event;
  const { operationId } = delivery.envelope;
  return emit(delivery, {
    ...event.envelope,
    type: 'AuthorizationDeclined',
    data: {
      ...purchaseOf(event, delivery),
      authorizationId: operationId,
      amount: billed.amount,
      reasonCode: data.decline_reason?.code ?? data.declined_reason?.response_code ?? null,
    },
    effectKey: joinedKey(['authorization', operationId, 'declined']),
  });
});

/** A refusal that needs no balance: a signature that nobody checks, or an answer already late. */
function refusalOf(delivery: Delivery, data: CardTransaction): string | null {
  if (data.signature !== null && delivery.options.settings.defiCards === 'decline')
    return 'defi-card';
  const ageMs = sentBeforeMs(delivery.context.webhook);
  return ageMs !== null && ageMs > timestampStaleMs ? 'timestamp-stale' : null;
}
