import { ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { purchaseEvents } from './card-purchase-events.ts';
import { transferEvents } from './card-transfer-events.ts';
import { aboutCard, type CardTransaction, notice } from './card-transaction.ts';
import { aboveZero, readCredit, readMoved } from './charge.ts';
import { type Emitted, missing, type Reading, refused } from './emitted.ts';
import { cardTransactionStatuses, cardTransactionTypes } from './event-names.ts';
import type { Transaction } from './transaction.ts';

type Events = Result<readonly Emitted[], Quarantine>;

/** Direction is told by `type`: all documented amounts are positive. */
export function cardTransactionEvents(transaction: Transaction, reading: Reading): Events {
  const { path } = reading;
  const { cardId } = transaction;
  if (cardId === null) return missing(`${path}transactionDetails.card.id`);
  const status = cardTransactionStatuses.find((known) => known === transaction.status);
  const type = cardTransactionTypes.find((known) => known === transaction.type);
  if (type === undefined)
    return refused('type-unknown', `${path}type`, unknown(transaction.type, 'type'));
  if (status === undefined)
    return refused('status-unknown', `${path}status`, unknown(transaction.status, 'status'));
  const event = { transaction, cardId, status, reading };
  switch (type) {
    case 'purchase':
      return purchaseEvents(event);
    case 'refund':
      return refundEvents(event);
    case 'fee':
      return feeEvents(event);
    case 'top_up':
    case 'withdrawal':
      return transferEvents(event, type);
  }
}

const unknown = (text: string, what: string): string =>
  `"${text}" is not a ${what} of a card transaction.`;

function refundEvents(event: CardTransaction): Events {
  const { transaction, cardId, reading } = event;
  switch (event.status) {
    case 'authorized':
      return notice(event, 'refund-announced');
    case 'completed': {
      const credit = aboveZero(readCredit(transaction, reading), reading.path);
      if (!credit.ok) return credit;
      const { id: refundId, parentId: authorizationId, merchant } = transaction;
      const { amount, fees } = credit.value;
      // Whose fee it is, is not documented: of a credit the smaller reading counts (R17).
      const feesAre = 'charged';
      return ok([
        {
          ...aboutCard(event),
          type: 'RefundReceived',
          data: {
            cardId,
            linkId: null,
            merchant,
            refundId,
            authorizationId,
            amount,
            fees,
            feesAre,
          },
          effectKey: joinedKey(['refund', refundId]),
        },
      ]);
    }
    case 'declined':
    case 'canceled':
      return notice(event, 'refund-canceled');
  }
}

/** The transaction is the fee itself, so a `feeAmount` in it is not another one. */
function feeEvents(event: CardTransaction): Events {
  const { transaction, reading } = event;
  switch (event.status) {
    case 'authorized':
      return notice(event, 'fee-announced');
    case 'completed': {
      const amount = readMoved(transaction, reading);
      if (!amount.ok) return amount;
      const fee = aboveZero(ok({ amount: amount.value }), reading.path);
      if (!fee.ok) return fee;
      const { id: feeId, parentId: relatedTo } = transaction;
      return ok([
        {
          ...aboutCard(event),
          type: 'FeeCharged',
          data: { feeId, kind: 'transaction', amount: amount.value, relatedTo },
          effectKey: joinedKey(['fee', feeId]),
        },
      ]);
    }
    case 'declined':
    case 'canceled':
      return notice(event, 'fee-canceled');
  }
}
