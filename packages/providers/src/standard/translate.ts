import { type CanonicalEvent, ok, type Result } from '@counterfoil/domain';
import type { Identification, Quarantine, VerifiedWebhook } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import { canonicalEvent, type DeliveryContext } from '../wire/canonical-event.ts';
import { canonicalSha256, parseExactJson, sha256 } from '../wire/exact-json.ts';
import { joinedKey } from '../wire/key.ts';
import { standardReader } from './payload.ts';
import { idHeader } from './signature.ts';

/** The one dialect there is: our own vocabulary. */
const dialect = 'canonical';

/** Raised when the same bytes are translated to something else than before. */
const standardAdapterVersion = 1;

/** A message is named by its sender; the name is signed with the body, and archived with it. */
const eventKeyOf = ({ headers }: VerifiedWebhook): string =>
  joinedKey([headers.get(idHeader)?.trim() ?? null]);

/** The sender never waits for a decision: those are asked for at our API. */
export function identifyStandard(webhook: VerifiedWebhook): Identification {
  const body = parseExactJson(webhook.body);
  return {
    dialect,
    eventKey: body.ok ? eventKeyOf(webhook) : null,
    bodySha256: body.ok ? canonicalSha256(body.value) : sha256(webhook.body),
    asksForDecision: false,
  };
}

export function standardTranslator(amountMax: AmountMax) {
  const read = standardReader(amountMax);
  return (webhook: VerifiedWebhook): Result<readonly CanonicalEvent[], Quarantine> => {
    const body = parseExactJson(webhook.body);
    if (!body.ok) return body;
    const emitted = read(body.value);
    if (!emitted.ok) return emitted;
    const context: Omit<DeliveryContext, 'providerEvent'> = {
      provider: 'standard',
      dialect,
      adapterVersion: standardAdapterVersion,
      eventKey: eventKeyOf(webhook),
      bodySha256: canonicalSha256(body.value),
      webhook,
    };
    return ok(
      emitted.value.map((parts, ordinal) =>
        canonicalEvent({ ...context, providerEvent: parts.type }, parts, ordinal),
      ),
    );
  };
}
