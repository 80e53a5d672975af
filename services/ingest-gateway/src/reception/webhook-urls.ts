import { createHash, timingSafeEqual } from 'node:crypto';
import type { ProviderName } from '@counterfoil/domain';
import type { ProviderAdapter } from '@counterfoil/providers';
import type { Adapters } from '../relay/translation.ts';

/** The last path parts that a provider's URL may have; two of them while one replaces the other. */
export type PathTokens = ReadonlyMap<ProviderName, readonly string[]>;

/**
 * The adapter behind a URL, or null for 404: the provider is unknown or has no credential, or the
 * last path part is not the one configured. With a token configured only its URL exists, else only
 * the one without.
 */
export function adapterAt(
  adapters: Adapters,
  pathTokens: PathTokens,
  provider: string,
  token: string | null,
): ProviderAdapter | null {
  const adapter = [...adapters.values()].find((candidate) => candidate.provider === provider);
  if (adapter === undefined) return null;
  const accepted = pathTokens.get(adapter.provider) ?? [];
  if (accepted.length === 0) return token === null ? adapter : null;
  return token !== null && isOneOf(token, accepted) ? adapter : null;
}

/** Constant time: hashed first, so that no length shows, and every candidate is compared. */
function isOneOf(given: string, accepted: readonly string[]): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const givenDigest = digest(given);
  let isAccepted = false;
  for (const candidate of accepted)
    if (timingSafeEqual(givenDigest, digest(candidate))) isAccepted = true;
  return isAccepted;
}
