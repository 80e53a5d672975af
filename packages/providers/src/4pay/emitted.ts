import {
  type CanonicalType,
  err,
  type Instant,
  type Reference,
  type ReferenceKind,
  type Result,
  unnamedAccount,
} from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import type { AmountMax } from '../wire/amount.ts';
import type { CanonicalParts } from '../wire/canonical-event.ts';
import type { FourpaySettings } from './settings.ts';

/** What every reader of an event needs beside the event's own fields. */
export type Reading = Readonly<{
  receivedAt: Instant;
  /** Where the resource's fields stand in the body. */
  path: string;
  settings: FourpaySettings;
  amountMax: AmountMax;
}>;

/** A canonical event without what the whole delivery has in common. */
export type Emitted = {
  [Type in CanonicalType]: CanonicalParts<Type>;
}[CanonicalType];

export const reference = (kind: ReferenceKind, externalId: string): Reference => ({
  provider: '4pay',
  kind,
  externalId,
});

/** Our account there. */
export const accountReference = (accountId: string | null): Reference =>
  reference('account', accountId ?? unnamedAccount);

export const refused = (
  code: Quarantine['code'],
  path: string,
  message: string,
): Result<never, Quarantine> => err({ code, path, message });

export const missing = (path: string): Result<never, Quarantine> =>
  refused('field-missing', path, 'A required field is missing.');
