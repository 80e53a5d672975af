import { createHash } from 'node:crypto';
import type { ProviderName } from '@counterfoil/domain';
import type { ProviderAdapter } from '@counterfoil/providers';
import type { Inbox } from '../inbox/inbox.ts';
import { readableWebhook } from '../reception/readable-body.ts';
import { isCredentialHeader } from '../reception/archived-headers.ts';
import type { KeptDelivery, RejectedDeliveries } from './rejected-deliveries.ts';

const pageSize = 100;

/**
 * Gives what a provider sent while our secret was wrong a second chance: what one of its adapters
 * would have signed in the same way goes into the inbox, the rest stays where it is.
 * A request for a decision is archived too; its moment has passed, and it is not answered.
 */
export async function verifyAgain(
  ports: Readonly<{ rejected: RejectedDeliveries; inbox: Inbox }>,
  provider: ProviderName,
  adapters: readonly ProviderAdapter[],
): Promise<Readonly<{ accepted: number; refused: number }>> {
  let [accepted, refused] = [0, 0];
  let sequence = '0';
  for (;;) {
    const page = await ports.rejected.after({ provider, sequence, limit: pageSize });
    for (const kept of page) {
      const adapter = adapters.find((one) => isSignedBy(one, kept));
      if (adapter !== undefined && (await accept(ports, adapter, kept))) accepted += 1;
      else refused += 1;
      sequence = kept.sequence;
    }
    if (page.length < pageSize) return { accepted, refused };
  }
}

/** The credential headers as the adapter would send them. */
const credentialsOf = (
  adapter: ProviderAdapter,
  { body, receivedAt, headers }: KeptDelivery,
): readonly (readonly [string, string])[] =>
  Object.entries(adapter.sign(body, receivedAt, headers))
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => isCredentialHeader(name));

function isSignedBy(adapter: ProviderAdapter, kept: KeptDelivery): boolean {
  const credentials = credentialsOf(adapter, kept);
  const isSame = ([name, value]: readonly [string, string]) =>
    kept.credentialDigests[name] === sha256(value);
  return credentials.length > 0 && credentials.every(isSame);
}

async function accept(
  { rejected, inbox }: Readonly<{ rejected: RejectedDeliveries; inbox: Inbox }>,
  adapter: ProviderAdapter,
  kept: KeptDelivery,
): Promise<boolean> {
  const { headers, body, receivedAt, deliveryId, provider } = kept;
  const verified = adapter.webhooks.verify({
    headers: new Map([...headers, ...credentialsOf(adapter, kept)]),
    body,
    receivedAt,
    deliveryId,
  });
  if (!verified.ok) return false;
  const { dialect, eventKey, bodySha256 } = adapter.webhooks.identify(
    readableWebhook(provider, verified.value),
  );
  const identified = { id: deliveryId, provider, dialect, eventKey, bodySha256 };
  const available = { receivedAt, availableAt: receivedAt, reason: null };
  // There already: the process ended between storing it and removing it here.
  const isTaken = (await inbox.find(deliveryId)) !== null;
  if (!isTaken) await inbox.store({ ...identified, ...available, headers, body });
  await rejected.remove(deliveryId);
  return true;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
