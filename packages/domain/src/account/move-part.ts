import { sum } from '../ledger/booking.ts';
import { toWire } from '../wire.ts';
import { thingOf } from './contradictions.ts';
import type { MovedContent, MovedLifecycle, Variant } from './messages.ts';

type Mark = MovedContent['marks'][number];

/** One of the things that move, and what it hangs together with others by. */
type Piece = Readonly<{
  keys: readonly string[];
  is:
    | Readonly<{ lifecycle: MovedLifecycle }>
    | Readonly<{ mark: Mark }>
    | Readonly<{ variant: Variant }>;
}>;

/** `subject`: the effect of which the variant is another body. */
export type VariantOf = Readonly<{ subject: string; variant: Variant }>;
type Leaving = Pick<MovedContent, 'lifecycles' | 'marks'> &
  Readonly<{ variants: readonly VariantOf[] }>;

/**
 * As much of it as has `lengthMax` characters when it is written, and no less than one unit: what
 * tells of one event or one thing moves together, since the new owner weighs it together. So the
 * books end the same in however many parts it moves.
 */
export function firstPart(leaving: Leaving, lengthMax: number): MovedContent {
  const pieces = piecesOf(leaving);
  const taken = new Set<Piece>();
  let length = 0;
  for (const unit of unitsOf(pieces)) {
    length += unit.reduce((total, { is }) => total + JSON.stringify(toWire(is)).length, 0);
    if (taken.size > 0 && length > lengthMax) break;
    for (const piece of unit) taken.add(piece);
  }
  const part = pieces.filter((piece) => taken.has(piece)).map(({ is }) => is);
  return {
    lifecycles: part.flatMap((is) => ('lifecycle' in is ? [is.lifecycle] : [])),
    marks: part.flatMap((is) => ('mark' in is ? [is.mark] : [])),
    variants: part.flatMap((is) => ('variant' in is ? [is.variant] : [])),
  };
}

const piecesOf = ({ lifecycles, marks, variants }: Leaving): readonly Piece[] => [
  ...lifecycles.map((lifecycle) => ({ keys: keysOf(lifecycle), is: { lifecycle } })),
  ...marks.map((mark) => ({ keys: [thingIn(mark.effect), mark.eventId], is: { mark } })),
  ...variants.map(({ subject, variant }) => ({
    keys: [thingIn(subject), variant.cause.eventId],
    is: { variant },
  })),
];

const keysOf = ({ lifecycleId, facts }: MovedLifecycle): readonly string[] => [
  thingIn(lifecycleId),
  ...facts.flatMap((fact) => ('event' in fact ? [fact.event.eventId] : [])),
];

const thingIn = (effect: string): string => thingOf(effect) ?? effect;

/**
 * Pieces that share a key, be it by way of others. What takes money comes first, so that the new owner
 * never has more to spend than when all has arrived: where it fits into no event, nothing moves.
 */
function unitsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const joinedTo = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = joinedTo.get(root); next !== undefined; next = joinedTo.get(root)) root = next;
    if (root !== key) joinedTo.set(key, root);
    return root;
  };
  for (const { keys } of pieces)
    for (const key of keys) {
      const [from, to] = [rootOf(key), rootOf(keys[0] ?? key)];
      if (from !== to) joinedTo.set(from, to);
    }
  const units = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const root = rootOf(piece.keys[0] ?? '');
    const unit = units.get(root);
    if (unit) unit.push(piece);
    else units.set(root, [piece]);
  }
  const all = [...units.values()];
  return [...all.filter(takesMoney), ...all.filter((unit) => !takesMoney(unit))];
}

const takesMoney = (unit: readonly Piece[]): boolean =>
  sum(...unit.map(({ is }) => ('lifecycle' in is ? is.lifecycle.booked : []))).some(
    ({ place, amount }) => place === 'available' && amount.units < 0n,
  );
