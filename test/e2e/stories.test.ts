import { type Story, sampleStories } from '@counterfoil/cli';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSample } from '@counterfoil/providers/testing';
import { untilAtRest } from '../support/at-rest.ts';
import {
  balancesAt,
  difference,
  heldByHoldsAt,
  type Units,
  unitsOfBooks,
} from '../support/balances.ts';
import { deliver } from '../support/deliver.ts';
import { disordered, seeded } from '../support/disorder.ts';
import { driftOf } from '../support/drift.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

const stories = sampleStories();

const startTimeoutMs = 60_000;
const storyTimeoutMs = 60_000;

/** How many reviews a story leaves open, until a person rules; the others leave none. */
const reviewsLeftOpen: Readonly<Record<string, number>> = {
  'cryptomate/stories/duplicate-and-variant': 1,
  'cryptofuse/stories/g1-withdrawal-failed-after-broadcast': 1,
  'calypso/stories/invoice-underpaid': 1,
};

const cases = stories.map((story) => [story.folder, story] as const);

async function openedSystem(): Promise<RunningSystem> {
  const system = await runningSystem();
  await openSampleAccounts(system.api);
  return system;
}

/** The answer's body, or null for an order of ours. */
async function take({ url, api }: RunningSystem, story: Story, index: number) {
  const step = story.steps[index];
  if (!step) throw new Error(`${story.folder} has no step ${index}`);
  if (step.order) {
    await api.post(`/v1/${step.order}`, step.body);
    return null;
  }
  const answer = await deliver(url, story.provider, readSample(`${story.folder}/${step.deliver}`));
  expect(answer.status).toBe(200);
  return answer.body;
}

/** Stories share accounts, so each is told what the others left. */
async function startingBooks(system: RunningSystem, story: Story): Promise<Units> {
  const before = await balancesAt(system.api, await atRest(system));
  for (const adjustment of story.adjustments) await fundAccount(system.api, adjustment);
  return before;
}

const atRest = ({ database }: RunningSystem) => untilAtRest(database, { withRequests: false });

const booksSince = async (system: RunningSystem, before: Units, position: string) =>
  difference(await balancesAt(system.api, position), before);

const openReviews = async ({ api }: RunningSystem, position: string): Promise<number> =>
  (await api.list(`/v1/reviews?status=open&minPosition=${position}`)).length;

async function expectHeldIsTheSumOfHolds(system: RunningSystem, story: Story, position: string) {
  const balances = await balancesAt(system.api, position);
  for (const { accountId } of story.accounts) {
    const ofAccount = [...balances].filter(
      ([name]) => name.startsWith(`${accountId} `) && name.endsWith(' held'),
    );
    expect(await heldByHoldsAt(system.api, accountId, position)).toEqual(new Map(ofAccount));
  }
}

describe('each story, delivered over HTTP, ends step by step in the books it states', () => {
  let system: RunningSystem;
  beforeAll(async () => void (system = await openedSystem()), startTimeoutMs);
  afterAll(() => system?.stop());

  test.each(cases)(
    '%s',
    async (_name, story) => {
      const before = await startingBooks(system, story);
      const reviewsBefore = await openReviews(system, await atRest(system));
      let position = '0';
      for (const [index, step] of story.steps.entries()) {
        const answer = await take(system, story, index);
        if (step.expect) expect(JSON.parse(answer ?? '')).toEqual(step.expect);
        position = await atRest(system);
        const at = `after ${step.deliver ?? step.order}`;
        expect(await booksSince(system, before, position), at).toEqual(unitsOfBooks(step.books));
        await expectHeldIsTheSumOfHolds(system, story, position);
      }
      const opened = (await openReviews(system, position)) - reviewsBefore;
      expect(opened, 'open reviews').toBe(reviewsLeftOpen[story.folder] ?? 0);
    },
    storyTimeoutMs,
  );

  test(
    'requests that are relayed after they were answered change nothing',
    async () => {
      const before = await balancesAt(system.api, await atRest(system));
      const position = await untilAtRest(system.database);
      expect(await balancesAt(system.api, position)).toEqual(before);
      expect(await driftOf(system.database)).toEqual({ drift: 0, firstDrift: null });
    },
    storyTimeoutMs,
  );
});

const backwards = (story: Story): readonly number[] =>
  story.steps.map((_step, index) => index).reverse();

function shuffledAndRepeated(story: Story): readonly number[] {
  const random = seeded(story.folder.length);
  return story.steps
    .flatMap((step, index) =>
      Array.from({ length: step.order ? 1 : 1 + Math.floor(random() * 3) }, () => index),
    )
    .map((index) => ({ index, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ index }) => index);
}

/** The hundred seeds are told without HTTP, beside the scenarios. */
describe.each([
  ['told backwards', backwards],
  ['shuffled, each delivery given one to three times', shuffledAndRepeated],
] as const)('each story, delivered over HTTP, ends in the same books: %s', (_name, orderOf) => {
  let system: RunningSystem;
  beforeAll(async () => void (system = await openedSystem()), startTimeoutMs);
  afterAll(() => system?.stop());

  test.each(cases)(
    '%s',
    async (_folder, story) => {
      const before = await startingBooks(system, story);
      const order = disordered(story, orderOf(story));
      for (const index of order) await take(system, story, index);
      const position = await atRest(system);
      const end = unitsOfBooks(story.steps.at(-1)?.books ?? {});
      expect(await booksSince(system, before, position), `order ${order.join(' ')}`).toEqual(end);
      await expectHeldIsTheSumOfHolds(system, story, position);
    },
    storyTimeoutMs,
  );

  test(
    'requests that are relayed after they were answered change nothing',
    async () => {
      const before = await balancesAt(system.api, await atRest(system));
      const position = await untilAtRest(system.database);
      expect(await balancesAt(system.api, position)).toEqual(before);
      expect(await driftOf(system.database)).toEqual({ drift: 0, firstDrift: null });
    },
    storyTimeoutMs,
  );
});
