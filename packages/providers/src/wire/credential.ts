import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Rejection, type Result } from '@counterfoil/domain';
import type { InboundWebhook, VerificationCode, VerifiedWebhook } from '../provider-adapter.ts';

export type Hash = 'sha256' | 'sha512';
export type Encoding = 'hex' | 'base64';

export const hmac = (hash: Hash, encoding: Encoding, secret: string, body: Uint8Array): string =>
  createHmac(hash, Buffer.from(secret, 'utf8')).update(body).digest(encoding);

/**
 * Constant time: both sides are hashed first, so neither length nor content shows, and every
 * expected value is compared whatever the first comparison gave. An empty expected value matches
 * nothing, so that a forgotten secret opens no door.
 */
export function matchesAny(given: string, expected: readonly string[]): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const givenDigest = digest(given);
  let matches = false;
  for (const candidate of expected)
    if (timingSafeEqual(givenDigest, digest(candidate)) && candidate !== '') matches = true;
  return matches;
}

export const verified = (
  webhook: InboundWebhook,
): Result<VerifiedWebhook, Rejection<VerificationCode>> => ok(webhook as VerifiedWebhook);

export const credentialMissing = (header: string) =>
  err({ code: 'credential-missing', message: `The header ${header} is missing.` } as const);

export const credentialWrong = () =>
  err({ code: 'credential-wrong', message: 'The credential does not match.' } as const);
