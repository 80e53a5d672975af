import type { KeptEvent, KeptOf, KeptRequest } from '../canonical/kept-event.ts';
import { type Instant, instant } from '../ids.ts';
import type { Money } from '../money.ts';
import type { DeclineReason, LifecycleFact } from './messages.ts';
import type { Purchase } from './state.ts';

const dayMs = 86_400_000;
/** R18: an approval that the provider never confirmed, and one that never cleared. */
export const unconfirmedHoldMs = 7 * dayMs;
export const confirmedHoldMs = 30 * dayMs;

type CardEvent = KeptOf<
  | 'AuthorizationConfirmed'
  | 'AuthorizationDeclined'
  | 'AuthorizationReversed'
  | 'ClearingPending'
  | 'ClearingReceived'
  | 'ClearingFailed'
  | 'RefundReceived'
>;

/**
 * The purchase that an id of CryptoMate belongs to: its events share what follows the last `_`
 * (`life_evt_8Aa1`, `txn_8Aa1`). Ids of other providers have no `_` or are exact anyway.
 */
export const purchaseKeyOf = (id: string): string => id.slice(id.lastIndexOf('_') + 1);

/** Purchases at one shop in one currency: within them an event without a link finds its own. */
export function shopOf(event: CardEvent | KeptRequest): string {
  const { merchant } = event.data;
  return `${merchant?.name ?? ''}|${merchant?.categoryCode ?? ''}|${merchant?.currency ?? ''}`;
}

export const totalWithFees = (event: KeptOf<'ClearingReceived' | 'AuthorizationReversed'>) =>
  event.data.amount.units +
  event.data.fees.reduce(
    (total, { amount }) => total + (amount.asset === event.data.amount.asset ? amount.units : 0n),
    0n,
  );

/** What the facts that name this purchase say of it, whatever their order. */
export type PurchaseSummary = Readonly<{
  purchaseKey: string;
  shop: string;
  startedAt: Instant;
  request: Readonly<{ event: KeptRequest; isApproved: boolean }> | null;
  confirmation: Confirmation | null;
  /** True where the provider's answer has to be matched with a request of another id. */
  isLoose: boolean;
  decline: KeptOf<'AuthorizationDeclined'> | null;
  isWithdrawn: boolean;
  expiredAt: Instant | null;
  pieces: readonly Piece[];
}>;

type Confirmation = KeptOf<'AuthorizationConfirmed'>;
export type Piece = KeptOf<'ClearingReceived' | 'AuthorizationReversed'>;

const isPiece = (event: KeptEvent): event is Piece =>
  event.type === 'ClearingReceived' || event.type === 'AuthorizationReversed';

export function summarize({ purchaseKey, facts }: Purchase): PurchaseSummary {
  const request = decisionOf(facts);
  let confirmation: Confirmation | null = null;
  let decline: KeptOf<'AuthorizationDeclined'> | null = null;
  let expiredAt: Instant | null = null;
  const pieces: Piece[] = [];
  for (const fact of facts) {
    if (fact.kind === 'expired' && (expiredAt === null || fact.expiredAt > expiredAt))
      expiredAt = fact.expiredAt;
    if (fact.kind !== 'reported') continue;
    const { event } = fact;
    if (event.type === 'AuthorizationConfirmed') confirmation = laterOf(confirmation, event);
    else if (event.type === 'AuthorizationDeclined') decline ??= event;
    else if (isPiece(event)) pieces.push(event);
  }
  const first = request?.event ?? confirmation ?? decline;
  return {
    purchaseKey,
    shop: first ? shopOf(first) : '',
    startedAt: first?.occurredAt ?? instant(Math.min(...pieces.map((piece) => piece.occurredAt))),
    request,
    confirmation,
    isLoose: request === null && (confirmation ?? decline)?.data.linkId != null,
    decline,
    isWithdrawn: facts.some((fact) => fact.kind === 'withdrawn'),
    expiredAt,
    pieces,
  };
}

/** Nobody has told of the authorization. */
const isBare = ({ request, confirmation, decline }: PurchaseSummary): boolean =>
  request === null && confirmation === null && decline === null;

/** Pieces whose purchase nobody has told of, and which do not name one exactly. */
export const isLoosePiece = (summary: PurchaseSummary): boolean =>
  isBare(summary) && summary.pieces.some(({ data }) => data.authorizationId === null);

/** Whether other purchases of the card have to be looked at to know what these facts mean. */
export const isUnmatched = (summary: PurchaseSummary): boolean =>
  summary.isLoose || isLoosePiece(summary);

/** The latest `changedAt` counts; of two equal ones the greater id, so that order decides nothing. */
function laterOf(known: Confirmation | null, next: Confirmation): Confirmation {
  if (known === null) return next;
  const { changedAt } = known.data;
  const isLater =
    next.data.changedAt > changedAt ||
    (next.data.changedAt === changedAt && next.eventId > known.eventId);
  return isLater ? next : known;
}

/**
 * When a hold ends by itself: 7 days without, 30 days with the provider's confirmation. Where it
 * sends none, an approval counts as confirmed.
 */
export function expiresAt({ request, startedAt }: PurchaseSummary, isConfirmed: boolean): Instant {
  const isLong = isConfirmed || request?.event.data.isConfirmationExpected === false;
  const holdMs = isLong ? confirmedHoldMs : unconfirmedHoldMs;
  return instant((request?.event.receivedAt ?? startedAt) + holdMs);
}

export const holdIdOf = (lifecycleId: string, purchaseKey: string): string =>
  `${lifecycleId}|${purchaseKey}`;

export const holdMoneyOf = (summary: PurchaseSummary): Money | null =>
  summary.confirmation?.data.holdTotal ?? summary.request?.event.data.holdTotal ?? null;

/** Our recorded answer to a request, for giving the same answer again. */
export function decisionOf(facts: readonly LifecycleFact[]): Readonly<{
  event: KeptRequest;
  isApproved: boolean;
  reason: DeclineReason | null;
}> | null {
  const decided = facts.find((fact) => fact.kind === 'decided');
  return decided?.kind === 'decided' ? decided : null;
}
