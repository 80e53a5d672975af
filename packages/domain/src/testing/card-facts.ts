import type { Merchant } from '../canonical/envelope.ts';
import type { CanonicalOf } from '../canonical/events.ts';
import { type Instant, instant } from '../ids.ts';
import { type Money, money } from '../money.ts';
import { canonicalEvent, feeOf, noon, referenceOf } from './canonical-builder.ts';

type Shared = Readonly<{
  card?: string;
  at?: Instant;
  fee?: Money;
  shop?: string;
  /** The provider gives no time: `at` is when it was received. */
  isUndated?: boolean;
  /** Tells apart two facts of one id, as two bodies would be. */
  body?: string;
}>;

const shopNamed = (name: string): Merchant => ({
  id: null,
  name,
  categoryCode: '5411',
  country: null,
  currency: 'USD',
});

const withFee = (amount: Money, fee: Money | undefined): Money =>
  fee === undefined ? amount : money(amount.asset, amount.units + fee.units);

/**
 * Facts of one card. CryptoMate names no purchase in its clearings and reversals: `id` is the
 * operation's own, and what follows its last `_` is the purchase's.
 */
function cardFactsOf(provider: 'cryptomate' | '4pay') {
  const isExact = provider === '4pay';
  const base = (id: string, { card = 'card-1', shop = 'shop' }: Shared) => ({
    cardId: card,
    linkId: isExact ? null : id,
    merchant: shopNamed(shop),
  });
  const envelope = (
    id: string,
    effect: string,
    { card = 'card-1', at = noon, body = '', isUndated = false }: Shared,
  ) => ({
    provider,
    id: `${id}${body}`,
    at,
    flags: isUndated ? (['undated'] as const) : [],
    owners: [referenceOf(provider, 'card', card)],
    effectKey: effect,
  });
  const fees = ({ fee }: Shared) => (fee === undefined ? [] : [feeOf(fee)]);
  const named = (id: string) => (isExact ? id : null);
  /** What tells apart two facts of one operation, where there is a time to do so. */
  const timeOf = ({ at = noon, isUndated }: Shared) => (isUndated ? 'undated' : `${at}`);
  return {
    requested: (
      id: string,
      amount: Money,
      rest: Shared & Readonly<{ isConfirmationExpected?: boolean; refusal?: string }> = {},
    ): CanonicalOf<'AuthorizationRequested'> =>
      canonicalEvent(
        'AuthorizationRequested',
        {
          ...base(id, rest),
          authorizationId: id,
          amount,
          fees: fees(rest),
          holdTotal: withFee(amount, rest.fee),
          merchantAmount: null,
          channel: null,
          answerBy: instant((rest.at ?? noon) + 1000),
          isConfirmationExpected: rest.isConfirmationExpected ?? true,
          refusal: rest.refusal ?? null,
        },
        envelope(id, `authorization|${id}|requested`, rest),
      ),
    confirmed: (
      id: string,
      amount: Money,
      rest: Shared & Readonly<{ changedAt?: Instant }> = {},
    ) => {
      const changedAt = rest.changedAt ?? rest.at ?? noon;
      return canonicalEvent(
        'AuthorizationConfirmed',
        {
          ...base(id, rest),
          authorizationId: id,
          amount,
          fees: fees(rest),
          holdTotal: withFee(amount, rest.fee),
          changedAt,
        },
        {
          ...envelope(
            id,
            `authorization|${id}|confirmed|${timeOf({ ...rest, at: changedAt })}`,
            rest,
          ),
          id: `${id}-${timeOf({ ...rest, at: changedAt })}${rest.body ?? ''}`,
        },
      );
    },
    declined: (id: string, amount: Money, rest: Shared = {}) =>
      canonicalEvent(
        'AuthorizationDeclined',
        { ...base(id, rest), authorizationId: id, amount, reasonCode: null },
        envelope(id, `authorization|${id}|declined`, rest),
      ),
    reversed: (id: string, amount: Money, rest: Shared & Readonly<{ isFull?: boolean }> = {}) =>
      canonicalEvent(
        'AuthorizationReversed',
        {
          ...base(id, rest),
          reversalId: id,
          authorizationId: named(id),
          amount,
          fees: fees(rest),
          isFull: rest.isFull ?? (isExact ? true : null),
        },
        {
          ...envelope(id, `reversal|${id}|${timeOf(rest)}`, rest),
          id: `${id}-${timeOf(rest)}${rest.body ?? ''}`,
        },
      ),
    cleared: (
      id: string,
      amount: Money,
      rest: Shared & Readonly<{ isFinal?: boolean; means?: 'piece' | 'running-total' }> = {},
    ) =>
      canonicalEvent(
        'ClearingReceived',
        {
          ...base(id, rest),
          clearingId: id,
          authorizationId: named(id),
          amount,
          fees: fees(rest),
          isFinal: rest.isFinal ?? (isExact ? true : null),
          amountMeans: rest.means ?? 'piece',
        },
        {
          ...envelope(id, isExact ? `clearing|${id}` : `clearing|${id}|${timeOf(rest)}`, rest),
          id: `${id}-${timeOf(rest)}${rest.body ?? ''}`,
        },
      ),
    clearingFailed: (id: string, amount: Money, rest: Shared = {}) =>
      canonicalEvent(
        'ClearingFailed',
        { ...base(id, rest), clearingId: id, authorizationId: named(id), amount },
        envelope(id, `clearing|${id}|${rest.at ?? noon}|failed`, rest),
      ),
    refunded: (id: string, amount: Money, rest: Shared = {}) =>
      canonicalEvent(
        'RefundReceived',
        {
          ...base(id, rest),
          refundId: id,
          authorizationId: null,
          amount,
          fees: fees(rest),
          ...(isExact ? { feesAre: 'charged' } : {}),
        },
        envelope(id, `refund|${id}`, rest),
      ),
    charged: (id: string, amount: Money, relatedTo: string | null, rest: Shared = {}) =>
      canonicalEvent(
        'FeeCharged',
        { feeId: id, kind: 'transaction', amount, relatedTo },
        envelope(id, `fee|${id}`, rest),
      ),
    canceledNotice: (what: 'refund' | 'fee', id: string, rest: Shared = {}) =>
      canonicalEvent(
        'ProviderNoticeReceived',
        { kind: `${what}-canceled` },
        {
          ...envelope(id, '', rest),
          id: `${what}-${id}`,
          effectKey: null,
          references: { transactionId: id },
        },
      ),
    status: (
      status: CanonicalOf<'CardStatusChanged'>['data']['status'],
      changedAt: Instant,
      rest: Shared = {},
    ) => {
      const card = rest.card ?? 'card-1';
      return canonicalEvent(
        'CardStatusChanged',
        { cardId: card, status, reason: null, changedAt, reportedBalance: null, holder: null },
        {
          ...envelope(
            `${card}-${status}-${changedAt}`,
            `card|${card}|${status}|${changedAt}`,
            rest,
          ),
        },
      );
    },
  };
}

export const cryptomate = cardFactsOf('cryptomate');
export const fourpay = cardFactsOf('4pay');
