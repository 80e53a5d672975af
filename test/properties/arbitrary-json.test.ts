import { providerNames } from '@counterfoil/domain';
import { readSample, samples } from '@counterfoil/providers/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imbalances } from '../support/books-in-balance.ts';
import { inMemoryBooks } from '../support/in-memory-books.ts';

// Two cores are shared with the rest of the suite; more runs for a search by hand.
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 100);
const timeoutMs = 120_000;

type Json = Readonly<Record<string, unknown>>;

/** Every name and every value that stands in a provider's samples. */
function wordsOf(bodies: readonly unknown[]) {
  const names = new Set<string>();
  const values = new Set<string | number | boolean | null>();
  const take = (value: unknown): void => {
    if (typeof value !== 'object' || value === null)
      return void values.add(value as string | number | boolean | null);
    for (const [name, member] of Object.entries(value)) {
      if (!Array.isArray(value)) names.add(name);
      take(member);
    }
  };
  for (const body of bodies) take(body);
  return { names: [...names], values: [...values] };
}

/** Objects that speak the provider's language and say anything in it. */
function babble({ names, values }: ReturnType<typeof wordsOf>): fc.Arbitrary<Json> {
  const word = fc.oneof(fc.constantFrom(...values), fc.jsonValue({ maxDepth: 0 }));
  const flat = fc.dictionary(fc.constantFrom(...names), word, { maxKeys: 12 });
  const nested = fc.oneof(word, flat, fc.array(flat, { maxLength: 2 }));
  return fc.dictionary(fc.constantFrom(...names), nested, { maxKeys: 12 });
}

describe.each(providerNames)('JSON under the credential of %s', (provider) => {
  const delivered = async (body: unknown) => {
    const books = inMemoryBooks();
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const answer = await books.deliver(provider, bytes, 'arbitrary');
    return { answer, log: await books.log() };
  };

  test(
    'that is nothing of the provider is quarantined and leaves no trace in the books',
    () =>
      fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
          expect(await delivered(value)).toEqual({ answer: 'quarantined', log: [] });
        }),
        { numRuns },
      ),
    timeoutMs,
  );

  const bodies = samples(provider).map(
    ({ path }) => JSON.parse(new TextDecoder().decode(readSample(path))) as unknown,
  );

  test(
    'made of the provider’s own words is quarantined without a trace, or leaves books in balance',
    () =>
      fc.assert(
        fc.asyncProperty(babble(wordsOf(bodies)), async (body) => {
          const { answer, log } = await delivered(body);
          if (answer === 'quarantined') expect(log).toEqual([]);
          expect(imbalances(log)).toEqual([]);
        }),
        { numRuns },
      ),
    timeoutMs,
  );

  test(
    'of one of its webhooks with members of another is quarantined without a trace, or leaves books in balance',
    () => {
      const objects = bodies.filter((body): body is Json => typeof body === 'object');
      const pair = fc.record({
        one: fc.constantFrom(...objects),
        other: fc.constantFrom(...objects),
        taken: fc.infiniteStream(fc.boolean()),
      });
      return fc.assert(
        fc.asyncProperty(pair, async ({ one, other, taken }) => {
          const { answer, log } = await delivered(mixed(one, other, () => taken.next().value));
          if (answer === 'quarantined') expect(log).toEqual([]);
          expect(imbalances(log)).toEqual([]);
        }),
        { numRuns },
      );
    },
    timeoutMs,
  );
});

/** Members of both, at every depth where both have an object. */
function mixed(one: Json, other: Json, takes: () => boolean): Json {
  const entries = [...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) => {
    const [here, there] = [one[name], other[name]];
    if (isObject(here) && isObject(there)) return [name, mixed(here, there, takes)];
    return [name, there !== undefined && (here === undefined || takes()) ? there : here];
  });
  return Object.fromEntries(entries) as Json;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
