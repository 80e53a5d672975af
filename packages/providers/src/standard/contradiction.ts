import type { CanonicalType, Fee, Money, ReferenceKind } from '@counterfoil/domain';
import type { Emitted } from './payload.ts';

/** What is wrong with an event, and where in it. */
export type Fault = Readonly<{ path: string; message: string }>;

/** The first place where an event contradicts itself; null where it does not. */
export const contradictionIn = (event: Emitted): Fault | null =>
  subjectFault(event) ?? amountFault(event);

const card = ['cardId', ['card']] as const;
const withdrawal = ['withdrawalId', ['withdrawal']] as const;
const transfer = ['transferId', ['transfer']] as const;
const invoice = ['invoiceId', ['invoice', 'order']] as const;
const payout = ['payoutId', ['payout']] as const;

/** The field that names what an event is about, and what that can be. */
const subjects: Readonly<
  Partial<Record<CanonicalType, readonly [field: string, kinds: readonly ReferenceKind[]]>>
> = {
  AuthorizationRequested: card,
  AuthorizationConfirmed: card,
  AuthorizationDeclined: card,
  AuthorizationReversed: card,
  ClearingPending: card,
  ClearingReceived: card,
  ClearingFailed: card,
  RefundReceived: card,
  CardStatusChanged: card,
  CardChallengeRequested: ['challengeId', ['challenge']],
  WithdrawalRequested: withdrawal,
  WithdrawalProgressed: withdrawal,
  WithdrawalCompleted: withdrawal,
  WithdrawalFailed: withdrawal,
  TransferCompleted: transfer,
  TransferFailed: transfer,
  InvoiceOpened: invoice,
  InvoiceFundsReceived: invoice,
  InvoicePaid: invoice,
  InvoiceSettled: invoice,
  InvoiceExpired: invoice,
  InvoicePaymentFailed: invoice,
  InvoiceReviewRequired: invoice,
  PayoutRequested: payout,
  PayoutProgressed: payout,
  PayoutCompleted: payout,
  PayoutReturned: payout,
  HolderStatusChanged: ['clientId', ['client']],
};

function subjectFault({ type, subject, data }: Emitted): Fault | null {
  const [field, kinds] = subjects[type] ?? [null, []];
  if (field === null) return null;
  const named = Object.entries(data).find(([key]) => key === field)?.[1];
  if (kinds.includes(subject.kind) && subject.id === named) return null;
  return {
    path: 'subject',
    message: `expected ${kinds.join(' or ')} with the id of data.${field}`,
  };
}

function amountFault({ type, data }: Emitted): Fault | null {
  const fees = 'fees' in data ? data.fees : [];
  const main = 'gross' in data ? data.gross : 'amount' in data ? data.amount : null;
  const foreign = fees.findIndex(({ amount }) => main !== null && amount.asset !== main.asset);
  if (foreign >= 0)
    return { path: `data.fees.${foreign}.amount.asset`, message: 'a fee is of the same asset' };
  if ('gross' in data && !isTotal(data.gross, data.net, fees))
    return { path: 'data.gross', message: 'expected net and fees together' };
  if ('holdTotal' in data && !isTotal(data.holdTotal, data.amount, fees))
    return { path: 'data.holdTotal', message: 'expected amount and fees together' };
  const isNothing = main !== null && main.units === 0n;
  if (isNothing && mustMove.has(type))
    return {
      path: 'gross' in data ? 'data.gross' : 'data.amount',
      message: 'expected an amount above zero',
    };
  return null;
}

/** Of these nothing is no information: nothing would have happened. */
const mustMove: ReadonlySet<CanonicalType> = new Set([
  'DepositConfirmed',
  'FundsDelivered',
  'InvoiceSettled',
  'TransferCompleted',
  'FeeCharged',
  'WithdrawalRequested',
  'WithdrawalCompleted',
  'PayoutRequested',
  'PayoutCompleted',
]);

const isTotal = (total: Money, part: Money, fees: readonly Fee[]): boolean =>
  total.asset === part.asset &&
  total.units === fees.reduce((sum, { amount }) => sum + amount.units, part.units);
