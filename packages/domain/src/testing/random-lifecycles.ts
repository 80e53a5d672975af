import fc from 'fast-check';
import type { CanonicalEvent, CanonicalOf } from '../canonical/events.ts';
import { type Instant, instant } from '../ids.ts';
import { type Money, money } from '../money.ts';
import { referenceKey } from '../reference/reference.ts';
import type { AccountCommand } from '../account/messages.ts';
import { contextOf, recordFact, recordTransfer } from './account-book.ts';
import { amountOf, cents, minuteMs, noon, referenceOf } from './canonical-builder.ts';
import { cryptomate, fourpay } from './card-facts.ts';
import { deposits, payouts, transferred, withdrawals } from './money-facts.ts';
import { sharedWithdrawals, transferredWithdrawals } from './random-orders.ts';

export const amount = fc.integer({ min: 1, max: 40 }).map(cents);
/** Mostly dollars: a hold may be confirmed or cleared in another asset than it was placed in. */
const anyAmount = fc
  .tuple(amount, fc.constantFrom('USD', 'USD', 'USD', 'EUR'))
  .map(([{ units }, code]) => money(amountOf('0', code).asset, units));
export const at = fc
  .integer({ min: 0, max: 6 })
  .map((minutes) => instant(noon + minutes * minuteMs));
const shop = fc.constantFrom('shop', 'kiosk');
/** CryptoMate seldom leaves the time out. */
const isUndated = fc.constantFrom(false, false, false, true);

/** Requests are questions, so they keep their place before the facts; facts come in any order. */
export type Lifecycle = Readonly<{
  requests: readonly CanonicalOf<'AuthorizationRequested'>[];
  facts: readonly AccountCommand[];
}>;
const joined = (parts: readonly Lifecycle[]): Lifecycle => ({
  requests: parts.flatMap(({ requests }) => requests),
  facts: uniqueFacts(parts.flatMap(({ facts }) => facts)),
});
/** Two generated facts of one id and names are two bodies of one fact: only the first could stand. */
export function uniqueFacts(facts: readonly AccountCommand[]): readonly AccountCommand[] {
  const seen = new Set<string>();
  return facts.filter((command) => {
    const key =
      command.type === 'RecordFact'
        ? `${effectAndNames(command.data.event)} ${command.data.side}`
        : command.context.commandId;
    return !seen.has(key) && seen.add(key);
  });
}
const effectAndNames = ({ effectKey, eventId, owners }: CanonicalEvent): string =>
  [effectKey ?? eventId, ...owners.map(referenceKey)].join(' ');
const recorded = (events: readonly CanonicalEvent[]) => events.map(recordFact);

/** CryptoMate: operations share the purchase's part of their id, or have another one (row 1). */
const cryptomatePurchase = (key: string) =>
  fc
    .record({
      isAsked: fc.boolean(),
      asked: amount,
      shop,
      start: at,
      answers: fc.array(fc.record({ amount, at, isUndated, isOwn: fc.boolean() }), {
        maxLength: 2,
      }),
      declines: fc.array(fc.record({ at, isUndated, isOwn: fc.boolean() }), { maxLength: 2 }),
      clearings: fc.array(fc.record({ amount, at, isUndated, isOwn: fc.boolean() }), {
        maxLength: 3,
      }),
      reversals: fc.array(fc.record({ amount, at, isUndated, isOwn: fc.boolean() }), {
        maxLength: 2,
      }),
      refunds: fc.array(amount, { maxLength: 1 }),
      means: fc.constantFrom('piece' as const, 'running-total' as const),
    })
    .map((drawn): Lifecycle => {
      const more = (place: { at: typeof noon; isUndated?: boolean }) => ({
        at: place.at,
        isUndated: place.isUndated ?? false,
        shop: drawn.shop,
      });
      const id = (kind: string, isOwn: boolean, n: number) =>
        isOwn ? `${kind}_${key}` : `${kind}_${key}x${kind}${n}`;
      const { means, asked } = drawn;
      return {
        requests: drawn.isAsked
          ? [cryptomate.requested(`ask_${key}`, asked, more({ at: drawn.start }))]
          : [],
        facts: recorded([
          ...drawn.answers.map((answer, n) =>
            cryptomate.confirmed(
              id('ok', answer.isOwn, n),
              n === 0 ? asked : answer.amount,
              more(answer),
            ),
          ),
          ...drawn.declines.map((decline, n) =>
            cryptomate.declined(id(`no${n}`, decline.isOwn, n), asked, more(decline)),
          ),
          ...drawn.clearings.map((piece, n) =>
            cryptomate.cleared(id('clr', piece.isOwn, n), piece.amount, { ...more(piece), means }),
          ),
          ...drawn.reversals.map((piece, n) =>
            cryptomate.reversed(id('rev', piece.isOwn, n), piece.amount, more(piece)),
          ),
          ...drawn.refunds.map((money) => cryptomate.refunded(`ref_${key}`, money)),
        ]),
      };
    });

