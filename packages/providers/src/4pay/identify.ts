import type { Identification, VerifiedWebhook } from '../provider-adapter.ts';
import { canonicalSha256, parseExactJson, sha256 } from '../wire/exact-json.ts';
import { joinedKey } from '../wire/key.ts';
import { objectAt, type Shape, shapeOf, textAt } from './shape.ts';

/** 4pay never waits for a decision: cards are authorized on its side. */
export function identify(webhook: VerifiedWebhook): Identification {
  const body = parseExactJson(webhook.body);
  if (!body.ok) {
    const bodySha256 = sha256(webhook.body);
    return { dialect: 'unknown', eventKey: null, bodySha256, asksForDecision: false };
  }
  const shape = shapeOf(body.value);
  return {
    dialect: shape.dialect,
    eventKey: eventKeyOf(shape),
    bodySha256: canonicalSha256(body.value),
    asksForDecision: false,
  };
}

/** Event type, id, status and `updatedAt`; null where the type or the id cannot be told. */
function eventKeyOf({ resource, eventType }: Shape): string | null {
  const card = eventType === 'card_state' ? objectAt(resource, 'card') : null;
  const fields = card ?? resource;
  const objectId = card
    ? (textAt(card, 'id') ?? textAt(card, 'cardId'))
    : (textAt(resource, 'id') ?? (eventType === 'card_state' ? textAt(resource, 'cardId') : null));
  if (eventType === null || objectId === null) return null;
  const status = textAt(fields, 'status') ?? textAt(fields, 'cardStatus');
  const changed = textAt(fields, 'updatedAt');
  return joinedKey([eventType, objectId, status?.toLowerCase() ?? null, changed]);
}
