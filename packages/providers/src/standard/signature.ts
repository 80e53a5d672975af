import { createHmac } from 'node:crypto';
import {
  externalIdLengthMax,
  type Instant,
  invariant,
  type Rejection,
  type Result,
} from '@counterfoil/domain';
import type {
  InboundWebhook,
  Signer,
  VerificationCode,
  VerifiedWebhook,
} from '../provider-adapter.ts';
import { credentialMissing, credentialWrong, matchAmong, verifiedBy } from '../wire/credential.ts';
import { sha256 } from '../wire/exact-json.ts';
import { standardKey } from './secret.ts';

/** The sender's name for a message, the same on every attempt to deliver it. */
export const idHeader = 'webhook-id';
const timestampHeader = 'webhook-timestamp';
const signatureHeader = 'webhook-signature';

/** An attempt that is older, or from further in the future, may be a replay of a recorded one. */
const toleranceSeconds = 5 * 60;
// Senders sign with one or two secrets; the bound keeps a hostile header from costing time.
const signaturesMax = 16;
const timestampPattern = /^\d{1,12}$/;

const keyOf = (secret: string): Uint8Array => {
  const key = standardKey(secret);
  invariant(key !== null, 'a secret of Standard Webhooks is checked before it comes here');
  return key;
};

const signatureOf = (key: Uint8Array, id: string, timestamp: string, body: Uint8Array): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;

/**
 * `webhook-signature` lists, with spaces, HMAC-SHA256 signatures of `id.timestamp.body`: one of them
 * has to be by one of our secrets. Other versions than `v1` are passed over. The time is checked
 * too, against the time of receipt.
 */
export function standardVerifier(secrets: readonly string[]) {
  const keys = secrets.map(keyOf);
  return (webhook: InboundWebhook): Result<VerifiedWebhook, Rejection<VerificationCode>> => {
    const { headers, body, receivedAt } = webhook;
    const [id, timestamp, signatures] = [idHeader, timestampHeader, signatureHeader].map(
      (name) => headers.get(name)?.trim() ?? '',
    );
    if (!id) return credentialMissing(idHeader);
    if (!timestamp) return credentialMissing(timestampHeader);
    if (!signatures) return credentialMissing(signatureHeader);
    if (id.length > externalIdLengthMax || !timestampPattern.test(timestamp))
      return credentialWrong();
    const expected = keys.map((key) => signatureOf(key, id, timestamp, body));
    const matches = signatures
      .split(/\s+/)
      .slice(0, signaturesMax)
      .flatMap((signature) => matchAmong(signature, expected) ?? []);
    return matches.length > 0 && isRecent(Number(timestamp), receivedAt)
      ? verifiedBy(Math.min(...matches), webhook)
      : credentialWrong();
  };
}

const isRecent = (seconds: number, receivedAt: Instant): boolean =>
  Math.abs(Math.floor(receivedAt / 1000) - seconds) <= toleranceSeconds;

/**
 * Signs as a sender with the first secret would. The same body has the same id, unless `sent` holds
 * the id and the time under which it was sent before.
 */
export function standardSigner(secrets: readonly string[]): Signer {
  const [first] = secrets;
  invariant(first !== undefined, 'an adapter without a secret cannot sign');
  const key = keyOf(first);
  return (body, sentAt, sent) => {
    const id = sent?.get(idHeader) ?? `msg_${sha256(body).slice(0, 32)}`;
    const timestamp = sent?.get(timestampHeader) ?? String(Math.floor(sentAt / 1000));
    return {
      [idHeader]: id,
      [timestampHeader]: timestamp,
      [signatureHeader]: signatureOf(key, id, timestamp, body),
    };
  };
}
