import type { CanonicalSource, Flag } from './envelope.ts';
import type { CanonicalOf, CanonicalType } from './events.ts';

/**
 * What an account keeps of an event that later facts have to be weighed against: what happened, when,
 * and where its delivery is. The log has the whole; state that is kept for each of a hundred
 * thousand purchases is what the garbage collector goes over again and again.
 */
type Kept<Type extends CanonicalType> = Pick<
  CanonicalOf<Type>,
  'eventId' | 'type' | 'occurredAt' | 'receivedAt' | 'effectKey' | 'data'
> &
  Readonly<{
    source: Pick<CanonicalSource, 'provider' | 'deliveryId'>;
    /** Only that it has no time; older builds kept none. */
    flags?: readonly Flag[] | undefined;
  }>;

export type KeptEvent = { [Type in CanonicalType]: Kept<Type> }[CanonicalType];
export type KeptOf<Type extends CanonicalType> = Extract<KeptEvent, { type: Type }>;

/** Lets go of the rest. */
export function keptEvent<Event extends KeptEvent>(event: Event): KeptOf<Event['type']> {
  const { eventId, type, occurredAt, receivedAt, effectKey, data } = event;
  const { provider, deliveryId } = event.source;
  const source = { provider, deliveryId };
  const flags = undatedIn(event);
  // One literal, and not a spread with a member more, for which V8 makes a shape for every object.
  const kept = { eventId, type, occurredAt, receivedAt, effectKey, data, source, flags };
  // Type and data come from one event, which the compiler cannot see once they are apart.
  return kept as KeptOf<Event['type']>;
}

type Flagged = Readonly<{ flags?: readonly Flag[] | undefined }>;

export const isUndated = ({ flags }: Flagged): boolean => flags?.includes('undated') ?? false;

// One array for all.
const undated: readonly Flag[] = ['undated'];
export const undatedIn = (event: Flagged): readonly Flag[] | undefined =>
  isUndated(event) ? undated : undefined;

/** In the order of their times; what has none comes last, for when it was received decides nothing. */
export function byTime(left: Timed, right: Timed): number {
  const [isLeft, isRight] = [isUndated(left), isUndated(right)];
  const later = isLeft || isRight ? 0 : left.occurredAt - right.occurredAt;
  return Number(isLeft) - Number(isRight) || later || (left.eventId < right.eventId ? -1 : 1);
}

type Timed = Pick<KeptEvent, 'occurredAt' | 'eventId' | 'flags'>;

/** Of a request for an authorization less: only what its purchase is weighed by. */
export type KeptRequest = Omit<KeptOf<'AuthorizationRequested'>, 'effectKey' | 'data'> &
  Readonly<{
    data: Pick<
      CanonicalOf<'AuthorizationRequested'>['data'],
      'cardId' | 'authorizationId' | 'amount' | 'holdTotal' | 'merchant' | 'isConfirmationExpected'
    >;
  }>;
