import { fromHundredths } from '../decimal.ts';
import type { Random } from '../random.ts';
import { type Happened, type Step, type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';
import type { Billed } from './billed.ts';
import { purchaseEvents, type PurchaseEvents } from './purchase-events.ts';

type Piece = Readonly<{ id: string; billed: Billed }>;

/** How a purchase that was approved goes on. */
type Course = Readonly<{
  cleared: readonly Piece[];
  reversed: readonly Piece[];
  refunded: readonly Piece[];
  isCanceled: boolean;
}>;

const plans = [
  'full',
  'below',
  'above',
  'in-pieces',
  'reversed',
  'right-sized',
  'canceled',
  'open',
  'refunded',
] as const;

/** A purchase by card, from the question to the last clearing, in any dialect and way of linking. */
export function cardPurchase(setting: StorySetting): Story {
  const { random, customer } = setting;
  const billed: Billed = {
    amount: random.between(100, 20_000),
    fee: random.happens(0.5) ? random.between(1, 100) : 0,
  };
  const events = purchaseEvents(setting);
  const plan = random.pick(plans);
  // A cancellation that no id links finds only a purchase that was not confirmed: none is told of.
  const isLost = plan === 'canceled' && events.dialect === 'C' && !events.isLinkedById;
  const course = courseOf(random, billed, isLost ? 'open' : plan);
  // Only dialect C confirms an approval; where nothing but the amount links it, it stays the same.
  const confirmed: Billed | null =
    events.dialect === 'C'
      ? { ...billed, amount: billed.amount + (events.isLinkedById ? random.between(0, 50) : 0) }
      : null;
  return {
    provider: 'cryptomate',
    name: `card-purchase-${events.dialect}`,
    steps: [
      { id: 'ask', kind: 'ask', body: events.requested(billed) },
      ...(confirmed ? [tell('authorized', events.authorized(confirmed), 'approved')] : []),
      ...toldCourse(events, course, billed),
      tell('declined', events.declined(billed), 'declined'),
    ],
    expectedDecision:
      customer.funds === 'plenty' ? 'approved' : customer.funds === 'none' ? 'declined' : null,
    outcome: (happened) => outcomeOf(happened, customer.accountId, billed, confirmed, course),
  };
}

function toldCourse(events: PurchaseEvents, course: Course, billed: Billed): readonly Step[] {
  return [
    ...course.cleared.flatMap(({ id, billed: piece }, index) => [
      ...(events.dialect === 'C'
        ? []
        : [tell(`${id}-pending`, events.cleared('pending', piece, index), 'approved')]),
      tell(id, events.cleared('success', piece, index), 'approved'),
    ]),
    ...course.reversed.map(({ id, billed: piece }, index) =>
      tell(id, events.reversed(piece, index), 'approved'),
    ),
    ...course.refunded.map(({ id, billed: piece }, index) =>
      tell(id, events.refunded(piece, index), 'approved'),
    ),
    ...(course.isCanceled ? [tell('canceled', events.declined(billed), 'approved')] : []),
  ];
}

function courseOf(random: Random, billed: Billed, plan: (typeof plans)[number]): Course {
  const course: Course = { cleared: [], reversed: [], refunded: [], isCanceled: false };
  const part = random.between(1, billed.amount - 1);
  const clearing = (...pieces: Billed[]) =>
    pieces.map((piece, index) => ({ id: `cleared-${index}`, billed: piece }));
  switch (plan) {
    case 'full':
      return { ...course, cleared: clearing(billed) };
    case 'below':
      return { ...course, cleared: clearing({ ...billed, amount: part }) };
    case 'above':
      return { ...course, cleared: clearing({ ...billed, amount: billed.amount + part }) };
    case 'in-pieces':
      return {
        ...course,
        cleared: clearing({ amount: part, fee: 0 }, { ...billed, amount: billed.amount - part }),
      };
    case 'reversed':
      return { ...course, reversed: [{ id: 'reversed', billed }] };
    case 'right-sized':
      return {
        ...course,
        cleared: clearing({ ...billed, amount: billed.amount - part }),
        reversed: [{ id: 'reversed', billed: { amount: part, fee: 0 } }],
      };
    case 'canceled':
      return { ...course, isCanceled: true };
    case 'open':
      return course;
    case 'refunded':
      return {
        ...course,
        cleared: clearing(billed),
        refunded: [{ id: 'refunded', billed: { amount: part, fee: 0 } }],
      };
  }
}

/**
 * What clears is spent in full, beyond the hold if need be; what neither cleared nor was released
 * stays held; a cancellation by the network is the last word on the hold.
 */
function outcomeOf(
  { steps, decision }: Happened,
  accountId: string,
  asked: Billed,
  confirmed: Billed | null,
  course: Course,
) {
  // An approval that nobody heard holds the money until the provider says that it declined.
  if (decision === 'too-late' && !steps.has('declined')) {
    const held = unitsOfBilled(asked);
    return [{ accountId, asset: 'USD', available: -held, held } as const];
  }
  if (decision !== 'approved') return [];
  const total = (pieces: readonly Piece[]) =>
    pieces
      .filter(({ id }) => steps.has(id))
      .reduce((sum, { billed }) => sum + unitsOfBilled(billed), 0n);
  const spent = total(course.cleared);
  const authorized = unitsOfBilled(confirmed && steps.has('authorized') ? confirmed : asked);
  const left = authorized - spent - total(course.reversed);
  const held = steps.has('canceled') || left < 0n ? 0n : left;
  return [
    {
      accountId,
      asset: 'USD',
      available: total(course.refunded) - spent - held,
      held,
    } as const,
  ];
}

const unitsOfBilled = ({ amount, fee }: Billed): bigint => fromHundredths(amount + fee, 'USD');
