import { byTime, isUndated, type KeptEvent, type KeptOf } from '../canonical/kept-event.ts';
import { type Instant, instant, type ProviderName } from '../ids.ts';
import type { Money } from '../money.ts';
import { lastInstant } from '../time.ts';
import type { Decision } from './decision.ts';
import type { HoldChange } from './messages.ts';
import type { Card, Purchase } from './state.ts';

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
 * The purchase that an id belongs to: events of CryptoMate share what follows the last `_`
 * (`life_evt_8Aa1`, `txn_8Aa1`), ids of other providers are exact.
 */
export const purchaseKeyOf = (provider: ProviderName, id: string): string =>
  provider === 'cryptomate' ? lastPart(id) : id;

// To look from the front costs a tenth of looking from the back, and most ids have no such part.
const lastPart = (id: string): string =>
  id.includes('_') ? id.slice(id.lastIndexOf('_') + 1) : id;

/**
 * The same among the purchases of a card. Every provider's ids were cut once: what was recorded
 * under such a key stays under it, or its hold would be found by nothing that comes later.
 */
export function purchaseKeyIn(
  { lifecycleId, purchases }: Card,
  provider: ProviderName,
  id: string,
  recorded: readonly HoldChange[],
): string {
  const key = purchaseKeyOf(provider, id);
  const cut = lastPart(id);
  if (cut === key) return key;
  const known = purchases.get(cut);
  const isCut =
    (known !== undefined && isNamedBy(known, id)) ||
    recorded.some(
      ({ holdId, authorizationId }) =>
        authorizationId === id && holdId === holdIdOf(lifecycleId, cut),
    );
  return isCut ? cut : key;
}

const isNamedBy = ({ decision, facts }: Purchase, id: string): boolean =>
  decision?.authorizationId === id ||
  facts.some(
    (fact) =>
      fact.kind === 'reported' &&
      'authorizationId' in fact.event.data &&
      fact.event.data.authorizationId === id,
  );

/** Purchases at one shop in one currency: within them an event without a link finds its own. */
export function shopOf({ merchant }: Pick<CardEvent['data'] | Decision, 'merchant'>): string {
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
  /** Then `startedAt` says when we heard of it: until when it is held, and before or after nothing. */
  isUndated: boolean;
  decision: Decision | null;
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

export function summarize({ purchaseKey, decision, facts }: Purchase): PurchaseSummary {
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
    else if (event.type === 'AuthorizationDeclined')
      decline = decline !== null && byTime(decline, event) < 0 ? decline : event;
    else if (isPiece(event)) pieces.push(event);
  }
  const answer = confirmation ?? decline;
  const first = decision ?? answer?.data;
  const begun = decision ?? answer;
  return {
    purchaseKey,
    shop: first ? shopOf(first) : '',
    startedAt: begun?.occurredAt ?? instant(Math.min(...pieces.map((piece) => piece.occurredAt))),
    isUndated: begun !== null && isUndated(begun),
    decision,
    confirmation,
    isLoose: decision === null && answer?.data.linkId != null,
    decline,
    isWithdrawn: facts.some((fact) => fact.kind === 'withdrawn'),
    expiredAt,
    pieces,
  };
}

/** Nobody has told of the authorization. */
const isBare = ({ decision, confirmation, decline }: PurchaseSummary): boolean =>
  decision === null && confirmation === null && decline === null;

/** Pieces whose purchase nobody has told of, and which do not name one exactly. */
export const isLoosePiece = (summary: PurchaseSummary): boolean =>
  isBare(summary) && summary.pieces.some(({ data }) => data.authorizationId === null);

/** Whether other purchases of the card have to be looked at to know what these facts mean. */
export const isUnmatched = (summary: PurchaseSummary): boolean =>
  summary.isLoose || isLoosePiece(summary);

/**
 * The latest `changedAt` counts, and one without a time only where none has one; of two equal ones
 * the greater id, so that order decides nothing.
 */
function laterOf(known: Confirmation | null, next: Confirmation): Confirmation {
  if (known === null) return next;
  const [isKnown, isNext] = [isUndated(known), isUndated(next)];
  if (isKnown !== isNext) return isNext ? known : next;
  const later = isNext ? 0 : next.data.changedAt - known.data.changedAt;
  return later > 0 || (later === 0 && next.eventId > known.eventId) ? next : known;
}

/**
 * When a hold ends by itself: 7 days without, 30 days with the provider's confirmation. Where it
 * sends none, an approval counts as confirmed.
 */
export function expiresAt({ decision, startedAt }: PurchaseSummary, isConfirmed: boolean): Instant {
  const isLong = isConfirmed || decision?.isConfirmationExpected === false;
  const holdMs = isLong ? confirmedHoldMs : unconfirmedHoldMs;
  // What a provider dates to the end of time ends with it: a later instant cannot be read again.
  return instant(Math.min((decision?.receivedAt ?? startedAt) + holdMs, lastInstant));
}

export const holdIdOf = (lifecycleId: string, purchaseKey: string): string =>
  `${lifecycleId}|${purchaseKey}`;

export const holdMoneyOf = (summary: PurchaseSummary): Money | null =>
  summary.confirmation?.data.holdTotal ?? summary.decision?.holdTotal ?? null;

/** Who told of the authorization, and how it is called there: our decision before their answer. */
export function originOf({
  decision,
  confirmation,
  decline,
}: PurchaseSummary): Pick<Decision, 'provider' | 'authorizationId' | 'receivedAt'> | null {
  const answer = confirmation ?? decline;
  if (decision !== null || answer === null) return decision;
  return {
    provider: answer.source.provider,
    authorizationId: answer.data.authorizationId,
    receivedAt: answer.receivedAt,
  };
}
