import { type FeeKind, ok, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { joinedKey } from '../wire/key.ts';
import { aboutAccount, type AccountTransaction } from './account-transaction.ts';
import { aboveZero, readCredit, readMoved } from './charge.ts';
import { type Emitted, missing, type Reading, refused } from './emitted.ts';
import { accountTransactionStatuses, accountTransactionTypes } from './event-names.ts';
import { accountWithdrawalEvents } from './account-withdrawal-events.ts';
import type { Transaction } from './transaction.ts';

type Events = Result<readonly Emitted[], Quarantine>;

export function accountTransactionEvents(transaction: Transaction, reading: Reading): Events {
  const { path } = reading;
  const { accountId } = transaction;
  const type = accountTransactionTypes.find((known) => known === transaction.type);
  const status = accountTransactionStatuses.find((known) => known === transaction.status);
  if (type === undefined)
    return refused('type-unknown', `${path}type`, unknown(transaction.type, 'type'));
  if (status === undefined)
    return refused('status-unknown', `${path}status`, unknown(transaction.status, 'status'));
  if (accountId === null) return missing(`${path}accountUuid`);
  const event = { transaction, accountId, status, reading };
  switch (type) {
    case 'payin':
      return payinEvents(event);
    case 'card_issuing':
      return feeEvents(event, 'card-issuing');
    case 'transfer_fee':
      return feeEvents(event, 'transfer');
    case 'withdrawal':
      return accountWithdrawalEvents(event);
  }
}

const unknown = (text: string, what: string): string =>
  `"${text}" is not a ${what} of an account transaction.`;

/** The credit of a deposit: of all that is reported about it, only this has the credited amount. */
function payinEvents(event: AccountTransaction): Events {
  const { transaction, reading } = event;
  const credit = readCredit(transaction, reading);
  if (!credit.ok) return credit;
  const { amount } = credit.value;
  const depositId = transaction.id;
  const about = aboutAccount(event);
  switch (event.status) {
    case 'authorized':
    case 'pending': {
      const data = { amount, stage: 'confirming' as const, depositId, chainHash: null };
      return ok([{ ...about, type: 'DepositDetected', data, effectKey: null }]);
    }
    case 'completed':
      return deliveredEvents(event);
    case 'declined':
    case 'canceled': {
      const data = { depositId, reason: transaction.declineReason ?? event.status };
      const effectKey = joinedKey(['deposit', depositId, 'failed']);
      return ok([{ ...about, type: 'DepositFailed', data, effectKey }]);
    }
  }
}

function deliveredEvents(event: AccountTransaction): Events {
  const { transaction, reading } = event;
  const credit = aboveZero(readCredit(transaction, reading), reading.path);
  if (!credit.ok) return credit;
  const { amount, fees } = credit.value;
  const { id: depositId } = transaction;
  const data = { depositId, amount, purpose: 'merchant-top-up' as const };
  return ok([
    {
      ...aboutAccount(event),
      type: 'FundsDelivered',
      data: fees.length === 0 ? data : { ...data, fees },
      effectKey: joinedKey(['deposit', depositId, 'delivered']),
    },
  ]);
}

/** The transaction is the fee itself, so a `feeAmount` in it is not another one. */
function feeEvents(event: AccountTransaction, kind: FeeKind): Events {
  const { transaction, reading } = event;
  const moved = readMoved(transaction, reading);
  if (!moved.ok) return moved;
  switch (event.status) {
    case 'authorized':
    case 'pending':
      return notice(event, 'fee-announced');
    case 'completed': {
      const fee = aboveZero(ok({ amount: moved.value }), reading.path);
      if (!fee.ok) return fee;
      const { id: feeId, parentId: relatedTo } = transaction;
      const data = { feeId, kind, amount: moved.value, relatedTo };
      const effectKey = joinedKey(['fee', feeId]);
      return ok([{ ...aboutAccount(event), type: 'FeeCharged', data, effectKey }]);
    }
    case 'declined':
    case 'canceled':
      return notice(event, 'fee-canceled');
  }
}

const notice = (event: AccountTransaction, kind: string): Events =>
  ok([{ ...aboutAccount(event), type: 'ProviderNoticeReceived', data: { kind }, effectKey: null }]);
