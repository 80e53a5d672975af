import { type AccountId, accountId, accountIdPattern } from '../ids.ts';
import { type Reference, type ReferenceKind, referenceKey } from './reference.ts';

// R13: the client if one is named, else the card, else the wallet or address, else our own account.
const openingOrder: readonly ReferenceKind[] = ['client', 'card', 'wallet', 'address', 'account'];

/** For which of the named references an account is opened when none of them is linked. */
export function openingReference(references: readonly Reference[]): Reference | null {
  for (const kind of openingOrder) {
    const found = references.find((reference) => reference.kind === kind);
    if (found) return found;
  }
  return references[0] ?? null;
}

/** `auto`: an account opened because nobody had linked the reference. `suspense`: its money waits. */
export type OpenedAs = 'auto' | 'suspense';

/**
 * The same reference always gets the same id. Ids that do not fit an account id are hashed by the
 * caller's `digest` (hex, at least 40 characters). Callers of the API may not use these prefixes.
 */
export function ownedBy(
  reference: Reference,
  as: OpenedAs,
  digest: (text: string) => string,
): AccountId {
  const readable = `${as}.${reference.provider}.${reference.kind}.${reference.externalId}`;
  const hashed = `${as}.${reference.provider}.${reference.kind}.-${digest(referenceKey(reference)).slice(0, 32)}`;
  return accountId(
    accountIdPattern.test(readable) && !reference.externalId.startsWith('-') ? readable : hashed,
  );
}
