import { type Fee, money, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { aboutAccount, type AccountTransaction } from './account-transaction.ts';
import { aboveZero, type Charge, readDebit } from './charge.ts';
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
      const charged = completedFees(event, debit.value);
      const data = { withdrawalId, amount, fees: charged, destination: null, chainHash: null };
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

/**
 * A completion that states a fee of nothing, or whose amount contains the fee, leaves none open: the
 * fee that its request announced must not be charged for want of another.
 */
function completedFees(
  { transaction: { stated }, reading: { settings } }: AccountTransaction,
  { amount, fees }: Charge,
): readonly Fee[] {
  const { transactionFee } = settings;
  const isSettled =
    transactionFee === 'inside' || (transactionFee === 'on-top' && stated.feeAmount !== null);
  if (fees.length > 0 || !isSettled) return fees;
  return [{ kind: 'transaction', amount: money(amount.asset, 0n) }];
}
