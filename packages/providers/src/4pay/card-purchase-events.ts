import { ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { aboutCard, type CardTransaction, changedText } from './card-transaction.ts';
import { readDebit } from './charge.ts';
import type { Emitted } from './emitted.ts';

/** One transaction id is authorization and clearing at once, so nothing has to be matched. */
export function purchaseEvents(event: CardTransaction): Result<readonly Emitted[], Quarantine> {
  const { transaction, cardId, status, reading } = event;
  const debit = readDebit(transaction, reading);
  if (!debit.ok) return debit;
  const { amount, fees, total: holdTotal } = debit.value;
  const { id, merchant } = transaction;
  const about = aboutCard(event);
  const card = { cardId, linkId: null, merchant, authorizationId: id, amount };
  switch (status) {
    case 'authorized': {
      const changedAt = transaction.changedAt ?? reading.receivedAt;
      const effectKey = joinedKey(['authorization', id, 'confirmed', changedText(transaction)]);
      const data = { ...card, fees, holdTotal, changedAt };
      return ok([{ ...about, type: 'AuthorizationConfirmed', data, effectKey }]);
    }
    case 'completed': {
      const piece = { isFinal: true, amountMeans: 'piece' as const };
      const data = { ...card, clearingId: id, fees, ...piece };
      const effectKey = joinedKey(['clearing', id]);
      return ok([{ ...about, type: 'ClearingReceived', data, effectKey }]);
    }
    case 'declined': {
      const data = { ...card, reasonCode: transaction.declineReason };
      const effectKey = joinedKey(['authorization', id, 'declined']);
      return ok([{ ...about, type: 'AuthorizationDeclined', data, effectKey }]);
    }
    case 'canceled': {
      const data = { ...card, reversalId: id, fees, isFull: true };
      const effectKey = joinedKey(['reversal', id]);
      return ok([{ ...about, type: 'AuthorizationReversed', data, effectKey }]);
    }
  }
}
