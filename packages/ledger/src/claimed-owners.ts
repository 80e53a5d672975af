import {
  type CanonicalEvent,
  type CommandContext,
  invariant,
  isMoreTelling,
  postedEffectsOf,
  type Reference,
  referenceKey,
  type TransferSide,
} from '@counterfoil/domain';
import { derivedContext, type Ledger, sha256Hex } from './ledger.ts';
import { type ResolvedOwner, resolveOwner } from './owner-resolution.ts';

type Posted = Readonly<{
  event: CanonicalEvent;
  side: TransferSide | null;
  owners: readonly Reference[];
}>;

/**
 * By whom an event's effect has to be looked for: the owners of the first body that told of it, of
 * which this may be one. Those of the event where it posts nothing by itself. Durable on return, so
 * that whoever tells of it later finds the same account, though nothing has posted there yet.
 */
export async function claimedOwners(
  ledger: Ledger,
  { event, side, owners }: Posted,
  context: CommandContext,
): Promise<readonly Reference[]> {
  const effectKeys = postedEffectsOf(event, side);
  const streams = effectKeys.map(sha256Hex);
  const known = await Promise.all(streams.map((stream) => ledger.effects.load(stream)));
  // A settlement that shares a deposit with an earlier one belongs where that one is, with all it has.
  const claiming = known.find((claimed) => claimed !== null) ?? owners;
  const claims = await Promise.all(
    effectKeys.map(async (effectKey, index) => {
      const stream = streams[index] ?? '';
      if (known[index]) return known[index] ?? null;
      const claimed = await ledger.effects.handle(stream, {
        type: 'ClaimEffect',
        data: { effectKey, owners: claiming },
        context: derivedContext(context, `claim ${effectKey}`),
      });
      invariant(claimed.ok, 'claiming an effect is never refused');
      return ledger.effects.load(stream);
    }),
  );
  const other = claims.find((claimed) => claimed !== null && !isSame(claimed, owners));
  return other ?? owners;
}

const isSame = (left: readonly Reference[], right: readonly Reference[]): boolean =>
  left.length === right.length &&
  left.every(
    (reference, index) => referenceKey(reference) === referenceKey(right[index] ?? reference),
  );

/** `foundBy` for an owner whom an earlier body named. `named`: whom the event itself does. */
export async function foundByClaim(
  ledger: Ledger,
  owner: ResolvedOwner,
  named: readonly Reference[],
) {
  const told = await resolveOwner(ledger, named);
  const isContested =
    told.accountId !== owner.accountId && !isMoreTelling(closest(owner), closest(told));
  return {
    aliases: owner.aliases,
    // What the event itself names has no part in the money.
    takers: owner.unlinked.map(referenceKey),
    ...(isContested && { isOwnerContested: true }),
  };
}

function closest({ linkedBy, keptFor }: ResolvedOwner): Reference {
  const reference = linkedBy ?? keptFor;
  invariant(reference !== null, 'an owner is found by some reference');
  return reference;
}
