import type { ProviderName } from '@counterfoil/domain';
import { derivedSeed, seededRandom } from '@counterfoil/provider-simulator';
import { sampleAdapters } from '@counterfoil/providers/testing';
import { imbalances } from '../support/books-in-balance.ts';
import { inMemoryBooks, type InMemoryBooks } from '../support/in-memory-books.ts';
import { isSimulated, openWorld, worldOf } from '../support/simulated-stories.ts';
import { corpusOf } from './corpus.ts';
import { fuzzedDelivery } from './fuzzed-delivery.ts';
import { mutatedBody } from './mutate.ts';

export type FuzzReport = Readonly<{
  deliveries: number;
  understood: number;
  throughLedger: number;
  /** How many by quarantine code. */
  quarantined: ReadonlyMap<string, number>;
  slowestMs: number;
  /** Each with the number of its delivery and the body, so that it can be told again. */
  failures: readonly string[];
}>;

export type FuzzOptions = Readonly<{ provider: ProviderName; seed: number; count: number }>;

/** One delivery in so many is also recorded in the books. */
const ledgerEvery = 20;
/** Books are opened afresh after so many: a long log would only slow the search. */
const deliveriesPerBooks = 200;
const failuresMax = 10;

/** Delivers `count` broken bodies, each made from the seed and its own number alone. */
export async function fuzzProvider({ provider, seed, count }: FuzzOptions): Promise<FuzzReport> {
  const adapter = sampleAdapters()[provider];
  const corpus = corpusOf(provider);
  const quarantined = new Map<string, number>();
  const failures: string[] = [];
  let understood = 0;
  let throughLedger = 0;
  let slowestMs = 0;
  let books: InMemoryBooks | null = null;
  for (let number = 0; number < count && failures.length < failuresMax; number += 1) {
    const body = mutatedBody(corpus, seededRandom(derivedSeed(seed, number)));
    const failed = (why: string) =>
      failures.push(`${provider} ${number} of seed ${seed}: ${why}: ${bodyText(body)}`);
    try {
      const { result, faults, durationMs } = fuzzedDelivery(adapter, body);
      slowestMs = Math.max(slowestMs, durationMs);
      for (const fault of faults) failed(fault);
      if ('events' in result) understood += 1;
      else
        quarantined.set(result.quarantine.code, (quarantined.get(result.quarantine.code) ?? 0) + 1);
      if (number % ledgerEvery !== 0) continue;
      if (throughLedger % deliveriesPerBooks === 0) books = await freshBooks(provider, seed);
      throughLedger += 1;
      if (books) for (const fault of await ledgerFaults(books, provider, body)) failed(fault);
    } catch (error) {
      failed(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  return { deliveries: count, understood, throughLedger, quarantined, slowestMs, failures };
}

async function freshBooks(provider: ProviderName, seed: number): Promise<InMemoryBooks> {
  const books = inMemoryBooks();
  if (isSimulated(provider)) await openWorld(books, worldOf(provider, seed));
  return books;
}

/** What is refused records nothing; whatever is recorded leaves the books in balance. */
async function ledgerFaults(
  books: InMemoryBooks,
  provider: ProviderName,
  body: Uint8Array,
): Promise<readonly string[]> {
  const before = (await books.log()).length;
  const answer = await books.deliver(provider, body, `fuzzed-${before}`);
  const log = await books.log();
  if (answer === 'quarantined')
    return log.length === before ? [] : ['it was refused and left something in the log'];
  return imbalances(log);
}

const bodyLengthShown = 2_000;

const bodyText = (body: Uint8Array): string =>
  JSON.stringify(new TextDecoder().decode(body).slice(0, bodyLengthShown));
