import {
  type AccountId,
  type AccountKind,
  type CommandContext,
  invariant,
  isMoreTelling,
  openingReference,
  type Owner,
  ownedBy,
  type Reference,
  type ReferenceState,
  referenceKey,
} from '@counterfoil/domain';
import { booksOf, derivedContext, type Ledger, sha256Hex } from './ledger.ts';
import { rememberingNames, remembersHolder } from './remembers-holder.ts';
import { useReference } from './use-reference.ts';

/** Whose money it is: `isLinked` is false where nobody has said so and it is kept for its owner. */
export type ResolvedOwner = Readonly<{
  accountId: AccountId;
  isLinked: boolean;
  /** The reference that somebody has linked to the account; null where nobody has. */
  linkedBy: Reference | null;
  /** References that the event does not name and through which the owner was found. */
  aliases: readonly string[];
  /** References that would take the money if somebody linked them. */
  unlinked: readonly Reference[];
  /** For whom the account is kept; null where a link decides. */
  keptFor: Reference | null;
}>;

// A holder's holder does not occur at any provider; the bound keeps a mistake from looping.
const holdersMax = 3;

/**
 * R13: the first of the named references that is linked, where a reference also counts as linked if
 * its holder is. None: the account that is kept for the client, card, wallet or address.
 */
export async function resolveOwner(
  ledger: Ledger,
  owners: readonly Reference[],
): Promise<ResolvedOwner> {
  invariant(owners.length > 0, 'money that names nobody is a notice');
  // Read at once what is not in memory; below they are looked at one after the other.
  await Promise.all(owners.map((owner) => ledger.references.load(referenceKey(owner))));
  const aliases: string[] = [];
  const unlinked: Reference[] = [];
  const all = await withHolders(ledger, owners, aliases);
  for (const named of all.owners) {
    let reference: Reference | null = named;
    for (let step = 0; reference !== null && step < holdersMax; step += 1) {
      const state: ReferenceState = await ledger.references.load(referenceKey(reference));
      if (state.linkedTo !== null)
        return {
          accountId: state.linkedTo,
          isLinked: true,
          linkedBy: reference,
          aliases,
          unlinked,
          keptFor: null,
        };
      unlinked.push(reference);
      // A remembered holder stands among the named references already, at its own place.
      const holder: Reference | null = remembersHolder(reference) ? null : state.holder;
      if (holder !== null) aliases.push(referenceKey(holder));
      reference = holder;
    }
  }
  // What goes by one order or invoice stays together, where its first event was kept.
  const keptFor = all.holder ? await lastHolder(ledger, all.holder) : openingReference(unlinked);
  invariant(keptFor !== null, 'an unlinked reference is left');
  const accountId = ownedBy(keptFor, openedAs(ledger), sha256Hex);
  return { accountId, isLinked: false, linkedBy: null, aliases, unlinked, keptFor };
}

/** What was kept for a card has moved on to the holder that the provider named for it. */
async function lastHolder(ledger: Ledger, reference: Reference): Promise<Reference> {
  let last = reference;
  for (let step = 1; step < holdersMax; step += 1) {
    const { holder } = await ledger.references.load(referenceKey(last));
    if (holder === null) break;
    last = holder;
  }
  return last;
}

/**
 * The same by the ends of the references' streams: for what is final, or what has failed, because
 * nobody has linked a reference as far as this process remembers.
 */
export async function resolveLatestOwner(
  ledger: Ledger,
  owners: readonly Reference[],
): Promise<ResolvedOwner> {
  const read = new Set<string>();
  for (;;) {
    const owner = await resolveOwner(ledger, owners);
    // What is linked stays so; among the others a reading may show further holders.
    const unread = owner.unlinked.map(referenceKey).filter((key) => !read.has(key));
    if (unread.length === 0) return owner;
    await Promise.all(unread.map((key) => ledger.references.loadLatest(key)));
    for (const key of unread) read.add(key);
  }
}

/**
 * Another event of the order or invoice may have named its holder closer than this one does. The
 * holder stands where it would stand had this event named it: in place of our account, on which only
 * what names nobody falls back (R13).
 */
