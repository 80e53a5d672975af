import type {
  AccountEvent,
  CanonicalEvent,
  Effect,
  InvoiceEvent,
  LedgerTransaction,
  NoticeEvent,
  Recorded,
  ReferenceEvent,
  Review,
} from '@counterfoil/domain';

export type LedgerEvent = AccountEvent | InvoiceEvent | ReferenceEvent | NoticeEvent;
export type RecordedEvent = Recorded<LedgerEvent>;

/** The log holds our own events only: its codec refuses what no build of ours wrote. */
export const ledgerEvents = (events: readonly Recorded[]): readonly RecordedEvent[] =>
  events as readonly RecordedEvent[];

/** `account-42` is the stream `42` of the category `account`. */
export function streamParts(stream: string): Readonly<{ category: string; id: string }> {
  const dash = stream.indexOf('-');
  return { category: stream.slice(0, dash), id: stream.slice(dash + 1) };
}

/** Null for an event that is not in an account's stream, as one of suspense. */
export function accountOf(recorded: RecordedEvent): string | null {
  const { category, id } = streamParts(recorded.stream);
  return category === 'account' ? id : null;
}

export const effectOf = ({ event }: RecordedEvent): Effect | null =>
  'effect' in event.data ? event.data.effect : null;

export const transactionOf = (recorded: RecordedEvent): LedgerTransaction | null =>
  effectOf(recorded)?.transaction ?? null;

/** The provider's fact behind an event; null for our own doing. */
export const causeOf = ({ event }: RecordedEvent): CanonicalEvent | null =>
  'cause' in event.data ? event.data.cause : null;

export const deliveryOf = (recorded: RecordedEvent): string | null =>
  causeOf(recorded)?.source.deliveryId ?? null;

export function reviewsOpenedBy(recorded: RecordedEvent): readonly Review[] {
  const { data } = recorded.event;
  return 'reviewsOpened' in data ? data.reviewsOpened : (effectOf(recorded)?.reviewsOpened ?? []);
}

/** Ids of the reviews that an event settled, by a ruling or by what it says. */
export function reviewsClosedBy(recorded: RecordedEvent): readonly string[] {
  const { data } = recorded.event;
  const closed =
    'reviewsClosed' in data ? data.reviewsClosed : (effectOf(recorded)?.reviewsClosed ?? []);
  return 'ruling' in data && !closed.includes(data.reviewId) ? [...closed, data.reviewId] : closed;
}

/** By how much the postings of an event change one address, by asset; zero changes included. */
export function changesAt(
  recorded: RecordedEvent,
  isHere: (address: string) => boolean,
): ReadonlyMap<string, bigint> {
  const changes = new Map<string, bigint>();
  for (const { source, destination, amount } of transactionOf(recorded)?.postings ?? []) {
    const sign = (isHere(destination) ? 1n : 0n) - (isHere(source) ? 1n : 0n);
    if (sign === 0n && !isHere(source)) continue;
    changes.set(amount.asset, (changes.get(amount.asset) ?? 0n) + sign * amount.units);
  }
  return changes;
}
