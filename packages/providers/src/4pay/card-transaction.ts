import { instantText, ok, type Reference, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { readCredit } from './charge.ts';
import { type Emitted, type Reading, reference } from './emitted.ts';
import type { CardTransactionStatus } from './event-names.ts';
import type { Transaction } from './transaction.ts';

/** A transaction of one card, its card and status known. */
export type CardTransaction = Readonly<{
  transaction: Transaction;
  cardId: string;
  status: CardTransactionStatus;
  reading: Reading;
}>;

/** An announcement moves nothing, and still a wrong amount in it is refused. */
export function notice(
  event: CardTransaction,
  kind: string,
): Result<readonly Emitted[], Quarantine> {
  const amount = readCredit(event.transaction, event.reading);
  if (!amount.ok) return amount;
  const data = { kind };
  return ok([{ ...aboutCard(event), type: 'ProviderNoticeReceived', data, effectKey: null }]);
}

/** The card, and its holder where the body names one. */
export function aboutCard({ transaction, cardId }: CardTransaction) {
  const { cardOwnerId, changedAt: occurredAt, references } = transaction;
  const holder: readonly Reference[] =
    cardOwnerId === null ? [] : [reference('client', cardOwnerId)];
  return {
    occurredAt,
    subject: { kind: 'card' as const, id: cardId },
    owners: [reference('card', cardId), ...holder],
    references: { ...references, transactionId: transaction.id },
  };
}

/** The instant part of an effect key. */
export const changedText = ({ changedAt }: Transaction): string =>
  changedAt === null ? '' : instantText(changedAt);
