import { gunzipSync } from 'node:zlib';
import type { ProviderName } from '@counterfoil/domain';
import type { InboundWebhook, VerifiedWebhook } from '@counterfoil/providers';
import type { FoundDelivery } from '../inbox/inbox.ts';

/** The bound of a body, before and after inflation: no provider documents bodies near it. */
export const bodyBytesMax = 1024 * 1024;

type Body = Readonly<{
  provider: ProviderName;
  headers: ReadonlyMap<string, string>;
  body: Uint8Array;
}>;

/** CryptoMate alone may compress: its credential does not depend on the bytes of the body. */
const isCompressed = ({ provider, headers }: Body): boolean =>
  provider === 'cryptomate' && headers.get('content-encoding')?.trim().toLowerCase() === 'gzip';

/** True when the inflated body exceeds the bound; such a body is refused like a large plain one. */
export function inflatesTooLarge(delivery: Body): boolean {
  if (!isCompressed(delivery)) return false;
  try {
    gunzipSync(delivery.body, { maxOutputLength: bodyBytesMax });
    return false;
  } catch (fault) {
    return fault instanceof RangeError;
  }
}

/** What the adapter reads. Bytes that are not the gzip they claim to be are left as they came. */
export function readableBody(delivery: Body): Uint8Array {
  if (!isCompressed(delivery)) return delivery.body;
  try {
    return gunzipSync(delivery.body, { maxOutputLength: bodyBytesMax });
  } catch {
    return delivery.body;
  }
}

/** The webhook as the adapter reads it. */
export function readableWebhook(provider: ProviderName, webhook: VerifiedWebhook): VerifiedWebhook {
  const { headers, body } = webhook;
  const inflated: InboundWebhook = { ...webhook, body: readableBody({ provider, headers, body }) };
  // Still what `verify` has passed: the credential of a provider that compresses is not in the body.
  return inflated as VerifiedWebhook;
}

/** What the adapter read of an archived delivery, whose bytes may have been removed since. */
export const foundBody = ({ body, ...delivery }: FoundDelivery): Uint8Array | null =>
  body === null ? null : readableBody({ ...delivery, body });
