/** What is to be sent later, by slot: the nth chance to send. */
export type DeliveryQueue<Item> = Readonly<{
  add: (item: Item, slot: number) => void;
  /** Something whose slot has come, or null. */
  due: (slot: number) => Item | null;
  /** The next one, whether or not its slot has come. */
  next: () => Item | null;
  size: () => number;
}>;

export function deliveryQueue<Item>(): DeliveryQueue<Item> {
  // A binary heap by slot, then by arrival, so that equal slots keep their order.
  const heap: { item: Item; slot: number; arrival: number }[] = [];
  let arrivals = 0;
  const isBefore = (left: number, right: number) => {
    const [one, other] = [heap[left], heap[right]];
    if (!one || !other) return one !== undefined;
    return one.slot < other.slot || (one.slot === other.slot && one.arrival < other.arrival);
  };
  const swap = (left: number, right: number) => {
    const [one, other] = [heap[left], heap[right]];
    if (one && other) [heap[left], heap[right]] = [other, one];
  };
  const sink = (from: number) => {
    for (let index = from; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const first = isBefore(right, left) && right < heap.length ? right : left;
      if (first >= heap.length || !isBefore(first, index)) return;
      swap(index, first);
      index = first;
    }
  };
  const rise = (from: number) => {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!isBefore(index, parent)) return;
      swap(index, parent);
      index = parent;
    }
  };
  const next = () => {
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last) return null;
    if (heap.length > 0) {
      heap[0] = last;
      sink(0);
    }
    return first.item;
  };
  return {
    add: (item, slot) => {
      arrivals += 1;
      heap.push({ item, slot, arrival: arrivals });
      rise(heap.length - 1);
    },
    due: (slot) => ((heap[0]?.slot ?? Number.POSITIVE_INFINITY) <= slot ? next() : null),
    next,
    size: () => heap.length,
  };
}
