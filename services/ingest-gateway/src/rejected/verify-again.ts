import { createHash } from 'node:crypto';
import type { ProviderAdapter } from '@counterfoil/providers';
import type { Inbox } from '../inbox/inbox.ts';
import { isCredentialHeader } from '../reception/archived-headers.ts';
import type { KeptDelivery, RejectedDeliveries } from './rejected-deliveries.ts';

const pageSize = 100;

/**
 * Gives what a provider sent while our secret was wrong a second chance: what the adapter's present
 * credential would have signed in the same way goes into the inbox, the rest stays where it is.
 * A request for a decision is archived too; its moment has passed, and it is not answered.
 */
export async function verifyAgain(
  ports: Readonly<{ rejected: RejectedDeliveries; inbox: Inbox }>,
  adapter: ProviderAdapter,
): Promise<Readonly<{ accepted: number; refused: number }>> {
  let [accepted, refused] = [0, 0];
  let sequence = '0';
  for (;;) {
    const page = await ports.rejected.after({
      provider: adapter.provider,
      sequence,
      limit: pageSize,
    });
    for (const kept of page) {
      if (await accept(ports, adapter, kept)) accepted += 1;
      else refused += 1;
      sequence = kept.sequence;
    }
    if (page.length < pageSize) return { accepted, refused };
  }
}

async function accept(
  { rejected, inbox }: Readonly<{ rejected: RejectedDeliveries; inbox: Inbox }>,
  adapter: ProviderAdapter,
  kept: KeptDelivery,
): Promise<boolean> {
  const { headers, body, receivedAt, deliveryId, provider } = kept;
  const credentials = Object.entries(adapter.sign(body, receivedAt, headers))
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => isCredentialHeader(name));
  const isSame = credentials.every(
    ([name, value]) => kept.credentialDigests[name] === sha256(value),
  );
  if (credentials.length === 0 || !isSame) return false;
  const verified = adapter.webhooks.verify({
    headers: new Map([...headers, ...credentials]),
    body,
    receivedAt,
    deliveryId,
  });
  if (!verified.ok) return false;
  const { dialect, eventKey, bodySha256 } = adapter.webhooks.identify(verified.value);
  const identified = { id: deliveryId, provider, dialect, eventKey, bodySha256 };
  const available = { receivedAt, availableAt: receivedAt, reason: null };
  // There already: the process ended between storing it and removing it here.
  const isTaken = (await inbox.find(deliveryId)) !== null;
  if (!isTaken) await inbox.store({ ...identified, ...available, headers, body });
  await rejected.remove(deliveryId);
  return true;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
