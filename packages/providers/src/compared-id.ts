import type { ReferenceKind } from '@counterfoil/domain';
import { chainText } from './wire/key.ts';

type Named = Readonly<{ provider: string; kind: ReferenceKind; externalId: string }>;

/**
 * An id in the form in which the adapters tell it. Who names the same thing otherwise than by a
 * webhook, as a caller of the API does, has to use it, or the two never meet.
 */
export const comparedId = (named: Named): string =>
  isToldInLowerCase(named) ? chainText(named.externalId) : named.externalId;

/** Where on-chain text is no id of its own it is opaque, and compared byte for byte (R8). */
const isToldInLowerCase = ({ provider, kind }: Named): boolean =>
  kind === 'address' ||
  provider === 'standard' ||
  // Its `operation_id` is a hash for some movements.
  (provider === 'cryptomate' && (kind === 'withdrawal' || kind === 'transfer'));