const feePart = (fee: Money | null) => (fee === null ? {} : { fee });

/** Between an account of the merchant and the card, as the books of the card see it. */
function cardTransfer(
  id: string,
  drawn: Readonly<{ amount: Money; at: Instant; fee: Money | null; isTopUp: boolean }>,
): AccountCommand {
  const card = referenceOf('4pay', 'card', 'card-1');
  const account = referenceOf('4pay', 'account', 'main');
  const [from, to] = drawn.isTopUp ? [account, card] : [card, account];
  const rest = { provider: '4pay' as const, at: drawn.at, ...feePart(drawn.fee) };
  const event = { ...transferred(id, drawn.amount, from, to, rest), owners: [card] };
  return recordTransfer(event, drawn.isTopUp ? 'to' : 'from');
}

const fourpayPurchase = (id: string) =>
  fc
    .record({
      answers: fc.array(fc.record({ amount: anyAmount, at, fee: fc.option(amount) }), {
        maxLength: 2,
      }),
      completed: fc.option(
        fc.record({ amount: anyAmount, at, isFinal: fc.boolean(), fee: fc.option(amount) }),
      ),
      canceled: fc.option(anyAmount),
      declined: fc.option(amount),
      fees: fc.array(
        fc.record({ amount, at, relatedTo: fc.constantFrom(id, `move-${id}`, null) }),
        { maxLength: 2 },
      ),
      transfer: fc.option(fc.record({ amount, at, fee: fc.option(amount), isTopUp: fc.boolean() })),
      states: fc.array(
        fc.record({
          status: fc.constantFrom('active' as const, 'frozen' as const, 'closed' as const),
          at,
        }),
        { maxLength: 2 },
      ),
      refund: fc.option(amount),
      isRefundCanceled: fc.boolean(),
    })
    .map((drawn): Lifecycle => {
      return {
        requests: [],
        facts: [
          ...(drawn.transfer ? [cardTransfer(`move-${id}`, drawn.transfer)] : []),
          ...recorded([
            ...drawn.answers.map(({ amount: held, at: when, fee }) =>
              fourpay.confirmed(id, held, { at: when, ...feePart(fee) }),
            ),
            ...(drawn.completed
              ? [
                  fourpay.cleared(id, drawn.completed.amount, {
                    at: drawn.completed.at,
                    isFinal: drawn.completed.isFinal,
                    ...feePart(drawn.completed.fee),
                  }),
                ]
              : []),
            ...(drawn.canceled ? [fourpay.reversed(id, drawn.canceled)] : []),
            ...(drawn.declined ? [fourpay.declined(id, drawn.declined)] : []),
            ...drawn.fees.map((fee, n) =>
              fourpay.charged(`fee-${id}-${n}`, fee.amount, fee.relatedTo, { at: fee.at }),
            ),
            ...drawn.states.map(({ status, at: when }) => fourpay.status(status, when)),
            ...(drawn.refund ? [fourpay.refunded(`back-${id}`, drawn.refund)] : []),
            ...(drawn.isRefundCanceled ? [fourpay.canceledNotice('refund', `back-${id}`)] : []),
          ]),
        ],
      };
    });

const order = (
  id: string,
  units: ReturnType<typeof cents>,
  fee: ReturnType<typeof cents>,
): AccountCommand => ({
  type: 'PlaceOrder',
  data: { order: { kind: 'withdrawal', provider: 'cryptofuse', orderId: id, amount: units, fee } },
  context: contextOf(`order ${id}`),
});

const withdrawal = (key: string) =>
  fc
    .record({
      ordered: fc.option(fc.record({ amount, fee: amount })),
      requested: fc.option(amount),
      progressed: fc.option(fc.boolean()),
      completed: fc.option(fc.option(amount)),
      failed: fc.option(fc.boolean()),
      names: fc.array(fc.constantFrom('ours', 'theirs', 'both'), { minLength: 4, maxLength: 4 }),
      isTiedByRepeat: fc.boolean(),
    })
    .map((drawn): Lifecycle => {
      const ours = `a-${key}`;
      const theirs = `b-${key}`;
      const named = (n: number): [string, { names?: readonly string[] }] => {
        const name = drawn.names[n];
        return name === 'ours'
          ? [ours, {}]
          : name === 'theirs'
            ? [theirs, {}]
            : [ours, { names: [theirs] }];
      };
      const hash = (isKnown: boolean) => (isKnown ? { chainHash: '0xabc' } : {});
      const [requestedAs, progressedAs, completedAs, failedAs] = [0, 1, 2, 3].map(named);
      // One fact always tells that the two names are of one order, else they are two orders.
      const tied = { names: [ours, theirs], body: 'tie' };
      const tie =
        drawn.isTiedByRepeat && drawn.completed !== null && completedAs
          ? withdrawals.completed(completedAs[0], drawn.completed, tied)
          : withdrawals.progressed(ours, tied);
      return {
        requests: [],
        facts: [
          recordFact(tie),
          ...(drawn.ordered ? [order(ours, drawn.ordered.amount, drawn.ordered.fee)] : []),
          ...recorded([
            ...(drawn.requested && requestedAs
              ? [withdrawals.requested(requestedAs[0], drawn.requested, requestedAs[1])]
              : []),
            ...(drawn.progressed !== null && progressedAs
              ? [
                  withdrawals.progressed(progressedAs[0], {
                    ...progressedAs[1],
                    ...hash(drawn.progressed),
                  }),
                ]
              : []),
            ...(drawn.completed !== null && completedAs
              ? [withdrawals.completed(completedAs[0], drawn.completed, completedAs[1])]
              : []),
            ...(drawn.failed !== null && failedAs
              ? [withdrawals.failed(failedAs[0], { ...failedAs[1], ...hash(drawn.failed) })]
              : []),
          ]),
        ],
      };
    });

