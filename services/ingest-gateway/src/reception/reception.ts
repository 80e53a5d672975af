import { instant } from '@counterfoil/domain';
import type { Answer, ProviderAdapter, VerificationCode } from '@counterfoil/providers';
import { archive, type Received, type ReceptionPorts, type WebhookRequest } from './archive.ts';
import { untilDeadline } from './deadline.ts';
import { decide } from './decide.ts';
import { type GivenAnswers, givenAnswers } from './given-answers.ts';
import { inflatesTooLarge, readableWebhook } from './readable-body.ts';
import { adapterAt } from './webhook-urls.ts';

export type ReceptionAnswer =
  | Readonly<{ kind: 'answer'; answer: Answer }>
  /** The code alone: a wrong credential learns nothing more about why, or about the rest of the body. */
  | Readonly<{ kind: 'unauthorized'; code: VerificationCode }>
  | Readonly<{ kind: 'not-found' | 'too-large' | 'unavailable' | 'overloaded' }>;

/** Below the time in which any provider gives up: then its retry is on the way anyway. */
const storeTimeoutMs = 4_000;

/**
 * Receives one webhook: verify, archive, then answer in the provider's own form. Nothing is
 * acknowledged that is not durable, and nothing that can fail later comes before the answer.
 */
export function reception(
  ports: ReceptionPorts,
): (request: WebhookRequest) => Promise<ReceptionAnswer> {
  const { adapters, settings, metrics } = ports;
  const given = givenAnswers();
  let inFlight = 0;
  let inFlightBytes = 0;
  return async (request) => {
    const adapter = adapterAt(adapters, settings.pathTokens, request.provider, request.token);
    if (adapter === null) return { kind: 'not-found' };
    const bytes = request.body.byteLength;
    const isFull = inFlight >= settings.inFlightMax;
    if (isFull || inFlightBytes + bytes > settings.inFlightBytesMax) {
      metrics.received(adapter.provider, 'overloaded');
      return { kind: 'overloaded' };
    }
    inFlight += 1;
    inFlightBytes += bytes;
    try {
      return await receive(ports, given, adapter, request);
    } finally {
      inFlight -= 1;
      inFlightBytes -= bytes;
    }
  };
}

async function receive(
  ports: ReceptionPorts,
  given: GivenAnswers,
  adapter: ProviderAdapter,
  request: WebhookRequest,
): Promise<ReceptionAnswer> {
  const { clock, metrics, rejected } = ports;
  const { provider, webhooks } = adapter;
  const receivedAt = instant(Math.floor(clock.now()));
  const deliveryId = clock.randomId();
  const arrived = { headers: request.headers, body: request.body, receivedAt, deliveryId };
  const verified = webhooks.verify(arrived);
  if (!verified.ok) {
    metrics.received(provider, 'refused');
    ports.logger.warn('a webhook was refused', { provider, code: verified.error.code });
    rejected.keep({ ...arrived, provider, code: verified.error.code });
    return { kind: 'unauthorized', code: verified.error.code };
  }
  const { credential } = verified.value;
  if (credential !== undefined) metrics.verified(provider, credential);
  if (inflatesTooLarge({ provider, ...arrived })) {
    metrics.received(provider, 'too-large');
    return { kind: 'too-large' };
  }
  const webhook = readableWebhook(provider, verified.value);
  const identification = webhooks.identify(webhook);
  const delivery = { ports, adapter, request, receivedAt, webhook, identification };
  if (identification.asksForDecision && adapter.authorizations !== undefined)
    return { kind: 'answer', answer: await decide(delivery, adapter.authorizations, given) };
  return acknowledge(delivery);
}

async function acknowledge(received: Received): Promise<ReceptionAnswer> {
  const { ports, adapter, request, receivedAt } = received;
  const { clock, metrics, logger } = ports;
  const { provider } = adapter;
  try {
    const stored = archive(received, { availableAt: receivedAt, reason: null });
    const timed = await untilDeadline(clock, clock.monotonic() + storeTimeoutMs, stored);
    if (!timed.inTime) throw new Error(`The archive gave no answer in ${storeTimeoutMs} ms.`);
    metrics.acknowledged(provider, clock.monotonic() - request.startedAt);
    return { kind: 'answer', answer: adapter.webhooks.acknowledgement };
  } catch (fault) {
    metrics.received(provider, 'unavailable');
    logger.error('a webhook could not be archived', { provider, error: fault });
    return { kind: 'unavailable' };
  }
}
