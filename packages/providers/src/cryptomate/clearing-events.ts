import { err } from '@counterfoil/domain';
import { joinedId, joinedKey } from '../wire/key.ts';
import { cardEvent, pieceKeyOf, purchaseOf } from './card-event.ts';
import { emit, readData, reference, type Translator } from './delivery.ts';
import { cardNotice } from './payload.ts';

export const clearingReceived = cardEvent((event, delivery) => {
  const key = pieceKeyOf(event, delivery);
  return emit(delivery, {
    ...event.envelope,
    type: 'ClearingReceived',
    data: {
      ...purchaseOf(event, delivery),
      clearingId: joinedId(key),
      authorizationId: null,
      amount: event.billed.amount,
      fees: event.billed.fees,
      isFinal: null,
      amountMeans: delivery.options.settings.clearingAmountMeans,
    },
    effectKey: joinedKey(['clearing', ...key]),
    flags: event.feeFlags,
  });
});

const announcedClearing = (type: 'ClearingPending' | 'ClearingFailed', outcome: string) =>
  cardEvent((event, delivery) => {
    const key = pieceKeyOf(event, delivery);
    return emit(delivery, {
      ...event.envelope,
      type,
      data: {
        ...purchaseOf(event, delivery),
        clearingId: joinedId(key),
        authorizationId: null,
        amount: event.billed.amount,
      },
      effectKey: joinedKey(['clearing', ...key, outcome]),
    });
  });

export const clearingPending = announcedClearing('ClearingPending', 'pending');
export const clearingFailed = announcedClearing('ClearingFailed', 'failed');

/** Only dialect A says what a canceled clearing is; elsewhere the word is not documented (row 16). */
export const clearingCanceled: Translator = (delivery) =>
  delivery.envelope.dialect === 'A'
    ? clearingFailed(delivery)
    : err({
        code: 'status-unknown',
        path: 'status',
        message: 'A clearing with the status "canceled" is not documented.',
      });

export const authorizationReversed = cardEvent((event, delivery) => {
  const key = pieceKeyOf(event, delivery);
  return emit(delivery, {
    ...event.envelope,
    type: 'AuthorizationReversed',
    data: {
      ...purchaseOf(event, delivery),
      reversalId: joinedId(key),
      authorizationId: null,
      amount: event.billed.amount,
      fees: event.billed.fees,
      isFull: null,
    },
    effectKey: joinedKey(['reversal', ...key]),
    flags: event.feeFlags,
  });
});

export const refundReceived = cardEvent((event, delivery) => {
  const key = pieceKeyOf(event, delivery);
  return emit(delivery, {
    ...event.envelope,
    type: 'RefundReceived',
    data: {
      ...purchaseOf(event, delivery),
      refundId: joinedId(key),
      authorizationId: null,
      amount: event.billed.amount,
      fees: event.billed.fees,
    },
    effectKey: joinedKey(['refund', ...key]),
    flags: event.feeFlags,
  });
});

/** A refund, reversal or push that is announced or failed: nothing to post, someone should look. */
export const cardNoticeReceived: Translator = (delivery) => {
  const data = readData(delivery, cardNotice);
  if (!data.ok) return data;
  const { eventType, status } = delivery.envelope;
  return emit(delivery, {
    type: 'ProviderNoticeReceived',
    data: { kind: `${eventType}-${status}`.replaceAll('_', '-') },
    occurredAt: data.value.created_at,
    effectKey: null,
    subject: { kind: 'card', id: data.value.card_id },
    owners: [reference('card', data.value.card_id)],
  });
};
