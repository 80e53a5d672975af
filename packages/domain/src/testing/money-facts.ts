import type { CanonicalOf } from '../canonical/events.ts';
import type { Instant, ProviderName } from '../ids.ts';
import { type Money, money } from '../money.ts';
import type { Reference } from '../reference/reference.ts';
import { canonicalEvent, feeOf, noon, referenceOf } from './canonical-builder.ts';

type Shared = Readonly<{
  provider?: ProviderName;
  at?: Instant;
  owners?: readonly Reference[];
  fee?: Money;
  body?: string;
}>;

const providerOf = ({ provider = 'cryptofuse' }: Shared): ProviderName => provider;
const walletOf = (rest: Shared): readonly Reference[] =>
  rest.owners ?? [referenceOf(providerOf(rest), 'wallet', 'wallet-1')];
const fees = ({ fee }: Shared) => (fee === undefined ? [] : [feeOf(fee, 'network')]);
const envelope = (id: string, effectKey: string | null, rest: Shared) => ({
  provider: providerOf(rest),
  id: `${id}${rest.body ?? ''}`,
  at: rest.at ?? noon,
  owners: walletOf(rest),
  effectKey,
});

/** Deposits and what comes of them. */
export const deposits = {
  confirmed: (id: string, gross: Money, rest: Shared & Readonly<{ isDelivered?: boolean }> = {}) =>
    canonicalEvent(
      'DepositConfirmed',
      {
        depositId: id,
        gross,
        fees: fees(rest),
        net: money(gross.asset, gross.units - (rest.fee?.units ?? 0n)),
        method: 'chain',
        isDelivered: rest.isDelivered ?? true,
      },
      envelope(id, `deposit|${id}|confirmed`, rest),
    ),
  delivered: (
    id: string,
    amount: Money,
    rest: Shared & Readonly<{ purpose?: 'merchant-top-up' | 'holder-deposit' }> = {},
  ) =>
    canonicalEvent(
      'FundsDelivered',
      { depositId: id, amount, purpose: rest.purpose ?? 'merchant-top-up' },
      envelope(id, `deposit|${id}|delivered`, rest),
    ),
  failed: (id: string, rest: Shared = {}) =>
    canonicalEvent(
      'DepositFailed',
      { depositId: id, reason: null },
      envelope(id, `deposit|${id}|failed`, rest),
    ),
  /** Done as the provider sees it, while another event credits. */
  announced: (id: string, rest: Shared = {}) =>
    canonicalEvent(
      'DepositDetected',
      { amount: null, stage: 'confirmed', depositId: id, chainHash: null },
      envelope(id, null, rest),
    ),
  addressClosed: (id: string, rest: Shared = {}) =>
    canonicalEvent('DepositAddressClosed', { reason: 'expired' }, envelope(id, null, rest)),
  refusedByCompliance: (id: string | null, rest: Shared = {}) =>
    canonicalEvent(
      'ComplianceStatusChanged',
      { status: 'declined', amount: null, depositId: id },
      envelope(id ?? 'unnamed', null, rest),
    ),
};

/** A transfer between a wallet and another place. */
export const transferred = (
  id: string,
  amount: Money,
  from: Reference,
  to: Reference,
  rest: Shared = {},
): CanonicalOf<'TransferCompleted'> =>
  canonicalEvent(
    'TransferCompleted',
    { transferId: id, from, to, amount, fees: fees(rest), isOutsidePossible: false },
    { ...envelope(id, `transfer|${id}|completed`, rest), owners: [from] },
  );

export const transferFailed = (id: string, rest: Shared = {}) =>
  canonicalEvent(
    'TransferFailed',
    { transferId: id, reason: null },
    envelope(id, `transfer|${id}|failed`, rest),
  );

type OrderFact = Shared & Readonly<{ chainHash?: string; names?: readonly string[] }>;

/** Facts of a withdrawal; `names`: further ids of it that the body carries. */
export const withdrawals = {
  requested: (id: string, amount: Money, rest: OrderFact = {}) =>
    canonicalEvent(
      'WithdrawalRequested',
      { withdrawalId: id, amount, fees: fees(rest), destination: null },
      orderEnvelope('withdrawal', id, `withdrawal|${id}|requested`, rest),
    ),
  progressed: (id: string, rest: OrderFact = {}) =>
    canonicalEvent(
      'WithdrawalProgressed',
      { withdrawalId: id, stage: 'submitted', chainHash: rest.chainHash ?? null },
      orderEnvelope('withdrawal', id, null, rest),
    ),
  completed: (id: string, amount: Money | null, rest: OrderFact = {}) =>
    canonicalEvent(
      'WithdrawalCompleted',
      {
        withdrawalId: id,
        amount,
        fees: fees(rest),
        destination: null,
        chainHash: rest.chainHash ?? null,
      },
      orderEnvelope('withdrawal', id, `withdrawal|${id}|completed`, rest),
    ),
  failed: (id: string, rest: OrderFact = {}) =>
    canonicalEvent(
      'WithdrawalFailed',
      { withdrawalId: id, outcome: 'failed', reason: null, chainHash: rest.chainHash ?? null },
      orderEnvelope('withdrawal', id, `withdrawal|${id}|returned`, rest),
    ),
};

type PayoutFact = OrderFact & Readonly<{ withdrawalId?: string }>;

/** Facts of a payout, or of the part of it that `withdrawalId` names. */
export const payouts = {
  requested: (id: string, amount: Money | null, rest: OrderFact = {}) =>
    canonicalEvent(
      'PayoutRequested',
      { payoutId: id, amount },
      orderEnvelope('payout', id, `payout|${id}|requested`, rest),
    ),
  completed: (id: string, amount: Money | null, rest: PayoutFact = {}) =>
    canonicalEvent(
      'PayoutCompleted',
      {
        payoutId: id,
        withdrawalId: rest.withdrawalId ?? null,
        amount,
        fees: fees(rest),
        chainHash: rest.chainHash ?? null,
      },
      {
        ...orderEnvelope('payout', id, `payout|${id}|${rest.withdrawalId ?? ''}|completed`, rest),
        id: `${id}${rest.withdrawalId ?? ''}${rest.body ?? ''}`,
      },
    ),
  returned: (id: string, amount: Money | null, rest: PayoutFact = {}) =>
    canonicalEvent(
      'PayoutReturned',
      {
        payoutId: id,
        withdrawalId: rest.withdrawalId ?? null,
        amount,
        outcome: 'failed',
        chainHash: rest.chainHash ?? null,
      },
      {
        ...orderEnvelope('payout', id, `payout|${id}|${rest.withdrawalId ?? ''}|returned`, rest),
        id: `${id}${rest.withdrawalId ?? ''}${rest.body ?? ''}`,
      },
    ),
};

function orderEnvelope(
  kind: 'withdrawal' | 'payout',
  id: string,
  effectKey: string | null,
  rest: OrderFact,
) {
  const provider = providerOf(rest);
  const named = [id, ...(rest.names ?? [])].map((name) => referenceOf(provider, kind, name));
  return { ...envelope(id, effectKey, rest), owners: [...named, ...walletOf(rest)] };
}

/** An invoice that is settled deposit by deposit, or for several at once. */
export const settledBy = (invoice: Reference, amount: Money, ...depositIds: readonly string[]) =>
  canonicalEvent(
    'InvoiceSettled',
    { invoiceId: invoice.externalId, gross: amount, fees: [], net: amount, depositIds },
    {
      provider: invoice.provider,
      id: depositIds.join('+'),
      owners: [invoice],
      effectKey: `invoice|settled|${depositIds.join(',')}`,
    },
  );
