import fc from 'fast-check';
import type { AccountCommand } from '../account/messages.ts';
import { instant } from '../ids.ts';
import { contextOf, recordFact } from './account-book.ts';
import { cents, minuteMs, noon } from './canonical-builder.ts';
import { withdrawals } from './money-facts.ts';

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
