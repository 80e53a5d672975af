/** Draws from one seed: the same seed gives the same stories on every machine. */
export type Random = Readonly<{
  /** From 0 up to 1. */
  next: () => number;
  /** A whole number from `least` to `most`, both included. */
  between: (least: number, most: number) => number;
  /** True for this share of the draws. */
  happens: (share: number) => boolean;
  pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** So many hexadecimal digits. */
  hex: (length: number) => string;
}>;

/** Mulberry32: small, fast and the same everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    happens: (share) => next() < share,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    hex: (length) => Array.from({ length }, () => between(0, 15).toString(16)).join(''),
  };
}

/** A seed of its own for the nth part of something: parts do not disturb each other's draws. */
export const derivedSeed = (seed: number, part: number): number =>
  Math.imul(seed ^ Math.imul(part + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
