import {
  type CanonicalType,
  err,
  type Instant,
  type Money,
  ok,
  type Reference,
  type ReferenceKind,
  type Result,
} from '@counterfoil/domain';
import { z } from 'zod';
import type { Quarantine } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import type { CanonicalParts } from '../wire/canonical-event.ts';
import { type ExactObject, isObject } from '../wire/exact-json.ts';
import { decimal, id, optional } from '../wire/field.ts';
import { readCryptoMoney } from './assets.ts';
import type { CalypsoSettings } from './settings.ts';

/** One event of Calypso, its envelope read and its type known. */
export type CalypsoEvent = Readonly<{
  requestId: string;
  occurredAt: Instant | null;
  data: ExactObject;
  settings: CalypsoSettings;
  amountMax: AmountMax;
}>;

/** What a reader emits; the envelope's part is the same for all of them. */
export type Emitted = {
  [Type in CanonicalType]: Omit<CanonicalParts<Type>, 'occurredAt'>;
}[CanonicalType];

export type EventReader = (event: CalypsoEvent) => Result<readonly Emitted[], Quarantine>;

/** More deposits than any intervention gathers; the bound keeps one event from becoming thousands. */
const depositsMax = 100;

/** Ids as a list, where each is text, a number or an object with `id`; a scalar is a list of one. */
export const idList = z.preprocess(
  (value) => {
    if (value === undefined || value === null || value === '') return [];
    return (Array.isArray(value) ? value : [value]).map((item: unknown) =>
      isObject(item) ? item['id'] : item,
    );
  },
  z
    .array(id)
    .max(depositsMax)
    .transform((ids) => [...new Set(ids)]),
);

export const reference = (kind: ReferenceKind, externalId: string): Reference => ({
  provider: 'calypso',
  kind,
  externalId,
});

/** A `fiatAmount` that is an object is a valuation in several currencies, never the sum paid. */
export const fiatAmount = z.preprocess((value) => (isObject(value) ? null : value), optional(id));

/** The Calypso account of the subscription, which is ours. */
export const accountOf = (event: CalypsoEvent): Reference => reference('account', event.requestId);

/** Fields of which one is missing: refused by the name of the one that leads. */
export const missing = (path: string): Result<never, Quarantine> =>
  err({ code: 'field-missing', path, message: 'A required field is missing.' });

/** `amount` and its `currency` as most events state them; both may be absent together. */
export const statedMoney = { amount: optional(decimal), currency: optional(id) };

type Stated = Readonly<{ amount: string | null; currency: string | null }>;

/** Null where no amount is stated; an amount without a currency cannot be read. */
export function readMoney(
  stated: Stated,
  event: CalypsoEvent,
  amountPath = 'data.amount',
): Result<Money | null, Quarantine> {
  if (stated.amount === null) return ok(null);
  if (stated.currency === null) return missing('data.currency');
  return readCryptoMoney({
    amount: stated.amount,
    currency: stated.currency,
    amountPath,
    currencyPath: 'data.currency',
    amountMax: event.amountMax,
  });
}

/** Money that posts: stated, and above zero (zero is for information only, R9). */
export function readPostedMoney(stated: Stated, event: CalypsoEvent): Result<Money, Quarantine> {
  const money = readMoney(stated, event);
  if (!money.ok) return money;
  if (money.value === null) return missing('data.amount');
  if (money.value.units === 0n)
    return err({
      code: 'amount-malformed',
      path: 'data.amount',
      message: 'An amount that posts must be above zero.',
    });
  return ok(money.value);
}
