import type { CanonicalEvent, Fee, Money, PayoutStage, WithdrawalStage } from '@counterfoil/domain';
import type { OrderDetail, OrderRow, OrderStage, OrderStatus } from './schema.ts';

const stages: readonly OrderStage[] = [
  'requested',
  'approved',
  'submitted',
  'broadcast',
  'partial',
];

/** A late earlier stage moves nothing back. */
const further = (left: OrderStage, right: OrderStage): OrderStage =>
  stages.indexOf(right) > stages.indexOf(left) ? right : left;

const withdrawalStages: Readonly<Record<WithdrawalStage, OrderStage>> = {
  approved: 'approved',
  processing: 'approved',
  submitted: 'submitted',
  confirmed: 'broadcast',
  'manual-check': 'requested',
};

const payoutStages: Readonly<Record<PayoutStage, OrderStage>> = {
  creating: 'requested',
  'awaiting-approval': 'requested',
  approved: 'approved',
  submitted: 'submitted',
  broadcast: 'broadcast',
  'attempt-failed': 'requested',
  partial: 'partial',
};

/** What a provider's fact adds to what is known of an order. */
export function withOrderFact(detail: OrderDetail, cause: CanonicalEvent): OrderDetail {
  const { data } = cause;
  const known: OrderDetail = {
    ...detail,
    references: { ...cause.references, ...detail.references },
    chainHash: detail.chainHash ?? ('chainHash' in data ? (data.chainHash ?? null) : null),
    destination: detail.destination ?? ('destination' in data ? data.destination : null),
  };
  switch (cause.type) {
    case 'WithdrawalRequested':
      return withAmount(known, 'request', cause.data.amount, cause.data.fees);
    case 'PayoutRequested':
      return withAmount(known, 'request', cause.data.amount, []);
    case 'WithdrawalProgressed':
      return { ...known, stage: further(known.stage, withdrawalStages[cause.data.stage]) };
    case 'PayoutProgressed':
      return { ...known, stage: further(known.stage, payoutStages[cause.data.stage]) };
    case 'WithdrawalCompleted':
      return {
        ...withAmount(known, 'completion', cause.data.amount, cause.data.fees),
        isCompleted: true,
      };
    case 'TransferCompleted':
      return {
        ...withAmount(known, 'completion', cause.data.amount, cause.data.fees),
        isCompleted: true,
      };
    case 'TransferFailed':
    case 'WithdrawalFailed':
      return { ...known, isFailed: true };
    case 'PayoutCompleted':
      return cause.data.withdrawalId === null
        ? {
            ...withAmount(known, 'completion', cause.data.amount, cause.data.fees),
            isCompleted: true,
          }
        : { ...known, hasPaidPart: true };
    case 'PayoutReturned':
      return cause.data.withdrawalId === null
        ? { ...known, isFailed: true }
        : { ...known, hasReturnedPart: true };
    default:
      return known;
  }
}

const authority = ['completion', 'request', 'order'] as const;

/** Our order counts before the provider's request, and that before its completion; then the first. */
export function withAmount(
  detail: OrderDetail,
  from: (typeof authority)[number],
  amount: Money | null,
  fees: readonly Pick<Fee, 'amount'>[],
): OrderDetail {
  if (amount === null) return detail;
  const known = detail.amountFrom === null ? -1 : authority.indexOf(detail.amountFrom);
  if (authority.indexOf(from) <= known) return detail;
  const [first, ...others] = fees.map((fee) => fee.amount);
  const fee = first === undefined ? null : others.reduce(plusSameAsset, first);
  return { ...detail, amount, fee, amountFrom: from };
}

const plusSameAsset = (sum: Money, next: Money): Money =>
  next.asset === sum.asset ? { ...sum, units: sum.units + next.units } : sum;

/** Money that moved wins over a failure; what waits for a person says so before anything else. */
export function orderStatus(detail: OrderDetail): OrderStatus {
  if (detail.openReviews.length > 0) return 'review';
  if (detail.isCompleted) return 'completed';
  const isReserving = detail.reserves.length > 0;
  if (detail.isFailed) return isReserving ? 'review' : 'returned';
  if (!detail.hasPaidPart && !detail.hasReturnedPart) return detail.stage;
  // Without an amount nothing is reserved, and nobody can tell whether this part was the last.
  if (isReserving || detail.amount === null) return 'partial';
  if (detail.hasPaidPart && detail.hasReturnedPart) return 'partial';
  return detail.hasPaidPart ? 'completed' : 'returned';
}

/** Adds to what an order keeps reserved at an account; nothing reserved is no entry. */
export function withReserve(detail: OrderDetail, accountId: string, change: Money): OrderDetail {
  const isThis = (reserve: OrderDetail['reserves'][number]) =>
    reserve.accountId === accountId && reserve.amount.asset === change.asset;
  const before = detail.reserves.find(isThis)?.amount.units ?? 0n;
  const units = before + change.units;
  const others = detail.reserves.filter((reserve) => !isThis(reserve));
  const amount = { asset: change.asset, units };
  return { ...detail, reserves: units === 0n ? others : [...others, { accountId, amount }] };
}

export const nothingKnown = (names: readonly string[]): OrderDetail => ({
  names,
  amount: null,
  fee: null,
  amountFrom: null,
  stage: 'requested',
  isCompleted: false,
  isFailed: false,
  hasPaidPart: false,
  hasReturnedPart: false,
  reserves: [],
  openReviews: [],
  chainHash: null,
  destination: null,
  references: {},
  history: [],
});

/** One order of two that turn out to be the same; `kept` gives what both state. */
export function joined(kept: OrderRow, other: OrderRow): OrderRow {
  const [left, right] = [kept.detail, other.detail];
  const withOther = withAmountOf(left, right);
  const reserves = right.reserves.reduce(
    (detail, { accountId, amount }) => withReserve(detail, accountId, amount),
    left,
  ).reserves;
  const isOther = right.amountFrom === 'order' && left.amountFrom !== 'order';
  return {
    ...kept,
    ...(isOther ? { kind: other.kind, orderId: other.orderId } : {}),
    firstSeenAt: kept.firstSeenAt < other.firstSeenAt ? kept.firstSeenAt : other.firstSeenAt,
    detail: {
      ...withOther,
      reserves,
      names: [...new Set([...left.names, ...right.names])],
      stage: further(left.stage, right.stage),
      isCompleted: left.isCompleted || right.isCompleted,
      isFailed: left.isFailed || right.isFailed,
      hasPaidPart: left.hasPaidPart || right.hasPaidPart,
      hasReturnedPart: left.hasReturnedPart || right.hasReturnedPart,
      openReviews: [...new Set([...left.openReviews, ...right.openReviews])],
      chainHash: left.chainHash ?? right.chainHash,
      destination: left.destination ?? right.destination,
      references: { ...right.references, ...left.references },
      history: [...left.history, ...right.history],
    },
  };
}

const withAmountOf = (left: OrderDetail, right: OrderDetail): OrderDetail =>
  right.amountFrom === null
    ? left
    : withAmount(
        left,
        right.amountFrom,
        right.amount,
        right.fee === null ? [] : [{ amount: right.fee }],
      );