async function withHolders(
  ledger: Ledger,
  owners: readonly Reference[],
  aliases: string[],
): Promise<Readonly<{ owners: readonly Reference[]; holder: Reference | null }>> {
  let all = owners;
  let first: Reference | null = null;
  const namesNobody = owners.every((owner) => remembersHolder(owner) || owner.kind === 'account');
  for (const told of rememberingNames(owners)) {
    const { holder } = await ledger.references.load(referenceKey(told));
    if (holder === null) continue;
    first ??= holder;
    const key = referenceKey(holder);
    aliases.push(key);
    if (namesNobody && holder.kind !== 'account')
      all = all.filter(({ kind }) => kind !== 'account');
    if (all.some((reference) => referenceKey(reference) === key)) continue;
    const place = all.findIndex(
      (reference) => !remembersHolder(reference) && isMoreTelling(holder, reference),
    );
    all = place < 0 ? [...all, holder] : all.toSpliced(place, 0, holder);
  }
  return { owners: all, holder: first };
}

const openedAs = (ledger: Ledger) => (ledger.unknownAccounts === 'open' ? 'auto' : 'suspense');

/**
 * How a command tells the account through what it was found: a reference that counts less than the
 * linked one does not take the money when it is linked elsewhere.
 */
export const foundBy = ({ isLinked, aliases, unlinked }: ResolvedOwner) => ({
  aliases,
  ...(isLinked && { takers: unlinked.map(referenceKey) }),
});

// An owner changes while a reference is being linked; it settles after a step or two.
const resolutionsMax = 5;

/** Whose the money is, with books that exist; resolved again when that changes meanwhile. */
export async function preparedOwner(
  ledger: Ledger,
  owners: readonly Reference[],
  context: CommandContext,
): Promise<ResolvedOwner> {
  for (let attempt = 0; attempt < resolutionsMax; attempt += 1) {
    const owner = await resolveOwner(ledger, owners);
    if (await prepareOwner(ledger, owner, context)) return owner;
  }
  throw new Error('The owner of an event changed again and again; it will be tried later');
}

/**
 * Makes sure that the owner's books exist, and that whoever links one of the unlinked references
 * later finds the money. False: a reference was linked, or its holder named, meanwhile: resolve again.
 */
export async function prepareOwner(
  ledger: Ledger,
  owner: ResolvedOwner,
  context: CommandContext,
): Promise<boolean> {
  if (!owner.isLinked) await openKept(ledger, owner, context);
  // At once, so that they share one database transaction of the store.
  const prepared = owner.unlinked.map((reference) =>
    isStillAsResolved(ledger, owner, reference, context),
  );
  return (await Promise.all(prepared)).every((isAsResolved) => isAsResolved);
}

async function isStillAsResolved(
  ledger: Ledger,
  { accountId, aliases, unlinked }: ResolvedOwner,
  reference: Reference,
  context: CommandContext,
): Promise<boolean> {
  await useReference(ledger, accountId, reference, context);
  // The handler answered from the stream's end, so this is no older than the call.
  const { linkedTo, holder } = await ledger.references.load(referenceKey(reference));
  if (linkedTo !== null && linkedTo !== accountId) return false;
  const isAsked = !remembersHolder(reference) || rememberingNames(unlinked).includes(reference);
  return holder === null || !isAsked || aliases.includes(referenceKey(holder));
}

async function openKept(
  ledger: Ledger,
  { accountId, keptFor: openedFor }: ResolvedOwner,
  context: CommandContext,
): Promise<void> {
  const books = booksOf(ledger, accountId);
  if ((await books.load(accountId)).owner !== null) return;
  invariant(openedFor !== null, 'an account is kept for some reference');
  const opened = await books.handle(accountId, {
    type: 'OpenAccount',
    data: { owner: keptOwner(accountId, openedFor), openedFor },
    context: { ...context, commandId: derivedContext(context, `open ${accountId}`).commandId },
  });
  invariant(opened.ok, `the account kept for ${referenceKey(openedFor)} can be opened`);
}

function keptOwner(accountId: AccountId, openedFor: Reference): Owner {
  const kind: AccountKind = openedFor.kind === 'account' ? 'merchant' : 'holder';
  return accountId.startsWith('suspense.')
    ? { place: 'suspense', accountId, provider: openedFor.provider }
    : { place: 'account', accountId, kind };
}
