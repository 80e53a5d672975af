import { err, type Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import {
  authorizationConfirmed,
  authorizationDeclined,
  authorizationRequested,
} from './authorization-events.ts';
import {
  cardBlockedByVelocity,
  cardChallengeRequested,
  holderStatusChanged,
  outOfBandChallengeRequested,
} from './card-state-events.ts';
import {
  authorizationReversed,
  cardNoticeReceived,
  clearingCanceled,
  clearingFailed,
  clearingPending,
  clearingReceived,
  refundReceived,
} from './clearing-events.ts';
import type { Delivery, Translated, Translator } from './delivery.ts';
import {
  depositConfirmed,
  depositFailed,
  depositSeen,
  depositUnderCheck,
  visaDirectDeposit,
} from './deposit-events.ts';
import { eventTypeField } from './dialect.ts';
import {
  transferCompleted,
  transferFailed,
  transferNoticeReceived,
  withdrawalCanceled,
  withdrawalCompleted,
  withdrawalFailed,
  withdrawalProcessing,
  withdrawalUnderCheck,
} from './withdrawal-events.ts';

type ByStatus = Readonly<Record<string, Translator>>;
type ByEventType = Readonly<Record<string, ByStatus>>;

/** Announced or failed: nothing is posted (row 16). */
const notices: ByStatus = {
  pending: cardNoticeReceived,
  manual_check: cardNoticeReceived,
  failed: cardNoticeReceived,
};

const purchaseEvents: ByEventType = {
  authorization: { pending: authorizationRequested },
  authorized: { success: authorizationConfirmed },
  declined: { success: authorizationDeclined, failed: authorizationDeclined },
  cleared: {
    pending: clearingPending,
    manual_check: clearingPending,
    success: clearingReceived,
    failed: clearingFailed,
    canceled: clearingCanceled,
  },
  refund: { ...notices, success: refundReceived },
  reversal: { ...notices, success: authorizationReversed },
};

/** A deposit that was canceled or ran out of time is as failed as one that failed (row 17). */
const depositStatuses: ByStatus = {
  success: depositConfirmed,
  pending: depositSeen,
  manual_check: depositUnderCheck,
  failed: depositFailed,
  canceled: depositFailed,
  time_canceled: depositFailed,
};

const withdrawalOutcomes: ByStatus = {
  success: withdrawalCompleted,
  failed: withdrawalFailed,
  canceled: withdrawalCanceled,
  time_canceled: withdrawalCanceled,
};

/** What counts is the status in the client's record; the notice's own may be any documented one. */
const clientStatuses: ByStatus = {
  pending: holderStatusChanged,
  success: holderStatusChanged,
  failed: holderStatusChanged,
  canceled: holderStatusChanged,
  time_canceled: holderStatusChanged,
  manual_check: holderStatusChanged,
};

/** Everything that is understood: product, event type and status, by the alias table's words. */
const products: Readonly<Record<string, ByEventType>> = {
  cards: {
    ...purchaseEvents,
    deposit: depositStatuses,
    visa_direct_deposit: { ...notices, success: visaDirectDeposit },
    warranty_withdraw: withdrawalOutcomes,
    notification_3ds_authorization: { pending: cardChallengeRequested },
    notification_3ds_authorization_oob: { pending: outOfBandChallengeRequested },
    card_blocked_by_velocity: { success: cardBlockedByVelocity },
  },
  individual_cards: purchaseEvents,
  virtual_wallets: {
    deposit: depositStatuses,
    ramp_on: depositStatuses,
    withdraw: {
      ...withdrawalOutcomes,
      pending: withdrawalProcessing,
      manual_check: withdrawalUnderCheck,
    },
  },
  treasury: {
    deposit: depositStatuses,
    ramp_on: depositStatuses,
    transfer: {
      success: transferCompleted,
      failed: transferFailed,
      canceled: transferFailed,
      time_canceled: transferFailed,
      pending: transferNoticeReceived,
      manual_check: transferNoticeReceived,
    },
  },
  company_activity: { client_status: clientStatuses },
};

/** Every word of the tables, for holding the documentation to them. */
export const knownWords: ReadonlySet<string> = new Set(
  Object.values(products).flatMap((byEventType) =>
    Object.entries(byEventType).flatMap(([eventType, byStatus]) => [
      eventType,
      ...Object.keys(byStatus),
    ]),
  ),
);

/** One event, or why there is none. What is not in the table is named, never mapped to a default. */
export function translate(delivery: Delivery): Translated {
  const { dialect, product, eventType, status } = delivery.envelope;
  const statuses = entryOf(entryOf(products, product), eventType);
  if (statuses === undefined)
    return unknown('type-unknown', eventTypeField(dialect), `The event "${product}/${eventType}"`);
  if (status === null) return statusMissing();
  const translator = entryOf(statuses, status);
  if (translator === undefined)
    return unknown('status-unknown', 'status', `The status "${status}" of "${eventType}"`);
  return translator(delivery);
}

/** Own entries only: the names come from the wire. */
const entryOf = <Value>(
  table: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined =>
  table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;

const statusMissing = (): Result<never, Quarantine> =>
  err({ code: 'field-missing', path: 'status', message: 'A required field is missing.' });

const unknown = (
  code: Quarantine['code'],
  path: string,
  subject: string,
): Result<never, Quarantine> =>
  err({ code, path, message: `${subject.slice(0, 200)} is not known.` });
