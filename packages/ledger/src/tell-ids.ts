import {
  type CanonicalEvent,
  type CommandContext,
  idsTold,
  invariant,
  referenceDecider,
  referenceKey,
} from '@counterfoil/domain';
import { derivedContext, type Ledger } from './ledger.ts';

/**
 * Remembers which ids an invoice or payout goes by, and asks a person where what a provider says of
 * them disagrees. Given again it changes nothing. Durable on return.
 */
export async function tellIds(
  ledger: Ledger,
  event: CanonicalEvent,
  context: CommandContext,
): Promise<void> {
  const { deliveryId } = event.source;
  await Promise.all(
    idsTold(event).map(async ({ reference, ids }) => {
      const key = referenceKey(reference);
      const command = {
        type: 'TellIds',
        data: { reference, ids, deliveryId },
        context: derivedContext(context, `ids of ${key}`),
      } as const;
      // What was told is never untold, so that what this process knows suffices to tell a repeat.
      const news = referenceDecider.decide(command, await ledger.references.load(key));
      if (news.ok && news.value.length === 0) return;
      const told = await ledger.references.handle(key, command);
      invariant(told.ok, 'telling ids is never refused');
    }),
  );
}
