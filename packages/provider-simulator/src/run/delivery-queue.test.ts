import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { deliveryQueue } from './delivery-queue.ts';

describe('what is sent later', () => {
  it('comes in the order of its slots, and of arrival where the slot is the same', () => {
    const queue = deliveryQueue<string>();
    const random = seededRandom(3);
    const added = Array.from({ length: 200 }, (_, index) => ({
      index,
      slot: random.between(1, 20),
    }));
    for (const { index, slot } of added) queue.add(`${slot}/${index}`, slot);
    const expected = added
      .toSorted((left, right) => left.slot - right.slot || left.index - right.index)
      .map(({ index, slot }) => `${slot}/${index}`);
    expect(expected.map(() => queue.next())).toEqual(expected);
    expect(queue.next()).toBeNull();
  });

  it('does not come before its slot', () => {
    const queue = deliveryQueue<string>();
    queue.add('later', 5);
    expect(queue.due(4)).toBeNull();
    expect(queue.size()).toBe(1);
    expect(queue.due(5)).toBe('later');
    expect(queue.due(6)).toBeNull();
  });
});
