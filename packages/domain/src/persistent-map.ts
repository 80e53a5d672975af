/**
 * An immutable map with text keys whose `with` and `without` share structure: a state that holds a
 * hundred thousand open holds is copied in constant time. A hash trie of 32-way nodes; keys whose
 * hashes are equal share a leaf.
 */
export interface PersistentMap<Value> {
  readonly size: number;
  readonly get: (key: string) => Value | undefined;
  readonly with: (key: string, value: Value) => PersistentMap<Value>;
  readonly without: (key: string) => PersistentMap<Value>;
  /** In no particular order that a caller may rely on. */
  readonly entries: () => IterableIterator<readonly [string, Value]>;
}

/** `next`: another key of the same hash, which hardly ever occurs. */
type Leaf<Value> = Readonly<{ hash: number; key: string; value: Value; next: Leaf<Value> | null }>;
type Branch<Value> = Readonly<{ bitmap: number; children: readonly Node<Value>[] }>;
type Node<Value> = Leaf<Value> | Branch<Value>;

const bitsPerLevel = 5;
const emptyBranch: Branch<never> = { bitmap: 0, children: [] };

export function persistentMap<Value>(
  entries: Iterable<readonly [string, Value]> = [],
): PersistentMap<Value> {
  let map = mapOf<Value>(emptyBranch, 0);
  for (const [key, value] of entries) map = map.with(key, value);
  return map;
}

type Parts<Value> = PersistentMap<Value> & Readonly<{ root: Branch<Value> }>;

/** The methods are shared and find their map in `this`: every write makes one small object. */
function mapOf<Value>(root: Branch<Value>, size: number): PersistentMap<Value> {
  const map: Parts<Value> = {
    root,
    size,
    get: getIn as Parts<Value>['get'],
    with: withEntry as Parts<Value>['with'],
    without: withoutEntry as Parts<Value>['without'],
    entries: entriesOf as Parts<Value>['entries'],
  };
  return map;
}

function getIn<Value>(this: Parts<Value>, key: string): Value | undefined {
  return find(this.root, key, hashOf(key))?.value;
}

function withEntry<Value>(this: Parts<Value>, key: string, value: Value): PersistentMap<Value> {
  const hash = hashOf(key);
  const isNew = find(this.root, key, hash) === null;
  const root = insert(this.root, { hash, key, value, next: null }, 0) as Branch<Value>;
  return mapOf(root, this.size + (isNew ? 1 : 0));
}

function withoutEntry<Value>(this: Parts<Value>, key: string): PersistentMap<Value> {
  const hash = hashOf(key);
  if (find(this.root, key, hash) === null) return this;
  const pruned = remove(this.root, key, hash, 0);
  return mapOf(isBranch(pruned) ? pruned : emptyBranch, this.size - 1);
}

function entriesOf<Value>(this: Parts<Value>): IterableIterator<readonly [string, Value]> {
  return iterate(this.root);
}

const isBranch = <Value>(node: Node<Value> | null): node is Branch<Value> =>
  node !== null && 'bitmap' in node;

function find<Value>(root: Branch<Value>, key: string, hash: number): Leaf<Value> | null {
  let node: Node<Value> = root;
  for (let shift = 0; isBranch(node); shift += bitsPerLevel) {
    const bit = bitOf(hash, shift);
    if ((node.bitmap & bit) === 0) return null;
    node = node.children[indexOf(node.bitmap, bit)] as Node<Value>;
  }
  let leaf: Leaf<Value> | null = node.hash === hash ? node : null;
  while (leaf !== null && leaf.key !== key) leaf = leaf.next;
  return leaf;
}

function insert<Value>(node: Node<Value>, leaf: Leaf<Value>, shift: number): Node<Value> {
  if (!isBranch(node)) {
    if (node.hash === leaf.hash) return { ...leaf, next: withoutKey(node, leaf.key) };
    const lifted: Branch<Value> = { bitmap: bitOf(node.hash, shift), children: [node] };
    return insert(lifted, leaf, shift);
  }
  const bit = bitOf(leaf.hash, shift);
  const index = indexOf(node.bitmap, bit);
  if ((node.bitmap & bit) === 0)
    return { bitmap: node.bitmap | bit, children: node.children.toSpliced(index, 0, leaf) };
  const children = node.children.slice();
  children[index] = insert(children[index] as Node<Value>, leaf, shift + bitsPerLevel);
  return { bitmap: node.bitmap, children };
}

function remove<Value>(
  node: Node<Value>,
  key: string,
  hash: number,
  shift: number,
): Node<Value> | null {
  if (!isBranch(node)) return withoutKey(node, key);
  const bit = bitOf(hash, shift);
  const index = indexOf(node.bitmap, bit);
  const child = remove(node.children[index] as Node<Value>, key, hash, shift + bitsPerLevel);
  if (child !== null) return { bitmap: node.bitmap, children: node.children.with(index, child) };
  const children = node.children.toSpliced(index, 1);
  return children.length === 0 ? null : { bitmap: node.bitmap & ~bit, children };
}

function withoutKey<Value>(leaf: Leaf<Value>, key: string): Leaf<Value> | null {
  if (leaf.key === key) return leaf.next;
  return leaf.next === null ? leaf : { ...leaf, next: withoutKey(leaf.next, key) };
}

function* iterate<Value>(node: Node<Value>): IterableIterator<readonly [string, Value]> {
  if (isBranch(node)) for (const child of node.children) yield* iterate(child);
  else
    for (let leaf: Leaf<Value> | null = node; leaf !== null; leaf = leaf.next)
      yield [leaf.key, leaf.value];
}

const bitOf = (hash: number, shift: number): number => 1 << ((hash >>> shift) & 31);

/** How many children stand before `bit`: a population count of the lower bits. */
function indexOf(bitmap: number, bit: number): number {
  let bits = bitmap & (bit - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * FNV-1a over UTF-16 units, mixed so that ids that differ in one character spread. Signed: V8 keeps
 * numbers of 32 bits in their place, and greater ones in an object of their own.
 */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d);
}
