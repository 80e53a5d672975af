import fc from 'fast-check';
import type { AccountCommand } from '../account/messages.ts';
import { eventId, instant } from '../ids.ts';
import { contextOf, recordFact, recordTransfer } from './account-book.ts';
import { cents, minuteMs, noon, referenceOf } from './canonical-builder.ts';
import { transferFailed, transferred, withdrawals } from './money-facts.ts';

const amount = fc.integer({ min: 1, max: 40 }).map(cents);
const at = fc.integer({ min: 0, max: 6 }).map((minutes) => instant(noon + minutes * minuteMs));
const ours = 'ours';

const ordered = fc.record({ amount, fee: amount }).map(
  (money): AccountCommand => ({
    type: 'PlaceOrder',
    data: {
      order: { kind: 'withdrawal', provider: 'cryptofuse', orderId: ours, ...money },
    },
    context: contextOf(`order ${ours}`),
  }),
);

/** What is told of one id; each event carries our id as well, leaves it out, or comes in both ways. */
const told = (id: string) =>
  fc
    .record({
      requested: fc.option(amount),
      isHashKnown: fc.option(fc.boolean()),
      completed: fc.option(fc.option(amount)),
      isFailed: fc.boolean(),
      at,
      bodies: fc.array(fc.constantFrom('bare', 'full', 'both'), { minLength: 4, maxLength: 4 }),
    })
    .map((drawn): readonly AccountCommand[] => {
      const inBodies = (n: number, event: (rest: object) => Parameters<typeof recordFact>[0]) => {
        const bare = { at: drawn.at, body: 'bare' };
        const full = { at: drawn.at, names: [ours] };
        const rests = { bare: [bare], full: [full], both: [bare, full] };
        return rests[drawn.bodies[n] ?? 'both'].map((rest) => recordFact(event(rest)));
      };
      const hash = drawn.isHashKnown === true ? { chainHash: '0xabc' } : {};
      const { requested, completed } = drawn;
      return [
        ...(requested ? inBodies(0, (rest) => withdrawals.requested(id, requested, rest)) : []),
        ...(drawn.isHashKnown === null
          ? []
          : inBodies(1, (rest) => withdrawals.progressed(id, { ...rest, ...hash }))),
        ...(completed === null
          ? []
          : inBodies(2, (rest) => withdrawals.completed(id, completed, rest))),
        ...(drawn.isFailed ? inBodies(3, (rest) => withdrawals.failed(id, rest)) : []),
      ];
    });

/** Up to three withdrawals that the provider may have told under our id, or that id alone. */
export const sharedWithdrawals = fc
  .tuple(fc.option(ordered), told('x1'), told('x2'), told('x3'), told(ours))
  .map(([order, ...facts]) => ({
    requests: [],
    facts: [...(order ? [order] : []), ...facts.flat()],
  }));

/** A withdrawal that the provider may have carried out as a transfer, with what else it may say. */
export const transferredWithdrawals = fc
  .record({
    order: fc.option(ordered),
    amount,
    requested: fc.option(amount),
    sides: fc.subarray(['out', 'bare'] as const),
    failures: fc.subarray(['withdrawal', 'transfer', 'broadcast'] as const),
    isCompleted: fc.boolean(),
  })
  .map((drawn) => {
    const wallet = referenceOf('cryptofuse', 'wallet', 'wallet-1');
    const named = [referenceOf('cryptofuse', 'withdrawal', ours), wallet];
    const to = referenceOf('cryptofuse', 'address', 'far');
    const bare = transferred(ours, drawn.amount, wallet, to);
    const failed = transferFailed(ours, { owners: named });
    const transfers = { out: { ...bare, owners: named }, bare: { ...bare, eventId: eventId('b') } };
    const failures = {
      withdrawal: withdrawals.failed(ours),
      transfer: failed,
      broadcast: withdrawals.progressed(ours, { body: 'seen', chainHash: '0x1' }),
    };
    const { requested } = drawn;
    return {
      requests: [],
      facts: [
        ...(drawn.order ? [drawn.order] : []),
        ...drawn.sides.map((side) => recordTransfer(transfers[side], 'out')),
        ...[
          ...drawn.failures.map((failure) => failures[failure]),
          ...(requested ? [withdrawals.requested(ours, requested)] : []),
          ...(drawn.isCompleted ? [withdrawals.completed(ours, drawn.amount)] : []),
        ].map(recordFact),
      ],
    };
  });
