import {
  type AccountId,
  type Checkpoint,
  type CommandContext,
  type CommandId,
  invariant,
  isMoreTelling,
  type MovedContent,
  type Reference,
  referenceKey,
  referenceOf,
} from '@counterfoil/domain';
import { booksOf, derivedCommandId, type Ledger } from './ledger.ts';
import { remembersHolder } from './remembers-holder.ts';
import { useReference } from './use-reference.ts';

// An event must fit into an append to KurrentDB, of a megabyte, with what the move does beside it.
const partLengthMax = 256 * 1024;

// Each may be a large account that is not in memory.
const readAtOnce = 8;

/** `linkedBy`: the link for which it moves; null where nobody has linked anything. */
type Move = Readonly<{
  reference: Reference;
  from: AccountId;
  to: AccountId;
  linkedBy: Reference | null;
}>;

/**
 * Moves all that the sender keeps for the reference, each part in two transactions that meet in
 * transit. Given again it finishes what was interrupted, and moves what has come to the sender since.
 */
export async function moveBetweenAccounts(
  ledger: Ledger,
  move: Move,
  context: CommandContext,
  lengthMax = partLengthMax,
): Promise<Readonly<{ position: Checkpoint | null; moved: readonly MovedContent[] }>> {
  const { reference, from, to } = move;
  const sender = booksOf(ledger, from);
  const moved: MovedContent[] = [];
  let position: Checkpoint | null = null;
  // Ends with the part for which nothing is left.
  for (let part = 0; ; part += 1) {
    const moveId = moveIdOf(move, part);
    const out = await sender.handle(from, {
      type: 'MoveOut',
      data: { moveId, reference, to, lengthMax },
      context: { ...context, commandId: derivedCommandId(moveId, 'out') },
    });
    invariant(out.ok, `money can move out of ${from}`);
    const content = (await sender.load(from)).movesOut.get(moveId);
    if (content === undefined) return { position, moved };
    const into = await moveIn(ledger, move, { moveId, content }, context);
    position = into ?? out.value.position ?? position;
    moved.push(content);
  }
}

/**
 * A move whose second half is missing goes where it was bound, though that be the owner no more: it
 * would stay in transit, and from there it can go on. `accounts`: all that have used the reference.
 * Whom it is linked to need not be among them, and stays the owner.
 */
export async function finishHalfMoves(
  ledger: Ledger,
  { reference, accounts }: Readonly<{ reference: Reference; accounts: readonly AccountId[] }>,
  context: CommandContext,
): Promise<void> {
  if (accounts.length < 2) return;
  for (let next = 0; next < accounts.length; next += readAtOnce) {
    const senders = accounts.slice(next, next + readAtOnce);
    const read = await Promise.all(
      senders.map(async (from) => {
        const { movesOut } = await booksOf(ledger, from).loadLatest(from);
        return { from, movesOut };
      }),
    );
    for (const { from, movesOut } of read)
      for (const to of accounts)
        for (let part = 0; ; part += 1) {
          const moveId = moveIdOf({ reference, from, to }, part);
          const content = movesOut.get(moveId);
          if (content === undefined) break;
          await moveIn(
            ledger,
            { reference, from, to, linkedBy: reference },
            { moveId, content },
            context,
          );
        }
  }
}

/** The first part has the id that the whole had when there were no parts. */
const moveIdOf = ({ reference, from, to }: Omit<Move, 'linkedBy'>, part: number): CommandId =>
  derivedCommandId(
    [referenceKey(reference), from, to, ...(part === 0 ? [] : [part])].join('|'),
    'move',
  );

async function moveIn(
  ledger: Ledger,
  { reference, from, to, linkedBy }: Move,
  { moveId, content }: Readonly<{ moveId: CommandId; content: MovedContent }>,
  context: CommandContext,
): Promise<Checkpoint | null> {
  const receiver = booksOf(ledger, to);
  // What has arrived stays so: memory suffices to tell a repeat.
  if ((await receiver.load(to)).done.get(`move|${moveId}`) !== undefined) return null;
  await useNames(ledger, { content, to, linkedBy }, context);
  const into = await receiver.handle(to, {
    type: 'MoveIn',
    data: { moveId, reference, from, content },
    context: { ...context, commandId: derivedCommandId(moveId, 'in') },
  });
  invariant(into.ok, `money can move into ${to}`);
  return into.value.position;
}

/**
 * Before it arrives: whoever names the holder of what has come along, or links one of its names that
 * counts more than the one for which it moves (R13), finds it there.
 */
async function useNames(
  ledger: Ledger,
  { content, to, linkedBy }: Readonly<{ content: MovedContent }> & Pick<Move, 'to' | 'linkedBy'>,
  context: CommandContext,
): Promise<void> {
  const countsMore = (reference: Reference): boolean =>
    remembersHolder(reference) ||
    linkedBy === null ||
    (!remembersHolder(linkedBy) && isMoreTelling(reference, linkedBy));
  // An end of a transfer has the names of its event, of which some are of the other end.
  const kept = content.lifecycles.filter(({ lifecycleId }) => !/\|(?:from|to)$/.test(lifecycleId));
  const names = new Set(kept.flatMap((lifecycle) => lifecycle.names));
  const references = [...names].flatMap((name) => referenceOf(name) ?? []).filter(countsMore);
  await Promise.all(references.map((reference) => useReference(ledger, to, reference, context)));
}