const payout = (id: string) =>
  fc
    .record({
      requested: amount,
      parts: fc.array(
        fc.record({
          amount,
          isPaid: fc.boolean(),
          isReturned: fc.boolean(),
          isKnown: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      whole: fc.constantFrom('none', 'completed', 'returned'),
    })
    .map(({ requested, parts, whole }): Lifecycle => {
      const owners = [referenceOf('calypso', 'account', 'main')];
      const rest = { provider: 'calypso' as const, owners };
      return {
        requests: [],
        facts: recorded([
          payouts.requested(id, requested, rest),
          ...parts.flatMap((part, n) => {
            const partly = {
              ...rest,
              withdrawalId: `${n}`,
              ...(part.isKnown ? { chainHash: `hash-${n}` } : {}),
            };
            return [
              ...(part.isPaid ? [payouts.completed(id, part.amount, partly)] : []),
              ...(part.isReturned ? [payouts.returned(id, part.amount, partly)] : []),
            ];
          }),
          ...(whole === 'completed' ? [payouts.completed(id, null, rest)] : []),
          ...(whole === 'returned' ? [payouts.returned(id, null, rest)] : []),
        ]),
      };
    });

const deposit = (id: string) =>
  fc
    .record({
      amount: fc.integer({ min: 20, max: 60 }).map(cents),
      fee: fc.option(fc.integer({ min: 1, max: 19 }).map(cents)),
      isDelivered: fc.boolean(),
      told: fc.subarray(['confirmed', 'delivered', 'announced', 'failed', 'refused'] as const),
    })
    .map(({ amount: gross, fee, isDelivered, told }): Lifecycle => {
      const rest = fee === null ? {} : { fee };
      const events = {
        confirmed: deposits.confirmed(id, gross, { ...rest, isDelivered }),
        delivered: deposits.delivered(id, gross, { purpose: 'holder-deposit' }),
        announced: deposits.announced(id),
        failed: deposits.failed(id),
        refused: deposits.refusedByCompliance(id),
      };
      return { requests: [], facts: recorded(told.map((kind) => events[kind])) };
    });

/** Closed and used at any time, more than once. */
const depositAddress = (address: string) =>
  fc
    .record({
      closings: fc.array(at, { maxLength: 2 }),
      deposits: fc.array(fc.record({ amount, at }), { maxLength: 3 }),
    })
    .map((drawn): Lifecycle => {
      const owners = [
        referenceOf('calypso', 'address', address),
        referenceOf('calypso', 'client', 'customer-1'),
      ];
      const rest = (when: typeof noon) => ({ provider: 'calypso' as const, owners, at: when });
      return {
        requests: [],
        facts: recorded([
          ...drawn.closings.map((when, n) => deposits.addressClosed(`${address}-${n}`, rest(when))),
          ...drawn.deposits.map((deposited, n) =>
            deposits.confirmed(`${address}-${n}`, deposited.amount, rest(deposited.at)),
          ),
        ]),
      };
    });

const lifecycles = {
  'CryptoMate purchases': fc.tuple(cryptomatePurchase('p1'), cryptomatePurchase('p2')),
  '4pay purchases': fc.tuple(fourpayPurchase('t1'), fourpayPurchase('t2')),
  withdrawals: fc.tuple(withdrawal('1'), withdrawal('2')),
  'withdrawals under one id of ours': fc.tuple(sharedWithdrawals),
  'withdrawals by transfer': fc.tuple(transferredWithdrawals),
  'payouts in parts': fc.tuple(payout('po-1')),
  deposits: fc.tuple(deposit('d1'), deposit('d2')),
  'deposit addresses': fc.tuple(depositAddress('a1'), depositAddress('a2')),
};
/** Each with its name. */
export const lifecycleCases = Object.entries(lifecycles).map(
  ([name, parts]) => [name, (parts as fc.Arbitrary<readonly Lifecycle[]>).map(joined)] as const,
);
