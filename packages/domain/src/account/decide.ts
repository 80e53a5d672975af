import { line, negated, sum } from '../ledger/booking.ts';
import type { CommandContext } from '../message.ts';
import { referenceKey } from '../reference/reference.ts';
import { err, ok, type Result } from '../result.ts';
import { closedCardReviews } from './closed-card.ts';
import { decideAuthorization } from './decide-authorization.ts';
import { effectOf, type Outcome, withReviewsOf } from './effect.ts';
import type {
  AccountCommand,
  AccountEvent,
  AccountRejection,
  Effect,
  Order,
  Owner,
} from './messages.ts';
import { findHold } from './find-hold.ts';
import { mergeIn } from './merge-in.ts';
import { contentNaming, expecting, moveOutOutcome } from './move.ts';
import { orderCost } from './order.ts';
import { nameOfOrder } from './order-fact.ts';
import { originOf, summarize } from './purchase.ts';
import { purchaseOutcome } from './purchase-outcome.ts';
import { orderOutcome, recordFact } from './record-fact.ts';
import { resolveReview } from './resolve-review.ts';
import { type Account, spendable } from './state.ts';

type Decided = Result<readonly AccountEvent[], AccountRejection>;
type CommandOf<Type extends AccountCommand['type']> = Extract<AccountCommand, { type: Type }>;

const rejected = (code: AccountRejection['code'], message: string): Decided =>
  err({ code, message });

export function decide(command: AccountCommand, account: Account): Decided {
  if (command.type === 'OpenAccount') return open(command, account);
  const { owner } = account;
  if (owner === null) return rejected('account-not-found', 'There is no such account.');
  switch (command.type) {
    case 'RecordFact':
      return recordFact(account, command.data);
    case 'DecideAuthorization':
      return decideAuthorization(account, command.data);
    case 'FreezeAccount':
      return changeStatus(account, 'frozen', { type: 'AccountFrozen', data: command.data });
    case 'UnfreezeAccount':
      return changeStatus(account, 'active', { type: 'AccountUnfrozen', data: command.data });
    case 'CloseAccount':
      return close(command, account);
    case 'SetCreditLimit':
      return setCreditLimit(command, account);
    case 'PostAdjustment':
      return postAdjustment(command, account, owner);
    case 'PlaceOrder':
      return placeOrder(command.data.order, account, owner, command.context);
    case 'WithdrawApproval':
    case 'ExpireHold':
      return endHold(command, account, owner);
    case 'MoveOut':
      return moveOut(command, account, owner);
    case 'MoveIn':
      return moveIn(command, account, owner);
    case 'ResolveReview':
      return resolveReview(command, account, owner);
  }
}

function open({ data }: CommandOf<'OpenAccount'>, { owner }: Account): Decided {
  if (owner === null) return ok([{ type: 'AccountOpened', data }]);
  const isSame =
    owner.place === data.owner.place &&
    (owner.place === 'suspense' ||
      data.owner.place === 'suspense' ||
      owner.kind === data.owner.kind);
  return isSame ? ok([]) : rejected('account-exists', 'The account exists and is of another kind.');
}

function changeStatus(account: Account, to: 'active' | 'frozen', event: AccountEvent): Decided {
  if (account.status === 'closed') return rejected('account-closed', 'The account is closed.');
  return ok(account.status === to ? [] : [event]);
}

function close({ data }: CommandOf<'CloseAccount'>, account: Account): Decided {
  if (account.status === 'closed') return ok([]);
  const isEmpty = [...account.balances.values()].every(
    ({ available, held, reserved }) => available === 0n && held === 0n && reserved === 0n,
  );
  return isEmpty
    ? ok([{ type: 'AccountClosed', data }])
    : rejected('account-not-empty', 'An account is closed when all its balances are zero.');
}

function setCreditLimit({ data }: CommandOf<'SetCreditLimit'>, account: Account): Decided {
  if (account.status === 'closed') return rejected('account-closed', 'The account is closed.');
  const { asset, units } = data.limit;
  if ((account.creditLimits.get(asset) ?? 0n) === units) return ok([]);
  return ok([{ type: 'CreditLimitSet', data }]);
}

/**
 * A debit by hand may not overdraw; a correction beyond that wants a credit limit first. A closed
 * account is corrected like any other: what a provider tells of it later posts all the same, and
 * nothing else gets money out again.
 */
function postAdjustment(
  { data, context }: CommandOf<'PostAdjustment'>,
  account: Account,
  owner: Owner,
): Decided {
  const { adjustmentId, amount, direction, reason, actor } = data;
  if (amount.units <= 0n) return rejected('amount-not-positive', 'The amount must be above zero.');
  const done = account.done.get(`adjustment|${adjustmentId}`);
  if (done !== undefined)
    return done === `${direction} ${amount.units} ${amount.asset}`
      ? ok([])
      : rejected('adjustment-differs', 'An adjustment of this id was posted with other money.');
  if (direction === 'debit' && amount.units > spendable(account, amount.asset))
    return rejected('insufficient-funds', 'The available balance does not cover the debit.');
  const sign = direction === 'credit' ? 1n : -1n;
  const booking = sum(
    [line('available', amount, sign)],
    negated([line('adjustments', amount, sign)]),
  );
  const effect = effectOf(
    account,
    owner,
    null,
    { booking },
    {
      transactionId: adjustmentId,
      effectiveAt: data.effectiveAt ?? context.now,
    },
  );
  const recorded = { adjustmentId, amount, direction, reason, actor, effect };
  return ok([{ type: 'AdjustmentPosted', data: recorded }]);
}

