import { accountReference, type Reading } from './emitted.ts';
import type { AccountTransactionStatus } from './event-names.ts';
import type { Transaction } from './transaction.ts';

/** A transaction of one account, its status known. */
export type AccountTransaction = Readonly<{
  transaction: Transaction;
  accountId: string;
  status: AccountTransactionStatus;
  reading: Reading;
}>;

/** The account, which is ours or a merchant's. */
export function aboutAccount({ transaction, accountId }: AccountTransaction) {
  return {
    occurredAt: transaction.changedAt,
    subject: { kind: 'account' as const, id: accountId },
    owners: [accountReference(accountId)],
    references: { ...transaction.references, transactionId: transaction.id },
  };
}
