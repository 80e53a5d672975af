import { type CanonicalEvent, err, ok, type Result } from '@counterfoil/domain';
import type { Quarantine, VerifiedWebhook } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import { canonicalEvent, type DeliveryContext } from '../wire/canonical-event.ts';
import { canonicalSha256, type ExactObject, parseExactJson } from '../wire/exact-json.ts';
import { customerDepositEvents } from './customer-deposit-events.ts';
import { type Envelope, eventKeyOf, readEnvelope } from './envelope.ts';
import { type CalypsoEventType, eventTypeOf } from './event-type.ts';
import { fiatOrderEvents } from './fiat-order-events.ts';
import { fiatWithdrawalEvents } from './fiat-withdrawal-events.ts';
import { invoiceEvents } from './invoice-events.ts';
import type { EventReader } from './payload.ts';
import { payoutEvents } from './payout-events.ts';
import type { CalypsoSettings } from './settings.ts';
import { topUpEvents } from './top-up-events.ts';

/** The one dialect that Calypso speaks: every documentation generation has the same envelope. */
export const calypsoDialect = 'payload';

/** Raised when the same bytes are translated to something else than before. */
const calypsoAdapterVersion = 2;

const readers: Readonly<Record<CalypsoEventType, EventReader>> = {
  ...invoiceEvents,
  ...fiatOrderEvents,
  ...fiatWithdrawalEvents,
  ...customerDepositEvents,
  ...topUpEvents,
  ...payoutEvents,
};

export type CalypsoOptions = Readonly<{ settings: CalypsoSettings; amountMax: AmountMax }>;

/** The same bytes and settings give the same events; what is not in a table is refused by name. */
export function translateCalypso(
  webhook: VerifiedWebhook,
  { settings, amountMax }: CalypsoOptions,
): Result<readonly CanonicalEvent[], Quarantine> {
  const body = parseExactJson(webhook.body);
  if (!body.ok) return body;
  const envelope = readEnvelope(body.value);
  if (!envelope.ok) return envelope;
  const { requestId, createdDate: occurredAt, data } = envelope.value;
  const reader = readerOf(envelope.value.eventType);
  if (!reader.ok) return reader;
  const emitted = reader.value({ requestId, occurredAt, data, settings, amountMax });
  if (!emitted.ok) return emitted;
  const context = contextOf(webhook, body.value, envelope.value);
  return ok(
    emitted.value.map((parts, ordinal) =>
      canonicalEvent(
        context,
        { ...parts, occurredAt, references: { requestId, ...parts.references } },
        ordinal,
      ),
    ),
  );
}

function readerOf(eventType: string): Result<EventReader, Quarantine> {
  const known = eventTypeOf(eventType.toUpperCase());
  const refused = (code: Quarantine['code'], what: string): Result<never, Quarantine> =>
    err({ code, path: 'eventType', message: `"${eventType}" is ${what}.` });
  if (known === 'retired') return refused('dialect-retired', 'retired and has no known payload');
  if (known === 'unknown') return refused('type-unknown', 'not an event of the documentation');
  return ok(readers[known]);
}

function contextOf(
  webhook: VerifiedWebhook,
  body: ExactObject,
  { eventType, data }: Envelope,
): DeliveryContext {
  const status = data['payoutStatus'];
  return {
    provider: 'calypso',
    dialect: calypsoDialect,
    adapterVersion: calypsoAdapterVersion,
    providerEvent: typeof status === 'string' ? `${eventType} ${status}` : eventType,
    eventKey: eventKeyOf(body) ?? '',
    bodySha256: canonicalSha256(body),
    webhook,
  };
}
