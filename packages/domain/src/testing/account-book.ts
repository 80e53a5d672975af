import { accountDecider } from '../account/account-decider.ts';
import type {
  AccountCommand,
  AccountEvent,
  Effect,
  Owner,
  TransferSide,
} from '../account/messages.ts';
import { type Account, absentAccount, type Balance, balanceOf } from '../account/state.ts';
import type { CanonicalEvent, CanonicalOf } from '../canonical/events.ts';
import { accountId, commandId, correlationId, type Instant } from '../ids.ts';
import type { CommandContext } from '../message.ts';
import { formatUnits, type Money } from '../money.ts';
import type { Reference } from '../reference/reference.ts';
import { invariant } from '../result.ts';
import { amountOf, noon } from './canonical-builder.ts';

export const ownerOf = (id: string): Owner => ({
  place: 'account',
  accountId: accountId(id),
  kind: 'player',
});

/** Commands of a test are numbered by what they are for, so that a repeat is the same command. */
export const contextOf = (id: string, now: Instant = noon): CommandContext => ({
  commandId: commandId(id),
  correlationId: correlationId(id),
  now,
});

export const recordFact = (event: CanonicalEvent): AccountCommand => ({
  type: 'RecordFact',
  data: { event, side: null, aliases: [] },
  context: contextOf(event.eventId),
});

/** A transfer at one of its ends. */
export const recordTransfer = (
  event: CanonicalOf<'TransferCompleted'>,
  side: TransferSide,
): AccountCommand => ({
  type: 'RecordFact',
  data: { event, side, aliases: [] },
  context: contextOf(`${event.eventId} ${side}`),
});

export const decideAuthorization = (
  event: Extract<CanonicalEvent, { type: 'AuthorizationRequested' }>,
): AccountCommand => ({
  type: 'DecideAuthorization',
  data: { event, aliases: [], isCardLinked: true, declineBecause: null },
  context: contextOf(event.eventId),
});

/** One account as a ledger would keep it, checked after each step. */
export type AccountBook = Readonly<{ account: Account; log: readonly AccountEvent[] }>;

export const openedBook = (id: string, openedFor: Reference | null = null): AccountBook => {
  const owner = ownerOf(id);
  const opened: AccountEvent = { type: 'AccountOpened', data: { owner, openedFor } };
  return { account: accountDecider.evolve(absentAccount, opened), log: [opened] };
};

/** Throws where a command that a test expects to be taken is rejected. */
export function after(book: AccountBook, ...commands: readonly AccountCommand[]): AccountBook {
  return commands.reduce(afterOne, book);
}

function afterOne({ account, log }: AccountBook, command: AccountCommand): AccountBook {
  const decided = accountDecider.decide(command, account);
  invariant(decided.ok, `${command.type} is taken: ${decided.ok ? '' : decided.error.message}`);
  const next = {
    account: decided.value.reduce(accountDecider.evolve, account),
    log: [...log, ...decided.value],
  };
  checkHeld(next);
  return next;
}

export const effectIn = (event: AccountEvent): Effect | null =>
  'effect' in event.data ? event.data.effect : null;

/** `held` equals the sum of the holds that the log says are open, and nothing is set aside below zero. */
function checkHeld({ account, log }: AccountBook): void {
  const open = [...openMoney(log).values()];
  for (const [asset, balance] of account.balances) {
    const held = open
      .filter((hold) => hold.asset === asset)
      .reduce((total, { units }) => total + units, 0n);
    invariant(held === balance.held, `open holds are ${held} ${asset}, held is ${balance.held}`);
    invariant(balance.held >= 0n && balance.reserved >= 0n, 'what is set aside is not negative');
  }
}

function openMoney(log: readonly AccountEvent[]): ReadonlyMap<string, Money> {
  const open = new Map<string, Money>();
  for (const { holdId, held } of log.flatMap((event) => effectIn(event)?.holds ?? []))
    if (held.units === 0n) open.delete(holdId);
    else open.set(holdId, held);
  return open;
}

