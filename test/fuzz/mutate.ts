import type { Random } from '@counterfoil/provider-simulator';
import {
  type FuzzJson,
  isMembers,
  isRaw,
  raw,
  type Slot,
  slotsOf,
  textOf,
  treeOf,
} from './fuzz-json.ts';
import { hostileNames, hostileValues } from './hostile-values.ts';

/** The real bodies of one provider, over all its dialects. */
export type Corpus = readonly [string, ...string[]];

type TreeMutation = (slots: readonly [Slot, ...Slot[]], random: Random, corpus: Corpus) => void;

const anyOf = <Item>(random: Random, items: readonly Item[]): Item | null =>
  items[random.between(0, items.length - 1)] ?? null;

const pickedSlot = (slots: readonly [Slot, ...Slot[]], random: Random): Slot => random.pick(slots);

const otherSlots = (random: Random, corpus: Corpus): readonly Slot[] =>
  slotsOf(treeOf(random.pick(corpus)));

const treeMutations: readonly [TreeMutation, ...TreeMutation[]] = [
  // A field is missing.
  (slots, random) => pickedSlot(slots, random).remove(),
  // Another type, or a value at the edge.
  (slots, random) => pickedSlot(slots, random).set(random.pick(hostileValues)),
  (slots, random) => pickedSlot(slots, random).set(random.pick(hostileValues)),
  // The same value in another type.
  (slots, random) => {
    const slot = pickedSlot(slots, random);
    const value = slot.get();
    if (isRaw(value)) slot.set(value.raw);
    else if (typeof value === 'string')
      slot.set(/^-?\d+(\.\d+)?$/.test(value) ? raw(value) : [value]);
    else slot.set([value]);
  },
  // A word of the provider where another one belongs.
  (slots, random, corpus) => {
    const word = anyOf(
      random,
      otherSlots(random, corpus).filter((slot) => typeof slot.get() === 'string'),
    );
    if (word) pickedSlot(slots, random).set(word.get());
  },
  // The same field of another event, perhaps of another dialect.
  (slots, random, corpus) => {
    const slot = pickedSlot(slots, random);
    const same = otherSlots(random, corpus).find(({ name }) => name === slot.name);
    if (same) slot.set(same.get());
  },
  // A field that another dialect has in addition.
  (slots, random, corpus) => {
    const slot = pickedSlot(slots, random);
    const other = anyOf(random, otherSlots(random, corpus));
    if (slot.parent && other) slot.parent.members.push([other.name, other.get()]);
  },
  // A field under the name of another one.
  (slots, random, corpus) => {
    const slot = pickedSlot(slots, random);
    const name = random.happens(0.3)
      ? random.pick(hostileNames)
      : (anyOf(random, otherSlots(random, corpus))?.name ?? 'x');
    const member = slot.parent?.members.find(([own]) => own === slot.name);
    if (member) member[0] = name;
  },
  // The same name twice, with the same value or another.
  (slots, random) => {
    const slot = pickedSlot(slots, random);
    const value = random.happens(0.5) ? slot.get() : random.pick(hostileValues);
    slot.parent?.members.push([slot.name, value]);
  },
  // Other letters, or white space around a word.
  (slots, random) => {
    const slot = pickedSlot(slots, random);
    const value = slot.get();
    if (typeof value !== 'string') return;
    slot.set(random.pick([value.toUpperCase(), value.toLowerCase(), ` ${value}\n`, `${value}x`]));
  },
  // More of the same, or a level more.
  (slots, random) => {
    const slot = pickedSlot(slots, random);
    const value = slot.get();
    if (Array.isArray(value))
      slot.set(Array.from({ length: random.between(2, 300) }, () => value[0] ?? null));
    else
      slot.set(isMembers(value) ? { members: [[slot.name, value]] } : { members: [['id', value]] });
  },
];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

type TextMutation = (text: string, random: Random) => Uint8Array;

const textMutations: readonly [TextMutation, ...TextMutation[]] = [
  (text, random) => encode(text).slice(0, random.between(0, text.length)),
  (text, random) => {
    const bytes = encode(text);
    bytes[random.between(0, bytes.length - 1)] = random.between(0, 255);
    return bytes;
  },
  (text, random) => encode(text.slice(random.between(0, text.length))),
  (text) => encode(`\ufeff${text}`),
  (text) => encode(`[${text}]`),
  (text) => encode(`${text}${text}`),
  (text) => encode(JSON.stringify(text)),
  () => new Uint8Array(),
];

const mutationsMax = 3;
const textShare = 0.12;

/** The gateway lets no larger body in. */
const bytesMax = 1024 * 1024;

/** A real body, broken in one to three places or as a text. */
export function mutatedBody(corpus: Corpus, random: Random): Uint8Array {
  const text = random.pick(corpus);
  if (random.happens(textShare)) return random.pick(textMutations)(text, random);
  const tree: FuzzJson = treeOf(text);
  const times = random.between(1, mutationsMax);
  for (let time = 0; time < times; time += 1) {
    const [first, ...others] = slotsOf(tree);
    if (first) random.pick(treeMutations)([first, ...others], random, corpus);
  }
  return encode(textOf(tree)).subarray(0, bytesMax);
}
