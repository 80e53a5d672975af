import { ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { aboutCard, type CardTransaction, notice } from './card-transaction.ts';
import { aboveZero, readDebit } from './charge.ts';
import { accountReference, type Emitted, missing, reference } from './emitted.ts';

/**
 * Money between an account and one of its cards. The card's transaction posts both sides: the
 * account's own transaction about it has no documented type and waits in quarantine.
 */
export function transferEvents(
  event: CardTransaction,
  type: 'top_up' | 'withdrawal',
): Result<readonly Emitted[], Quarantine> {
  const { transaction, cardId, status, reading } = event;
  const transferId = transaction.id;
  const about = { ...aboutCard(event), subject: { kind: 'transfer' as const, id: transferId } };
  switch (status) {
    case 'authorized':
      return notice(event, 'transfer-pending');
    case 'completed': {
      if (transaction.accountId === null) return missing(`${reading.path}accountUuid`);
      const debit = aboveZero(readDebit(transaction, reading), reading.path);
      if (!debit.ok) return debit;
      const account = accountReference(transaction.accountId);
      const card = reference('card', cardId);
      const way = type === 'top_up' ? { from: account, to: card } : { from: card, to: account };
      const { amount, fees } = debit.value;
      const data = { transferId, ...way, amount, fees, isOutsidePossible: false };
      const effectKey = joinedKey(['transfer', transferId, 'completed']);
      return ok([{ ...about, type: 'TransferCompleted', data, effectKey }]);
    }
    case 'declined':
    case 'canceled': {
      const debit = readDebit(transaction, reading);
      if (!debit.ok) return debit;
      const data = { transferId, reason: transaction.declineReason ?? status };
      const effectKey = joinedKey(['transfer', transferId, 'failed']);
      return ok([{ ...about, type: 'TransferFailed', data, effectKey }]);
    }
  }
}
