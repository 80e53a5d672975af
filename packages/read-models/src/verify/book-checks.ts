import {
  accountOf,
  effectOf,
  type RecordedEvent,
  streamParts,
  transactionOf,
} from '../ledger-event.ts';

/** What the books must be, whatever the read models say: folded from the log alone. */
export type BookChecks = Readonly<{
  add: (recorded: RecordedEvent) => void;
  results: () => readonly CheckResult[];
  /** The sum of postings at an address, by `address asset`. */
  balances: ReadonlyMap<string, bigint>;
}>;

export type CheckResult = Readonly<{
  name: string;
  ok: boolean;
  /** How many things are wrong. */
  drift: number;
  /** The first of them in words; null when all is well. */
  first: string | null;
}>;

type Finding = Readonly<{ name: CheckName; text: string }>;
const checkNames = [
  'positions',
  'stream-versions',
  'postings-positive',
  'own-addresses',
  'transaction-ids-unique',
  'held-equals-open-holds',
  'set-aside-not-negative',
] as const;
type CheckName = (typeof checkNames)[number];

/** `isContiguous`: the store numbers events without gaps; other stores only count upwards. */
export function bookChecks(isContiguous: boolean): BookChecks {
  const balances = new Map<string, bigint>();
  const holds = new Map<string, Readonly<{ place: string; units: bigint }>>();
  const versions = new Map<string, bigint>();
  const transactions = new Set<string>();
  const findings: Finding[] = [];
  let position = 0n;

  const find = (name: CheckName, text: string) => findings.push({ name, text });
  const move = (place: string, units: bigint) =>
    balances.set(place, (balances.get(place) ?? 0n) + units);

  const addPlace = (recorded: RecordedEvent) => {
    const at = BigInt(recorded.position);
    if (isContiguous ? at !== position + 1n : at <= position)
      find('positions', `position ${recorded.position} follows ${position}`);
    position = at;
    const before = versions.get(recorded.stream) ?? 0n;
    if (recorded.version !== before + 1n)
      find('stream-versions', `${recorded.stream} goes from ${before} to ${recorded.version}`);
    versions.set(recorded.stream, recorded.version);
  };

  const addPostings = (recorded: RecordedEvent) => {
    const transaction = transactionOf(recorded);
    if (transaction === null) return;
    const { transactionId, postings } = transaction;
    if (transactions.has(transactionId))
      find('transaction-ids-unique', `${transactionId} is posted again by ${recorded.eventId}`);
    transactions.add(transactionId);
    for (const { source, destination, amount } of postings) {
      if (amount.units <= 0n)
        find(
          'postings-positive',
          `${transactionId} posts ${amount.units} units of ${amount.asset}`,
        );
      for (const address of [source, destination])
        if (!isOwnAddress(recorded, address))
          find('own-addresses', `${recorded.stream} posts to ${address} in ${transactionId}`);
      move(`${source} ${amount.asset}`, -amount.units);
      move(`${destination} ${amount.asset}`, amount.units);
    }
  };

  const addHolds = (recorded: RecordedEvent) => {
    const accountId = accountOf(recorded);
    if (accountId === null) return;
    for (const { holdId, held } of effectOf(recorded)?.holds ?? []) {
      const key = `${accountId} ${holdId}`;
      const place = `accounts:${accountId}:held ${held.asset}`;
      if (held.units === 0n) holds.delete(key);
      else holds.set(key, { place, units: held.units });
    }
  };

  const checkBalances = (): readonly Finding[] => {
    const open = new Map<string, bigint>();
    for (const { place, units } of holds.values()) open.set(place, (open.get(place) ?? 0n) + units);
    const found: Finding[] = [];
    const heldPlaces = [...balances.keys()].filter((place) => isBucket(place, 'held'));
    for (const place of new Set([...heldPlaces, ...open.keys()])) {
      const [balance, sum] = [balances.get(place) ?? 0n, open.get(place) ?? 0n];
      if (balance !== sum)
        found.push({
          name: 'held-equals-open-holds',
          text: `${place} is ${balance} units, its open holds ${sum}`,
        });
    }
    for (const [place, units] of balances)
      if (units < 0n && (isBucket(place, 'held') || isBucket(place, 'reserved')))
        found.push({ name: 'set-aside-not-negative', text: `${place} is ${units} units` });
    return found;
  };

  return {
    balances,
    add: (recorded) => {
      addPlace(recorded);
      addPostings(recorded);
      addHolds(recorded);
    },
    results: () => {
      const all = [...findings, ...checkBalances()];
      return checkNames.map((name) => {
        const found = all.filter((finding) => finding.name === name);
        return {
          name,
          ok: found.length === 0,
          drift: found.length,
          first: found[0]?.text ?? null,
        };
      });
    },
  };
}

const isBucket = (place: string, bucket: 'held' | 'reserved'): boolean =>
  place.startsWith('accounts:') && place.slice(0, place.lastIndexOf(' ')).endsWith(`:${bucket}`);

/** Only `account-X` posts to `accounts:X:…`, and only suspense to `suspense:…`. */
function isOwnAddress(recorded: RecordedEvent, address: string): boolean {
  const { category, id } = streamParts(recorded.stream);
  if (address.startsWith('accounts:'))
    return category === 'account' && address.startsWith(`accounts:${id}:`);
  return !address.startsWith('suspense:') || category === 'suspense';
}
