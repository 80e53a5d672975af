import { type CanonicalEvent, type HoldChange, purchaseKeyOf } from '@counterfoil/domain';
import { causeOf, effectOf, type RecordedEvent } from '../ledger-event.ts';

export type CardKey = Readonly<{ provider: string; cardId: string }>;
export type PurchaseName = CardKey & Readonly<{ purchaseKey: string }>;

/** The rest of a hold's id, after its card, is the purchase that it stands for. */
export const purchaseKeyOfHold = ({ holdId, provider, cardId }: HoldChange): string =>
  holdId.slice(`card|${provider}|${cardId}|`.length);

const cardOfCause = (cause: CanonicalEvent): CardKey | null =>
  'cardId' in cause.data ? { provider: cause.source.provider, cardId: cause.data.cardId } : null;

/** Every card that an event says something about. */
export function cardsNamedBy(recorded: RecordedEvent): readonly CardKey[] {
  const { event } = recorded;
  const cause = causeOf(recorded);
  const named = cause === null ? null : cardOfCause(cause);
  const held = (effectOf(recorded)?.holds ?? []).map(({ provider, cardId }) => ({
    provider,
    cardId,
  }));
  const linked = 'reference' in event.data && event.data.reference.kind === 'card';
  const reference = linked
    ? [{ provider: event.data.reference.provider, cardId: event.data.reference.externalId }]
    : [];
  return [...(named === null ? [] : [named]), ...held, ...reference, ...movedCards(recorded)];
}

/** The cards that came along when money moved to this account. */
function movedCards({ event }: RecordedEvent): readonly CardKey[] {
  if (event.type !== 'MoneyMovedIn') return [];
  return event.data.content.lifecycles.flatMap(({ lifecycleId }) => {
    const [kind, provider, ...cardId] = lifecycleId.split('|');
    return kind === 'card' && provider !== undefined
      ? [{ provider, cardId: cardId.join('|') }]
      : [];
  });
}

/** Every purchase that an event says something about: by its hold, or by the provider's id. */
export function purchasesNamedBy(recorded: RecordedEvent): readonly PurchaseName[] {
  const named = purchaseOfCause(recorded);
  const held = (effectOf(recorded)?.holds ?? []).map((hold) => ({
    provider: hold.provider,
    cardId: hold.cardId,
    purchaseKey: purchaseKeyOfHold(hold),
  }));
  return named === null ? held : [...held, named];
}

export function purchaseOfCause(recorded: RecordedEvent): PurchaseName | null {
  const cause = causeOf(recorded);
  const card = cause === null ? null : cardOfCause(cause);
  if (cause === null || card === null || !('authorizationId' in cause.data)) return null;
  const { authorizationId } = cause.data;
  if (authorizationId === null) return null;
  // A hold that was recorded under another key than ids have now keeps it.
  const held = effectOf(recorded)?.holds.find((hold) => hold.authorizationId === authorizationId);
  const purchaseKey = held
    ? purchaseKeyOfHold(held)
    : purchaseKeyOf(cause.source.provider, authorizationId);
  return { ...card, purchaseKey };
}
