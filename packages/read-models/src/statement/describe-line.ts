import { causeOf, type LedgerEvent, type RecordedEvent } from '../ledger-event.ts';
import type { LineDescription } from './schema.ts';

/** Ids, codes and shop names only: nothing about a person is in the log. */
export function describeLine(recorded: RecordedEvent): LineDescription {
  return { ...describeCause(recorded), ...describeOwnDoing(recorded.event) };
}

function describeCause(recorded: RecordedEvent): LineDescription {
  const cause = causeOf(recorded);
  if (cause === null) return {};
  const { data, source, subject } = cause;
  const merchantName = 'merchant' in data ? data.merchant?.name : null;
  const orderId =
    'payoutId' in data ? data.payoutId : 'withdrawalId' in data ? data.withdrawalId : null;
  return {
    provider: source.provider,
    providerEvent: source.providerEvent,
    subjectKind: subject.kind,
    subjectId: subject.id,
    ...('cardId' in data ? { cardId: data.cardId } : {}),
    ...(merchantName ? { merchantName } : {}),
    ...(orderId === null ? {} : { orderId }),
  };
}

function describeOwnDoing(event: LedgerEvent): LineDescription {
  switch (event.type) {
    case 'OrderPlaced':
      return { provider: event.data.order.provider, orderId: event.data.order.orderId };
    case 'AdjustmentPosted':
      return { reason: event.data.reason, actor: event.data.actor };
    case 'ReviewResolved':
      return { reason: event.data.note, actor: event.data.actor };
    case 'MoneyMovedIn':
    case 'MoneyMovedOut': {
      const { provider, kind, externalId } = event.data.reference;
      return { provider, subjectKind: kind, subjectId: externalId };
    }
    default:
      return {};
  }
}
