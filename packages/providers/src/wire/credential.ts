import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Rejection, type Result } from '@counterfoil/domain';
import type { InboundWebhook, VerificationCode, VerifiedWebhook } from '../provider-adapter.ts';

export type Hash = 'sha256' | 'sha512';
export type Encoding = 'hex' | 'base64';

export const hmac = (hash: Hash, encoding: Encoding, secret: string, body: Uint8Array): string =>
  createHmac(hash, Buffer.from(secret, 'utf8')).update(body).digest(encoding);

/**
 * Which of the expected values is given, from 1. Constant time: both sides are hashed first, so
 * neither length nor content shows, and every expected value is compared whatever the first
 * comparison gave. An empty expected value matches nothing, so that a forgotten secret opens no
 * door.
 */
export function matchAmong(given: string, expected: readonly string[]): number | null {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const givenDigest = digest(given);
  let match: number | null = null;
  for (const [index, candidate] of expected.entries())
    if (timingSafeEqual(givenDigest, digest(candidate)) && candidate !== '') match ??= index + 1;
  return match;
}

/** The webhook is authentic by the credential of that number; null: by none of ours. */
export const verifiedBy = (
  credential: number | null,
  webhook: InboundWebhook,
): Result<VerifiedWebhook, Rejection<VerificationCode>> =>
  credential === null ? credentialWrong() : ok({ ...webhook, credential } as VerifiedWebhook);

export const credentialMissing = (header: string) =>
  err({ code: 'credential-missing', message: `The header ${header} is missing.` } as const);

export const credentialWrong = () =>
  err({ code: 'credential-wrong', message: 'The credential does not match.' } as const);
