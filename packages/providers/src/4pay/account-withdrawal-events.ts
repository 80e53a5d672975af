import { ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { aboutAccount, type AccountTransaction } from './account-transaction.ts';
import { aboveZero, readDebit } from './charge.ts';
import { type Emitted, reference } from './emitted.ts';

/** Money that leaves the account; where to is not said. */
export function accountWithdrawalEvents(
  event: AccountTransaction,
): Result<readonly Emitted[], Quarantine> {
  const { transaction, status, reading } = event;
  const withdrawalId = transaction.id;
  const account = aboutAccount(event);
  const about = {
    ...account,
    subject: { kind: 'withdrawal' as const, id: withdrawalId },
    owners: [reference('withdrawal', withdrawalId), ...account.owners],
  };
  const effect = (outcome: string) => joinedKey(['withdrawal', withdrawalId, outcome]);
  const debit = readDebit(transaction, reading);
  if (!debit.ok) return debit;
  const { amount, fees } = debit.value;
  switch (status) {
    case 'authorized':
    case 'pending': {
      const positive = aboveZero(debit, reading.path);
      if (!positive.ok) return positive;
      const data = { withdrawalId, amount, fees, destination: null };
      return ok([{ ...about, type: 'WithdrawalRequested', data, effectKey: effect('requested') }]);
    }
    case 'completed': {
      const positive = aboveZero(debit, reading.path);
      if (!positive.ok) return positive;
      const data = { withdrawalId, amount, fees, destination: null, chainHash: null };
      return ok([{ ...about, type: 'WithdrawalCompleted', data, effectKey: effect('completed') }]);
    }
    case 'declined':
    case 'canceled': {
      const outcome = status === 'declined' ? ('rejected' as const) : status;
      const data = { withdrawalId, outcome, reason: transaction.declineReason, chainHash: null };
      return ok([{ ...about, type: 'WithdrawalFailed', data, effectKey: effect('returned') }]);
    }
  }
}
