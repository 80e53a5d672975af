import { type Instant, unnamedAccount } from '@counterfoil/domain';
import { causeOf, type RecordedEvent } from '../ledger-event.ts';
import type { CreditTraits, TopUpCreditRow, TopUpRow } from './schema.ts';

/** What an event says of a deposit to an account that another fact credits. */
export function topUpsIn(recorded: RecordedEvent): readonly TopUpRow[] {
  const cause = causeOf(recorded);
  if (cause?.subject.kind !== 'account') return [];
  const { provider, deliveryId } = cause.source;
  const untold = { provider, account: null, asset: null, units: null, completedAt: null };
  if (cause.type === 'DepositFailed') {
    const { depositId } = cause.data;
    return [rowOf({ ...untold, depositId, toldAt: null, deliveryId: null, isFailed: true })];
  }
  if (cause.type !== 'DepositDetected') return [];
  const { depositId, awaitedCredit } = cause.data;
  if (depositId === null || awaitedCredit === undefined) return [];
  const { amount, completedAt } = awaitedCredit;
  const toldAt = recorded.recordedAt;
  const account = cause.subject.id === unnamedAccount ? null : cause.subject.id;
  const credit = { provider, account, asset: amount?.asset ?? null, units: amount?.units ?? null };
  return [rowOf({ ...credit, depositId, completedAt, toldAt, deliveryId, isFailed: false })];
}

export function creditsIn(recorded: RecordedEvent): readonly TopUpCreditRow[] {
  const cause = causeOf(recorded);
  if (cause?.type !== 'FundsDelivered' || cause.subject.kind !== 'account') return [];
  const { depositId, amount, purpose } = cause.data;
  if (purpose !== 'merchant-top-up') return [];
  const { asset, units } = amount;
  const { id: account } = cause.subject;
  const { provider } = cause.source;
  return [{ provider, depositId, account, asset, units, deliveredAt: cause.occurredAt }];
}

/** Several tellings of one top-up add up; what was told first stands. */
export const bothTold = (known: TopUpRow, told: TopUpRow): TopUpRow =>
  rowOf({
    provider: known.provider,
    depositId: known.depositId,
    account: known.account ?? told.account,
    ...(known.units === null ? amountOf(told) : amountOf(known)),
    completedAt: earlier(known.completedAt, told.completedAt),
    toldAt: known.toldAt ?? told.toldAt,
    deliveryId: known.deliveryId ?? told.deliveryId,
    isFailed: known.isFailed || told.isFailed,
  });

const amountOf = ({ asset, units }: TopUpRow) => ({ asset, units });

const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || (other !== null && other < one) ? other : one;

/** Not paired yet. One that failed has no credit to wait for. */
function rowOf(told: Omit<TopUpRow, 'pairingKey' | 'creditId' | 'isAwaited'>): TopUpRow {
  const isWaiting = told.completedAt !== null && !told.isFailed;
  const pairingKey = isWaiting ? pairingKeyOf(told) : null;
  return { ...told, pairingKey, creditId: null, isAwaited: pairingKey !== null };
}

/** Null where neither account nor amount is known: then every credit would do, and none is told by it. */
export const pairingKeyOf = ({ provider, account, asset, units }: CreditTraits): string | null =>
  account === null && units === null
    ? null
    : JSON.stringify([provider, account, asset, units === null ? null : String(units)]);

/** A credit may belong to what states its account and amount, or the one of them that it states. */
export const pairingsOf = (credit: TopUpCreditRow): readonly CreditTraits[] => {
  const { provider, account, asset, units } = credit;
  return [
    { provider, account, asset, units },
    { provider, account, asset: null, units: null },
    { provider, account: null, asset, units },
  ];
};