export const openHolds = (log: readonly AccountEvent[]): ReadonlyMap<string, bigint> =>
  new Map([...openMoney(log)].map(([holdId, { units }]) => [holdId, units]));

/** Balances as a person reads them: `available held reserved`. */
export function moneyIn({ account }: AccountBook, assetCode = 'USD'): string {
  const { asset } = amountOf('0', assetCode);
  const { available, held, reserved } = balanceOf(account, asset);
  return [available, held, reserved].map((units) => formatUnits(units, asset)).join(' ');
}

export const reviewsIn = ({ account }: AccountBook): readonly string[] =>
  account.reviews
    .entries()
    .map(([, { review }]) => review.reason)
    .sort();

/** An account with money to spend. */
export const fundedBook = (amount: string, assetCode = 'USD'): AccountBook =>
  after(openedBook('player-1'), adjustment('start', amount, 'credit', assetCode));

export const adjustment = (
  adjustmentId: string,
  amount: string,
  direction: 'credit' | 'debit',
  assetCode = 'USD',
): AccountCommand => ({
  type: 'PostAdjustment',
  data: {
    adjustmentId,
    amount: amountOf(amount, assetCode),
    direction,
    reason: 'by hand',
    actor: 'test',
    effectiveAt: null,
  },
  context: contextOf(`adjust ${adjustmentId}`),
});

/** Facts that a provider tells, one after the other. */
export const told = (book: AccountBook, ...events: readonly CanonicalEvent[]): AccountBook =>
  after(book, ...events.map(recordFact));

/** Why the account refuses a command; null when it takes it. */
export function rejectionOf({ account }: AccountBook, command: AccountCommand): string | null {
  const decided = accountDecider.decide(command, account);
  return decided.ok ? null : decided.error.code;
}

/** All that must not depend on the order in which facts came. */
export function outcomeOf({ account, log }: AccountBook) {
  const cards = account.cards.entries().map(([id, { status }]) => [id, status] as const);
  return {
    balances: new Map([...account.balances].filter(([, balance]) => !isZero(balance)).sort()),
    addresses: totalsOf(log),
    holds: new Map([...openHolds(log)].sort()),
    reviews: account.reviews
      .entries()
      .map(([id]) => id)
      .sort(),
    cards: new Map(cards.sort()),
  };
}

const isZero = ({ available, held, reserved }: Balance): boolean =>
  available === 0n && held === 0n && reserved === 0n;

/** What each address has, by all postings of the log. */
export function totalsOf(log: readonly AccountEvent[]): ReadonlyMap<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const event of log)
    for (const { source, destination, amount } of effectIn(event)?.transaction?.postings ?? []) {
      totals.set(
        `${source} ${amount.asset}`,
        (totals.get(`${source} ${amount.asset}`) ?? 0n) - amount.units,
      );
      totals.set(
        `${destination} ${amount.asset}`,
        (totals.get(`${destination} ${amount.asset}`) ?? 0n) + amount.units,
      );
    }
  return new Map([...totals].filter(([, units]) => units !== 0n).sort());
}

/** The commands in each order in which they may come. */
export const inEveryOrder = (
  commands: readonly AccountCommand[],
): readonly (readonly AccountCommand[])[] =>
  commands.length < 2
    ? [commands]
    : commands.flatMap((command, index) =>
        inEveryOrder(commands.toSpliced(index, 1)).map((rest) => [command, ...rest]),
      );

/** All that an account keeps for a reference leaves it, and can arrive in any other. */
export function leaving(from: AccountBook, reference: Reference) {
  const data = { moveId: 'move', reference };
  const sender = after(from, {
    type: 'MoveOut',
    data: { ...data, to: accountId('player-1'), lengthMax: Number.POSITIVE_INFINITY },
    context: contextOf('out'),
  });
  const content = sender.account.movesOut.get('move');
  invariant(content !== undefined, 'something has left');
  const arrive: AccountCommand = {
    type: 'MoveIn',
    data: { ...data, from: accountId('kept'), content },
    context: contextOf('in'),
  };
  return { sender, arrive };
}