/**
 * Our own order is checked against the balance, unless the provider has told us of it already:
 * then it is a fact and posts (R14).
 */
function placeOrder(
  order: Order,
  account: Account,
  owner: Owner,
  context: CommandContext,
): Decided {
  if (order.amount.units <= 0n)
    return rejected('amount-not-positive', 'The amount must be above zero.');
  const name = nameOfOrder(order);
  const lifecycle = account.lifecycles.get(account.orderNames.get(name) ?? '');
  const placed = lifecycle?.facts.find((fact) => fact.kind === 'ordered');
  if (placed?.kind === 'ordered')
    return isSameOrder(placed.order, order)
      ? ok([])
      : rejected('order-differs', 'An order of this id was placed with other money.');
  if (account.status === 'closed' && !lifecycle)
    return rejected('account-closed', 'The account is closed.');
  if (account.status === 'frozen' && !lifecycle)
    return rejected('account-frozen', 'A frozen account takes no orders.');
  const outcome = orderOutcome(account, [name], { kind: 'ordered', order });
  const isCovered = orderCost(order).every(
    ({ asset, units }) => units <= spendable(account, asset),
  );
  if (!lifecycle && !isCovered)
    return rejected('insufficient-funds', 'The available balance does not cover amount and fee.');
  const effect = effectOf(account, owner, order.provider, outcome, {
    transactionId: context.commandId,
    effectiveAt: context.now,
  });
  return ok([{ type: 'OrderPlaced', data: { order, effect } }]);
}

const isSameOrder = (left: Order, right: Order): boolean =>
  left.amount.asset === right.amount.asset &&
  left.amount.units === right.amount.units &&
  left.fee.asset === right.fee.asset &&
  left.fee.units === right.fee.units;

function endHold(
  command: CommandOf<'WithdrawApproval'> | CommandOf<'ExpireHold'>,
  account: Account,
  owner: Owner,
): Decided {
  const { holdId } = command.data;
  const { now } = command.context;
  const found = findHold(account, holdId);
  if (found === null) return rejected('hold-not-found', 'There is no such hold.');
  const { card, purchase } = found;
  const summary = summarize(purchase);
  if (command.type === 'WithdrawApproval') {
    // Also an approval that holds nothing is taken back: the same request must be declined again.
    if (summary.isWithdrawn || !summary.decision?.isApproved) return ok([]);
    if (summary.decision.eventId !== command.data.eventId) return ok([]);
    const fact = { kind: 'withdrawn', holdId } as const;
    const effect = cardEffect(
      account,
      owner,
      purchaseOutcome(account, card, fact),
      command,
      summary,
    );
    return ok([{ type: 'ApprovalWithdrawn', data: { holdId, reason: 'deadline-passed', effect } }]);
  }
  if (purchase.held === 0n) return ok([]);
  const fact = { kind: 'expired', holdId, expiredAt: now } as const;
  const outcome = purchaseOutcome(account, card, fact);
  if (!outcome.holds?.some((hold) => hold.holdId === holdId && hold.held.units === 0n))
    return rejected('hold-not-due', 'The hold does not expire yet.');
  const effect = cardEffect(account, owner, outcome, command, summary);
  return ok([{ type: 'HoldExpired', data: { holdId, expiredAt: now, effect } }]);
}

function cardEffect(
  account: Account,
  owner: Owner,
  outcome: Outcome,
  { context }: AccountCommand,
  summary: ReturnType<typeof summarize>,
): Effect {
  const provider = originOf(summary)?.provider ?? null;
  const posted = { transactionId: context.commandId, effectiveAt: context.now };
  return effectOf(account, owner, provider, outcome, posted);
}

function moveOut({ data, context }: CommandOf<'MoveOut'>, account: Account, owner: Owner): Decided {
  if (account.done.get(`move|${data.moveId}`) !== undefined) return ok([]);
  const { moveId, reference, to, lengthMax } = data;
  const content = contentNaming(account, reference, lengthMax);
  const hasLeft = account.moved.get(referenceKey(reference)) !== undefined;
  if (hasLeft && content.lifecycles.length === 0 && content.marks.length === 0) return ok([]);
  const effect = effectOf(account, owner, null, moveOutOutcome(account, content), {
    transactionId: `${moveId}:out`,
    effectiveAt: context.now,
  });
  return ok([{ type: 'MoneyMovedOut', data: { moveId, reference, to, content, effect } }]);
}

function moveIn({ data, context }: CommandOf<'MoveIn'>, account: Account, owner: Owner): Decided {
  if (account.done.get(`move|${data.moveId}`) !== undefined) return ok([]);
  const { reference, content } = data;
  const merged = mergeIn(expecting(account, reference, content), content);
  const { provider } = reference;
  const outcome =
    provider === '4pay'
      ? withReviewsOf(merged.outcome, closedCardReviews(merged.account, merged.outcome.booking))
      : merged.outcome;
  const effect = effectOf(account, owner, provider, outcome, {
    transactionId: `${data.moveId}:in`,
    effectiveAt: context.now,
  });
  return ok([{ type: 'MoneyMovedIn', data: { ...data, effect } }]);
}
