import { type CanonicalEvent, ok, type Result } from '@counterfoil/domain';
import type { Quarantine, VerifiedWebhook } from '../provider-adapter.ts';
import { canonicalEvent, type DeliveryContext } from '../wire/canonical-event.ts';
import { type ExactObject, parseExactJson } from '../wire/exact-json.ts';
import { accountTopupEvents } from './account-topup-events.ts';
import { accountTransactionEvents } from './account-transaction-events.ts';
import { cardStateEvents } from './card-state-events.ts';
import { cardTransactionEvents } from './card-transaction-events.ts';
import { type Emitted, type Reading, refused } from './emitted.ts';
import { identify } from './identify.ts';
import type { FourpayOptions } from './settings.ts';
import { type EventType, objectAt, type Shape, shapeOf, textAt } from './shape.ts';
import { readTransaction } from './transaction.ts';

/** Raised when the same bytes are translated to something else than before. */
const fourpayAdapterVersion = 3;

type Options = Pick<FourpayOptions, 'settings' | 'amountMax'>;
type Reader = (resource: ExactObject, reading: Reading) => Result<readonly Emitted[], Quarantine>;

/** The same bytes and settings give the same events; what is not documented is refused by name. */
export function translateFourpay(
  webhook: VerifiedWebhook,
  options: Options,
): Result<readonly CanonicalEvent[], Quarantine> {
  const body = parseExactJson(webhook.body);
  if (!body.ok) return body;
  const shape = shapeOf(body.value);
  const { eventType, resource, path } = shape;
  if (eventType === null)
    return refused('type-unknown', '', 'The fields are those of no event type, or of two.');
  const { settings, amountMax } = options;
  const reading = { receivedAt: webhook.receivedAt, path, settings, amountMax };
  const emitted = readers[eventType](resource, reading);
  if (!emitted.ok) return emitted;
  const context = contextOf(webhook, shape, eventType);
  return ok(emitted.value.map((parts, ordinal) => canonicalEvent(context, parts, ordinal)));
}

const readers: Readonly<Record<EventType, Reader>> = {
  card_transaction: (resource, reading) => {
    const transaction = readTransaction(resource, reading.path);
    return transaction.ok ? cardTransactionEvents(transaction.value, reading) : transaction;
  },
  account_transaction: (resource, reading) => {
    const transaction = readTransaction(resource, reading.path);
    return transaction.ok ? accountTransactionEvents(transaction.value, reading) : transaction;
  },
  account_topup: accountTopupEvents,
  card_state: cardStateEvents,
};

function contextOf(
  webhook: VerifiedWebhook,
  { dialect, resource }: Shape,
  eventType: EventType,
): DeliveryContext {
  const { eventKey, bodySha256 } = identify(webhook);
  const card = objectAt(resource, 'card');
  const type = textAt(objectAt(resource, 'transactionDetails'), 'type') ?? textAt(resource, 'type');
  const status = textAt(card ?? resource, 'status') ?? textAt(card ?? resource, 'cardStatus');
  return {
    provider: '4pay',
    dialect,
    adapterVersion: fourpayAdapterVersion,
    providerEvent: [eventType, type, status].filter((part) => part !== null).join(' '),
    eventKey: eventKey ?? bodySha256,
    bodySha256,
    webhook,
  };
}
