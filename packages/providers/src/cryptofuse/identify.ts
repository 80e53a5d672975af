import type { Identification, VerifiedWebhook } from '../provider-adapter.ts';
import { canonicalSha256, type ExactObject, parseExactJson, sha256 } from '../wire/exact-json.ts';
import { dialectOf } from './dialect.ts';
import { eventKeyOf } from './event-key.ts';

/** CryptoFuse never waits for a decision. */
export function identify(webhook: VerifiedWebhook): Identification {
  const body = parseExactJson(webhook.body);
  if (!body.ok) {
    const bodySha256 = sha256(webhook.body);
    return { dialect: 'unknown', eventKey: null, bodySha256, asksForDecision: false };
  }
  const dialect = dialectOf(body.value);
  return {
    dialect: dialect ?? 'unknown',
    eventKey: dialect === null ? null : eventKeyOf(body.value, dialect),
    bodySha256: canonicalSha256(dialect === 'g1' ? withoutId(body.value) : body.value),
    asksForDecision: false,
  };
}

/**
 * G1 numbers its notifications, and redundant webhooks bring one fact under several numbers. Left
 * out of the hash, they are duplicates of each other.
 */
function withoutId({ id: _, ...rest }: ExactObject): ExactObject {
  return rest;
}
