import { type BookTexts, type Story, sampleStories } from '@counterfoil/cli';
import { assetOf, type Effect, parseAmount } from '@counterfoil/domain';
import { describe, expect, test } from 'vitest';
import { disordered, seeded } from '../support/disorder.ts';
import { type InMemoryBooks, inMemoryBooks } from '../support/in-memory-books.ts';

const stories = sampleStories();

// A hundred runs of a story share two cores with the rest of the suite.
const timeoutMs = 120_000;

async function expectBooks(books: InMemoryBooks, expected: BookTexts, at: string) {
  for (const [account, byAsset] of Object.entries(expected))
    for (const [code, figures] of Object.entries(byAsset)) {
      const asset = assetOf(code);
      if (!asset.ok) throw new Error(asset.error.message);
      const units = (text: string) => {
        const parsed = parseAmount(text, asset.value);
        if (!parsed.ok) throw new Error(parsed.error.message);
        return parsed.value.units;
      };
      expect(await books.balance(account, code), `${account} ${code} after ${at}`).toEqual({
        available: units(figures.available),
        held: units(figures.held),
        reserved: units(figures.reserved),
      });
    }
}

const stepName = (story: Story, index: number) =>
  `${story.folder} ${story.steps[index]?.deliver ?? 'order'}`;

async function take(books: InMemoryBooks, story: Story, index: number, deliveryId: string) {
  const step = story.steps[index];
  if (!step) throw new Error('no such step');
  if (step.order) {
    await books.order(step.order === 'payouts' ? 'payout' : 'withdrawal', step.body);
    return null;
  }
  return books.deliverSample(story.provider, `${story.folder}/${step.deliver}`, deliveryId);
}

describe('each story ends, step by step, in the books it states', () => {
  test.each(stories.map((story) => [story.folder, story] as const))('%s', async (_name, story) => {
    const books = inMemoryBooks();
    await books.open(story);
    for (const [index, step] of story.steps.entries()) {
      const answer = await take(books, story, index, `delivery-${index}`);
      if (step.expect) expect(JSON.parse(answer ?? '')).toEqual(step.expect);
      await expectBooks(books, step.books, stepName(story, index));
    }
  });
});

/** The final books do not depend on how often and in which order the provider told the story. */
describe('each story ends in the same books', () => {
  const final = (story: Story) => story.steps.at(-1)?.books ?? {};

  test.each(stories.map((story) => [story.folder, story] as const))(
    '%s, told backwards',
    async (_name, story) => {
      const order = disordered(story, story.steps.map((_step, index) => index).reverse());
      await expectEnd(story, order, final(story));
    },
    timeoutMs,
  );

  test.each(stories.map((story) => [story.folder, story] as const))(
    '%s, shuffled under 100 seeds, each delivery given one to three times',
    async (_name, story) => {
      for (let seed = 1; seed <= 100; seed += 1) {
        const random = seeded(seed);
        const repeated = story.steps.flatMap((step, index) =>
          Array.from({ length: step.order ? 1 : 1 + Math.floor(random() * 3) }, () => index),
        );
        const shuffled = repeated
          .map((index) => ({ index, at: random() }))
          .sort((left, right) => left.at - right.at)
          .map(({ index }) => index);
        await expectEnd(story, disordered(story, shuffled), final(story), seed);
      }
    },
    timeoutMs,
  );
});

/** Until somebody links them, references keep their money apart; linking moves it by events. */
describe('each story ends in the same books when references are linked at any moment', () => {
  const policies = ['open', 'suspend'] as const;
  const cases = policies.flatMap((policy) =>
    stories.map((story) => [policy, story.folder, story] as const),
  );

  test.each(cases)(
    'with unknown accounts = %s: %s',
    async (policy, _name, story) => {
      for (let seed = 1; seed <= 20; seed += 1) await linkAtAnyMoment(policy, story, seed);
    },
    timeoutMs,
  );
});

async function linkAtAnyMoment(policy: 'open' | 'suspend', story: Story, seed: number) {
  const random = seeded(seed);
  const books = inMemoryBooks(policy);
  await books.open({ ...story, accounts: story.accounts.map((a) => ({ ...a, references: [] })) });
  const deliveries = disordered(
    story,
    story.steps
      .map((_step, index) => ({ index, at: random() }))
      .sort((left, right) => left.at - right.at)
      .map(({ index }) => index),
  );
  const links = story.accounts.flatMap(({ accountId, references }) =>
    references.map((reference) => ({
      accountId,
      reference,
      after: Math.floor(random() * (deliveries.length + 1)),
    })),
  );
  const linkDue = async (place: number) => {
    for (const link of links.filter(({ after }) => after === place)) await books.link(link);
  };
  for (const [place, index] of deliveries.entries()) {
    await linkDue(place);
    await take(books, story, index, `delivery-${place}`);
  }
  await linkDue(deliveries.length);
  const at = `seed ${seed}, links ${links.map(({ reference, after }) => `${reference.kind}@${after}`).join(' ')}, order ${deliveries.join(' ')}`;
  await expectBooks(books, story.steps.at(-1)?.books ?? {}, at);
  await expectNothingLeftBehind(books);
}

/** Accounts that were opened for nobody, suspense and transit are empty once all is linked. */
async function expectNothingLeftBehind(books: InMemoryBooks) {
  const totals = new Map<string, bigint>();
  for (const { event } of await books.log()) {
    const effect = 'effect' in event.data ? (event.data.effect as Effect) : null;
    for (const { source, destination, amount } of effect?.transaction?.postings ?? []) {
      totals.set(source, (totals.get(source) ?? 0n) - amount.units);
      totals.set(destination, (totals.get(destination) ?? 0n) + amount.units);
    }
  }
  const left = [...totals].filter(
    ([address, units]) =>
      units !== 0n && /^(accounts:auto|suspense:|platform:transit)/.test(address),
  );
  expect(left).toEqual([]);
}

async function expectEnd(story: Story, order: readonly number[], end: BookTexts, seed = 0) {
  const books = inMemoryBooks();
  await books.open(story);
  // A redelivery arrives under an archive id of its own.
  for (const [place, index] of order.entries())
    await take(books, story, index, `delivery-${place}`);
  await expectBooks(books, end, `seed ${seed}, order ${order.join(' ')}`);
}
