import { instant } from '@counterfoil/domain';
import { seededRandom, simulatedProviders } from '@counterfoil/provider-simulator';
import { sampleAdapters } from '@counterfoil/providers/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imbalances } from '../support/books-in-balance.ts';
import { inMemoryBooks } from '../support/in-memory-books.ts';
import {
  booksBeside,
  disorderedSteps,
  inOrder,
  openWorld,
  predictionOf,
  takeStep,
  withLost,
  worldOf,
} from '../support/simulated-stories.ts';

// Two cores are shared with the rest of the suite; more runs for a search by hand.
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 40);
const timeoutMs = 120_000;
const storiesMax = 5;

const drawn = fc.record({
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  count: fc.integer({ min: 1, max: storiesMax }),
  order: fc.integer({ min: 0, max: 1_000_000 }),
});

type Drawn = Readonly<{ seed: number; count: number; order: number }>;

/** That the order of arrival does not matter is a decision of ours on each provider. */
const orderDecisions = {
  cryptomate: 'cryptomate row 7',
  cryptofuse: 'cryptofuse decision 7',
  '4pay': '4pay decision 5',
  calypso: 'calypso decision 2',
} as const;

describe.each(simulatedProviders)('generated stories of %s', (provider) => {
  const scene = ({ seed, count, order }: Drawn) => {
    const world = worldOf(provider, seed);
    const stories = Array.from({ length: count }, (_, index) => world.story(index));
    return { world, stories, random: seededRandom(order) };
  };
  const holds = (property: (drawn: Drawn) => Promise<void>) =>
    fc.assert(fc.asyncProperty(drawn, property), { numRuns });

  test(
    'told in order end in the predicted books, in balance after every step',
    () =>
      holds(async (values) => {
        const { world, stories } = scene(values);
        const books = inMemoryBooks();
        await openWorld(books, world);
        for (const [place, { story, step }] of inOrder(stories).entries()) {
          const decision = await takeStep(books, provider, step, `delivery-${place}`);
          if (step.kind === 'ask') expect(decision).toBe(stories[story]?.expectedDecision);
          expect(imbalances(await books.log())).toEqual([]);
        }
        const predicted = predictionOf(world, stories, inOrder(stories));
        expect(await booksBeside(books, predicted)).toEqual(predicted);
      }),
    timeoutMs,
  );

  test(
    `told in any order, with repeats, end in the same books (${orderDecisions[provider]})`,
    () =>
      holds(async (values) => {
        const { world, stories, random } = scene(values);
        const books = inMemoryBooks();
        await openWorld(books, world);
        for (const [place, { step }] of disorderedSteps(inOrder(stories), random).entries())
          await takeStep(books, provider, step, `delivery-${place}`);
        expect(imbalances(await books.log())).toEqual([]);
        const predicted = predictionOf(world, stories, inOrder(stories));
        expect(await booksBeside(books, predicted)).toEqual(predicted);
      }),
    timeoutMs,
  );

  test(
    'of which some deliveries never come end in the books of those that came, in any order',
    () =>
      holds(async (values) => {
        const { world, stories, random } = scene(values);
        const told = withLost(inOrder(stories), random);
        const books = inMemoryBooks();
        await openWorld(books, world);
        for (const [place, { step }] of disorderedSteps(told, random).entries())
          await takeStep(books, provider, step, `delivery-${place}`);
        const predicted = predictionOf(world, stories, told);
        expect(await booksBeside(books, predicted)).toEqual(predicted);
      }),
    timeoutMs,
  );
});

const signing = ['cryptofuse', '4pay', 'calypso'] as const;

describe.each(signing)('%s, which signs bodies', (provider) => {
  test('has every generated body refused in which one byte was changed, wherever it stands', () => {
    const { sign, webhooks } = sampleAdapters()[provider];
    const receivedAt = instant(Date.UTC(2026, 0, 2));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (seed, place, change) => {
          const [step] = worldOf(provider, seed)
            .story(0)
            .steps.filter(({ kind }) => kind !== 'order');
          if (!step || step.kind === 'order') return;
          const body = new TextEncoder().encode(step.body);
          const headers = new Map(
            Object.entries(sign(body, receivedAt)).map(([name, value]) => [
              name.toLowerCase(),
              value,
            ]),
          );
          const index = Math.floor(place * body.length);
          const mutated = body.map((byte, at) => (at === index ? byte ^ change : byte));
          const verdict = webhooks.verify({ headers, body: mutated, receivedAt, deliveryId: 'd' });
          expect(verdict.ok ? 'accepted' : verdict.error.code).toBe('credential-wrong');
        },
      ),
      { numRuns: 500 },
    );
  });
});
