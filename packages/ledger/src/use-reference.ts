import {
  type AccountId,
  type CommandContext,
  invariant,
  type Reference,
  referenceKey,
} from '@counterfoil/domain';
import { derivedContext, type Ledger } from './ledger.ts';

/** Notes that an account keeps what names the reference, for whoever links it. Durable on return. */
export async function useReference(
  ledger: Ledger,
  accountId: AccountId,
  reference: Reference,
  context: CommandContext,
): Promise<void> {
  const key = referenceKey(reference);
  const used = await ledger.references.handle(key, {
    type: 'UseReference',
    data: { reference, accountId },
    context: derivedContext(context, `use ${key} ${accountId}`),
  });
  invariant(used.ok, 'using a reference is never refused');
}
