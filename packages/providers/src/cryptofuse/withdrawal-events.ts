import { ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { type Emitted, ownersOf, type Reading } from './emitted.ts';
import type { WithdrawalStatus } from './event-names.ts';
import { chargeOf, type Withdrawal } from './withdrawal.ts';

/**
 * The specific event and `status_changed` report one step twice: the effect key is the withdrawal
 * and the outcome, so the second posts nothing.
 */
export function withdrawalEvents(
  withdrawal: Withdrawal,
  status: WithdrawalStatus,
  reading: Reading,
): Result<readonly Emitted[], Quarantine> {
  const { withdrawalId, chainHash, destination } = withdrawal;
  const about = aboutOf(withdrawal, reading);
  const effect = (outcome: string) => joinedKey(['withdrawal', withdrawalId, outcome]);
  switch (status) {
    case 'pending': {
      const charge = chargeOf(withdrawal);
      if (!charge.ok) return charge;
      const data = { withdrawalId, ...charge.value, destination };
      const effectKey = effect('requested');
      return ok([{ ...about, type: 'WithdrawalRequested', data, effectKey }]);
    }
    case 'approved':
    case 'processing':
    case 'submitted':
    case 'confirmed': {
      const data = { withdrawalId, stage: status, chainHash };
      return ok([{ ...about, type: 'WithdrawalProgressed', data, effectKey: null }]);
    }
    case 'completed': {
      const charge = chargeOf(withdrawal);
      if (!charge.ok) return charge;
      const data = { withdrawalId, ...charge.value, destination, chainHash };
      const effectKey = effect('completed');
      return ok([{ ...about, type: 'WithdrawalCompleted', data, effectKey }]);
    }
    case 'failed':
    case 'rejected':
    case 'cancelled': {
      const outcome = status === 'cancelled' ? ('canceled' as const) : status;
      const data = { withdrawalId, outcome, reason: withdrawal.reason, chainHash };
      return ok([{ ...about, type: 'WithdrawalFailed', data, effectKey: effect('returned') }]);
    }
  }
}

/** Our own order is known there by `custom_id`; without one the source wallet tells, else we do. */
function aboutOf(withdrawal: Withdrawal, reading: Reading) {
  const { withdrawalId, customId, walletId } = withdrawal;
  return {
    subject: { kind: 'withdrawal' as const, id: withdrawalId },
    owners: ownersOf(['withdrawal', withdrawalId], ['withdrawal', customId], ['wallet', walletId]),
    references: withdrawal.references,
    flags: [...reading.flags, 'assumed-mapping' as const],
  };
}
