import {
  type CanonicalType,
  err,
  type Flag,
  type Instant,
  type Money,
  ok,
  type Reference,
  referenceKey,
  type ReferenceKind,
  type Result,
  unnamedAccount,
} from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import type { CanonicalParts } from '../wire/canonical-event.ts';
import type { ExactObject } from '../wire/exact-json.ts';
import type { CryptofuseOptions, CryptofuseSettings } from './settings.ts';

/** What every reader of an event needs beside the event's own fields. */
export type Reading = Readonly<{
  /** On every event of the delivery, for instance `late`. */
  flags: readonly Flag[];
  settings: CryptofuseSettings;
  amountMax: AmountMax;
}>;

/** A canonical event without what the whole delivery has in common. */
export type Emitted = {
  [Type in CanonicalType]: Omit<CanonicalParts<Type>, 'occurredAt'>;
}[CanonicalType];

export const reference = (kind: ReferenceKind, externalId: string): Reference => ({
  provider: 'cryptofuse',
  kind,
  externalId,
});

/** Our own account there; CryptoFuse names it nowhere (R13). */
export const ourAccount = reference('account', unnamedAccount);

/**
 * The references that are named, in the order given; ours where no wallet is among them. Money that
 * names a wallet is that wallet's, linked or not, and never falls back on our account (R13).
 */
export function ownersOf(
  ...named: readonly (readonly [ReferenceKind, string | null])[]
): readonly Reference[] {
  const owners = named.flatMap(([kind, id]) => (id === null ? [] : [reference(kind, id)]));
  const distinct = [...new Map(owners.map((owner) => [referenceKey(owner), owner])).values()];
  return distinct.some(({ kind }) => kind === 'wallet') ? distinct : [...distinct, ourAccount];
}

export const refused = (
  code: Quarantine['code'],
  path: string,
  message: string,
): Result<never, Quarantine> => err({ code, path, message });

export const missing = (path: string): Result<never, Quarantine> =>
  refused('field-missing', path, 'A required field is missing.');

/** Money that posts is stated and above zero; zero is for information only (R9). */
export function posted(money: Money | null, path: string): Result<Money, Quarantine> {
  if (money === null) return missing(path);
  if (money.units === 0n)
    return refused('amount-malformed', path, 'An amount that posts must be above zero.');
  return ok(money);
}

type Delivery = Readonly<{
  receivedAt: Instant;
  options: Pick<CryptofuseOptions, 'settings' | 'amountMax'>;
}>;

/** Reads the body of one generation. */
export type Reader = (
  body: ExactObject,
  delivery: Delivery,
) => Result<Readonly<{ emitted: readonly Emitted[]; occurredAt: Instant | null }>, Quarantine>;

/** Older than this is accepted and flagged: it was repeated late, or read from an archive. */
const lateAfterMs = 7 * 24 * 3_600_000;

export function readingOf(occurredAt: Instant | null, { receivedAt, options }: Delivery): Reading {
  const isLate = occurredAt !== null && receivedAt - occurredAt > lateAfterMs;
  const { settings, amountMax } = options;
  return { flags: isLate ? ['late'] : [], settings, amountMax };
}
