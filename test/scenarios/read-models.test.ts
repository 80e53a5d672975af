import { type Story, sampleStories } from '@counterfoil/cli';
import { allProjections, ledgerEvents, verify } from '@counterfoil/read-models';
import {
  emptyModels,
  listedStore,
  projectLog,
  rowsOf,
  withModels,
} from '@counterfoil/read-models/testing';
import { expect, test } from 'vitest';
import { disordered, seeded } from '../support/disorder.ts';
import { type InMemoryBooks, inMemoryBooks } from '../support/in-memory-books.ts';

const stories = sampleStories();

const models = withModels();

async function allRows() {
  const rows: Record<string, unknown> = {};
  for (const { name } of allProjections) rows[name] = await rowsOf(models.database, name);
  return rows;
}

/** One batch or one event at a time: the same rows, and the ones that the log calls for. */
async function expectTrueModels(books: InMemoryBooks) {
  const events = ledgerEvents(await books.log());
  await emptyModels(models.database);
  await projectLog(models.database, events, { batchSize: 1 });
  const oneByOne = await allRows();
  await emptyModels(models.database);
  await projectLog(models.database, events);
  expect(await allRows()).toEqual(oneByOne);
  const report = await verify({ store: listedStore(() => events), database: models.database });
  expect(report).toMatchObject({ ok: true, events: events.length, drift: 0, firstDrift: null });
}

async function tell(books: InMemoryBooks, story: Story, order: readonly number[]) {
  for (const [at, index] of order.entries()) {
    const step = story.steps[index];
    if (step?.order)
      await books.order(step.order === 'payouts' ? 'payout' : 'withdrawal', step.body);
    else if (step?.deliver)
      await books.deliverSample(
        story.provider,
        `${story.folder}/${step.deliver}`,
        `delivery-${at}`,
      );
  }
}

const inOrder = (story: Story) => story.steps.map((_step, index) => index);
const timeoutMs = 60_000;

test.each(stories.map((story) => [story.folder, story] as const))(
  '%s, told twice in disorder: the read models are what the log says, however it is cut',
  async (_name, story) => {
    const random = seeded(7);
    const shuffled = [...inOrder(story), ...inOrder(story)]
      .map((index) => ({ index, at: random() }))
      .sort((left, right) => left.at - right.at)
      .map(({ index }) => index);
    const books = inMemoryBooks();
    await books.open(story);
    await tell(books, story, disordered(story, shuffled));
    await expectTrueModels(books);
  },
  timeoutMs,
);

test.each(stories.map((story) => [story.folder, story] as const))(
  '%s, told before anyone is linked: the read models follow the money out of suspense',
  async (_name, story) => {
    const books = inMemoryBooks('suspend');
    await books.open({
      ...story,
      accounts: story.accounts.map((account) => ({ ...account, references: [] })),
    });
    await tell(books, story, inOrder(story));
    for (const { accountId, references } of story.accounts)
      for (const reference of references) await books.link({ accountId, reference });
    await expectTrueModels(books);
  },
  timeoutMs,
);
