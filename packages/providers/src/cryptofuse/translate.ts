import { type CanonicalEvent, ok, type Result } from '@counterfoil/domain';
import type { Quarantine, VerifiedWebhook } from '../provider-adapter.ts';
import { canonicalEvent, type DeliveryContext } from '../wire/canonical-event.ts';
import { type ExactObject, parseExactJson } from '../wire/exact-json.ts';
import { type Dialect, dataOf, dialectOf, textAt, transferOf } from './dialect.ts';
import { type Reader, readingOf, refused } from './emitted.ts';
import { g1 } from './g1-events.ts';
import { g2 } from './g2-events.ts';
import { identify } from './identify.ts';
import type { CryptofuseOptions } from './settings.ts';
import { readTransfer, transferEvents, transferTimeOf } from './transfer-events.ts';

/** Raised when the same bytes are translated to something else than before. */
const cryptofuseAdapterVersion = 2;

/** The same bytes and settings give the same events; what is not documented is refused by name. */
export function translateCryptofuse(
  webhook: VerifiedWebhook,
  options: Pick<CryptofuseOptions, 'settings' | 'amountMax'>,
): Result<readonly CanonicalEvent[], Quarantine> {
  const body = parseExactJson(webhook.body);
  if (!body.ok) return body;
  const dialect = dialectOf(body.value);
  if (dialect === null)
    return refused('dialect-unknown', '', 'No generation of CryptoFuse has such an envelope.');
  const delivery = { receivedAt: webhook.receivedAt, options };
  const translated = readers[dialect](body.value, delivery);
  if (!translated.ok) return translated;
  const { emitted, occurredAt } = translated.value;
  const context = contextOf(webhook, body.value, dialect);
  return ok(
    emitted.map((parts, ordinal) => canonicalEvent(context, { ...parts, occurredAt }, ordinal)),
  );
}

const retired: Reader = () =>
  refused('dialect-retired', 'event_type', 'The version 0.9 of the interface is switched off.');

const transfer: Reader = (body, delivery) => {
  const value = transferOf(body) ?? body;
  const path = value === body ? '' : 'data.';
  const read = readTransfer(value, path);
  if (!read.ok) return read;
  const occurredAt = transferTimeOf(read.value);
  const emitted = transferEvents(read.value, path, readingOf(occurredAt, delivery));
  return emitted.ok ? ok({ emitted: emitted.value, occurredAt }) : emitted;
};

const readers: Readonly<Record<Dialect, Reader>> = {
  g0: retired,
  g1,
  g2a: g2,
  g2b: g2,
  g3: transfer,
};

function contextOf(webhook: VerifiedWebhook, body: ExactObject, dialect: Dialect): DeliveryContext {
  const { eventKey, bodySha256 } = identify(webhook);
  const status = textAt(transferOf(body) ?? dataOf(body), 'status');
  return {
    provider: 'cryptofuse',
    dialect,
    adapterVersion: cryptofuseAdapterVersion,
    providerEvent: [textAt(body, 'event'), status].filter((part) => part !== null).join(' '),
    eventKey: eventKey ?? bodySha256,
    bodySha256,
    webhook,
  };
}
