import { type KeptRequest, undatedIn } from '../canonical/kept-event.ts';
import type { DeclineReason, LifecycleFact } from './messages.ts';

type DecidedFact = Extract<LifecycleFact, { kind: 'decided' }>;

/**
 * Our answer to a request for an authorization, with what its purchase is weighed by. Flat, and not
 * the fact as it is recorded: there are as many of these as open holds, and each object more is one
 * more for the garbage collector to go over again and again.
 */
export type Decision = KeptRequest['data'] &
  Pick<KeptRequest, 'eventId' | 'occurredAt' | 'receivedAt' | 'flags'> &
  KeptRequest['source'] &
  Readonly<{ isApproved: boolean; reason: DeclineReason | null }>;

export const decisionOf = ({ event, isApproved, reason }: DecidedFact): Decision => ({
  eventId: event.eventId,
  occurredAt: event.occurredAt,
  receivedAt: event.receivedAt,
  flags: undatedIn(event),
  provider: event.source.provider,
  deliveryId: event.source.deliveryId,
  cardId: event.data.cardId,
  authorizationId: event.data.authorizationId,
  amount: event.data.amount,
  holdTotal: event.data.holdTotal,
  merchant: event.data.merchant,
  isConfirmationExpected: event.data.isConfirmationExpected,
  isApproved,
  reason,
});

/** The inverse: as a move to another account records it. */
export const decidedFact = ({
  eventId,
  occurredAt,
  receivedAt,
  flags,
  provider,
  deliveryId,
  isApproved,
  reason,
  ...data
}: Decision): DecidedFact => ({
  kind: 'decided',
  event: {
    eventId,
    type: 'AuthorizationRequested',
    occurredAt,
    receivedAt,
    flags,
    source: { provider, deliveryId },
    data,
  },
  isApproved,
  reason,
});
