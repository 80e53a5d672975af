import { err, ok } from '@counterfoil/domain';
import type {
  Identification,
  ProviderAdapter,
  VerifiedWebhook,
  WebhookTranslator,
} from '../provider-adapter.ts';
import { credentialMissing, matchAmong, verifiedBy } from '../wire/credential.ts';
import { canonicalSha256, type ExactObject, parseExactJson, sha256 } from '../wire/exact-json.ts';
import { authorizationResponder, responseCode } from './authorization.ts';
import { dialectOf, isAuthorizationLike, readEnvelope } from './dialect.ts';
import { eventKeyOf } from './event-key.ts';
import { timestampFlags } from './request-timestamp.ts';
import type { CryptomateOptions } from './settings.ts';
import { translate } from './translate.ts';

/** Raised when the same bytes begin to give other events. */
const adapterVersion = 2;

/**
 * CryptoMate in all three dialects, which may arrive on one endpoint. Its credential is a shared
 * key in a header: it says who sent a body, not that the body is unchanged.
 */
export function cryptomateAdapter(options: CryptomateOptions): ProviderAdapter {
  const webhooks: WebhookTranslator = {
    verify: (webhook) => {
      const given = webhook.headers.get('x-webhook-key') ?? '';
      if (given === '') return credentialMissing('X-Webhook-Key');
      return verifiedBy(matchAmong(given, options.keys), webhook);
    },
    identify,
    translate: (webhook) => translateBody(webhook, options),
    acknowledgement: responseCode('OK'),
  };
  return {
    provider: 'cryptomate',
    webhooks,
    authorizations: authorizationResponder(webhooks.translate),
    sign: (_body, sentAt) => ({
      'X-Webhook-Key': options.keys[0] ?? '',
      'X-Request-Timestamp': String(sentAt),
    }),
  };
}

function identify(webhook: VerifiedWebhook): Identification {
  const body = parseExactJson(webhook.body);
  if (!body.ok)
    return {
      dialect: 'unknown',
      eventKey: null,
      bodySha256: sha256(webhook.body),
      asksForDecision: mentionsAuthorization(webhook.body),
    };
  const envelope = readEnvelope(body.value);
  return {
    dialect: dialectOf(body.value) ?? 'unknown',
    eventKey: envelope.ok ? eventKeyOf(envelope.value) : null,
    bodySha256: canonicalSha256(body.value),
    asksForDecision: asksForDecision(body.value, webhook.body),
  };
}

function translateBody(
  webhook: VerifiedWebhook,
  options: CryptomateOptions,
): ReturnType<WebhookTranslator['translate']> {
  const body = parseExactJson(webhook.body);
  if (!body.ok) return body;
  const read = readEnvelope(body.value);
  if (!read.ok) return read;
  const envelope = read.value;
  const assumed = envelope.dialect === 'A' ? (['assumed-mapping'] as const) : [];
  const event = translate({
    envelope,
    options,
    flags: [...assumed, ...timestampFlags(webhook)],
    context: {
      provider: 'cryptomate',
      dialect: envelope.dialect,
      adapterVersion,
      providerEvent: envelope.providerEvent,
      eventKey: eventKeyOf(envelope),
      bodySha256: canonicalSha256(body.value),
      webhook,
    },
  });
  return event.ok ? ok([event.value]) : err(event.error);
}

const asksForDecision = (body: ExactObject, bytes: Uint8Array): boolean =>
  isAuthorizationLike(body) ?? mentionsAuthorization(bytes);

/**
 * For a body that names no event: what speaks of an authorization and not of 3-D Secure is taken
 * for a question, because a mere acknowledgement would leave the cardholder waiting (row 22).
 */
function mentionsAuthorization(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes).toLowerCase();
  return text.includes('authorization') && !text.includes('3ds');
}
