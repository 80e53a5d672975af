import { type Story } from '@counterfoil/cli';

/** Mulberry32: small, fast, and the same everywhere, so that a seed reproduces a run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The given order, but for what an order may not change: an authorization request is a question, so
 * it keeps its place before the other events of its purchase; and of two bodies that share an event
 * key the story's first one comes first. Each story of ours has one purchase, and its deposits are
 * no part of it.
 */
export function disordered(story: Story, order: readonly number[]): readonly number[] {
  const isRequest = (index: number) => story.steps[index]?.expect !== undefined;
  const isDeposit = (index: number) => story.steps[index]?.deliver?.includes('deposit') ?? false;
  const requests = order.filter(isRequest);
  const firstOfPurchase = order.findIndex((index) => !isRequest(index) && !isDeposit(index));
  const withRequestsFirst =
    requests.length === 0 || firstOfPurchase < 0
      ? order
      : [
          ...order.slice(0, firstOfPurchase).filter((index) => !isRequest(index)),
          ...requests,
          ...order.slice(firstOfPurchase).filter((index) => !isRequest(index)),
        ];
  return story.firstStands ? variantsLast(story, withRequestsFirst) : withRequestsFirst;
}

function variantsLast(story: Story, order: readonly number[]): readonly number[] {
  const isVariant = (index: number) =>
    story.steps[index]?.deliver?.includes('other-amount') ?? false;
  return [...order.filter((index) => !isVariant(index)), ...order.filter(isVariant)];
}
