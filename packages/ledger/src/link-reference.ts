import {
  type AccountId,
  type Checkpoint,
  type CommandContext,
  invariant,
  isMoreTelling,
  type MovedContent,
  ok,
  type Reference,
  type ReferenceRejection,
  referenceKey,
  referenceOf,
  type Result,
} from '@counterfoil/domain';
import { derivedContext, type Ledger } from './ledger.ts';
import { finishHalfMoves, moveBetweenAccounts } from './move-between-accounts.ts';
import { preparedOwner, type ResolvedOwner, resolveOwner } from './owner-resolution.ts';
import { isOrderReference, rememberingNames, remembersHolder } from './remembers-holder.ts';

/**
 * Says whose a reference is, and moves what was kept for it. Given again it changes nothing but
 * finishes a move that was interrupted. Durable on return.
 */
export async function linkReference(
  ledger: Ledger,
  link: Readonly<{ reference: Reference; accountId: AccountId; actor: string }>,
  context: CommandContext,
): Promise<Result<Checkpoint | null, ReferenceRejection>> {
  const key = referenceKey(link.reference);
  const linked = await ledger.references.handle(key, {
    type: 'LinkReference',
    data: link,
    context: derivedContext(context, `link ${key}`),
  });
  if (!linked.ok) return linked;
  const moved = await moveToOwner(ledger, link.reference, context);
  return ok(moved ?? linked.value.position);
}

/**
 * The provider said whose a reference is: what was kept for it goes where its holder's money goes.
 * Given again it changes nothing but finishes a move that was interrupted.
 */
export async function nameHolder(
  ledger: Ledger,
  named: Readonly<{ reference: Reference; holder: Reference; instead?: Reference }>,
  context: CommandContext,
): Promise<void> {
  const key = referenceKey(named.reference);
  const holderKey = referenceKey(named.holder);
  const { holder, usedBy } = await ledger.references.load(key);
  const isKnown = holder !== null && referenceKey(holder) === holderKey;
  if (isKnown) {
    // Nearly every event of an order names its holder again, and all is where it belongs.
    const owner = await resolveOwner(ledger, [named.reference]);
    if (usedBy.every((from) => from === owner.accountId)) return;
  } else {
    if (named.instead === undefined && !isMoreTelling(named.holder, holder)) return;
    const result = await ledger.references.handle(key, {
      type: 'NameHolder',
      data: named,
      context: derivedContext(context, `holder of ${key} is ${holderKey}`),
    });
    invariant(result.ok, 'naming a holder is never refused');
  }
  await moveToOwner(ledger, named.reference, context);
}

/**
 * Moves everything that other accounts keep for the reference to its owner of now. Each step is done
 * once, however often this is called: it is called after every link, and again for every link found
 * in the log when a process starts.
 */
export async function moveToOwner(
  ledger: Ledger,
  reference: Reference,
  context: CommandContext,
): Promise<Checkpoint | null> {
  const { usedBy, holder } = await latestOf(ledger, reference);
  if (holder !== null) await latestOf(ledger, holder);
  let position: Checkpoint | null = null;
  await finishHalfMoves(ledger, { reference, accounts: usedBy }, context);
  for (const from of usedBy) {
    const takesFrom = ({ accountId, isLinked }: ResolvedOwner) =>
      accountId !== from &&
      // Without a link only what was kept for want of an owner moves; other facts name more than this.
      (isLinked || (!isOrderReference(reference) && isKept(from)));
    if (!takesFrom(await resolveOwner(ledger, [reference]))) continue;
    const owner = await preparedOwner(ledger, [reference], context);
    if (!takesFrom(owner)) continue;
    const step = await moveBetweenAccounts(
      ledger,
      { reference, from, to: owner.accountId, linkedBy: owner.linkedBy },
      context,
    );
    position = step.position ?? position;
    for (const content of step.moved)
      await tieOrders(ledger, { reference, owner, content }, context);
  }
  return position;
}

/** Not from memory: another process may have linked it, and died before it moved anything. */
const latestOf = (ledger: Ledger, reference: Reference) =>
  ledger.references.loadLatest(referenceKey(reference));

const isKept = (accountId: AccountId): boolean => /^(?:auto|suspense)\./.test(accountId);

/**
 * An order or invoice belongs to whoever the most telling of its events named: an event that names it
 * and little else finds the same account. `owner` is whom one event was found to belong to; found
 * through our id of an order, the provider's id is his as well.
 */
export async function nameHolderOfTold(
  ledger: Ledger,
  { owners, owner }: Readonly<{ owners: readonly Reference[]; owner: FoundOwner }>,
  context: CommandContext,
): Promise<void> {
  const { linkedBy, accountId } = owner;
  if (linkedBy === null) return nameKeptFor(ledger, owners, owner, context);
  for (const reference of rememberingNames(owners))
    if (!remembersHolder(linkedBy))
      await nameHolder(ledger, await byLink(ledger, reference, linkedBy), context);
    // What somebody has linked elsewhere by itself stays there; ids of an invoice are not joined.
    else if (isOrderReference(linkedBy) && referenceKey(reference) !== referenceKey(linkedBy))
      await linkReference(ledger, { reference, accountId, actor: 'order' }, context);
}

/** Whom somebody has linked counts before whom nobody has. */
async function byLink(ledger: Ledger, reference: Reference, holder: Reference) {
  const known = (await ledger.references.load(referenceKey(reference))).holder;
  const isNobodys = known !== null && !(await resolveOwner(ledger, [known])).isLinked;
  return { reference, holder, ...(isNobodys && { instead: known }) };
}

type FoundOwner = Pick<ResolvedOwner, 'accountId' | 'linkedBy' | 'keptFor'>;

/** While nobody is linked, the first event decides where it is kept, and others follow. */
async function nameKeptFor(
  ledger: Ledger,
  owners: readonly Reference[],
  { keptFor }: FoundOwner,
  context: CommandContext,
): Promise<void> {
  if (keptFor === null || remembersHolder(keptFor)) return;
  for (const reference of rememberingNames(owners)) {
    const { holder } = await ledger.references.load(referenceKey(reference));
    if (holder === null) await nameHolder(ledger, { reference, holder: keptFor }, context);
  }
}

async function tieOrders(
  ledger: Ledger,
  {
    reference,
    owner,
    content,
  }: Readonly<{ reference: Reference; owner: FoundOwner; content: MovedContent }>,
  context: CommandContext,
): Promise<void> {
  const { accountId } = owner;
  const found = isOrderReference(reference)
    ? owner
    : { linkedBy: reference, accountId, keptFor: null };
  // Of two orders that name each other, each would send the other round and round.
  for (const order of ordersIn(content))
    if (!isOrderReference(reference) || (await isNews(ledger, order, found)))
      await nameHolderOfTold(ledger, { owners: [order], owner: found }, context);
}

async function isNews(ledger: Ledger, order: Reference, { linkedBy }: FoundOwner) {
  const { linkedTo, holder } = await ledger.references.load(referenceKey(order));
  if (linkedBy === null || isOrderReference(linkedBy)) return linkedTo === null;
  return isMoreTelling(linkedBy, holder);
}

/** The orders that came along; events that name only them belong here from now on as well. */
const ordersIn = (content: MovedContent): readonly Reference[] =>
  content.lifecycles
    .filter(({ lifecycleId }) => lifecycleId.startsWith('order|'))
    .flatMap(({ names }) => names.flatMap((name) => referenceOf(name) ?? []))
    .filter(isOrderReference);
