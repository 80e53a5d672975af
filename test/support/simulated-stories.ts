import type { ProviderName } from '@counterfoil/domain';
import {
  type Decision,
  decimalText,
  fromHundredths,
  type Movement,
  type PredictedBooks,
  predictedBooks,
  type SimulatedProvider,
  type Random,
  simulatedProviders,
  simulatedWorld,
  type Step,
  type Story,
  type World,
} from '@counterfoil/provider-simulator';
import type { InMemoryBooks } from './in-memory-books.ts';

/** A step of one of several stories that are told side by side. */
export type Told = Readonly<{ story: number; step: Step }>;

export const isSimulated = (provider: ProviderName): provider is SimulatedProvider =>
  simulatedProviders.some((simulated) => simulated === provider);

export const worldOf = (provider: SimulatedProvider, seed: number): World =>
  simulatedWorld({
    provider,
    seed,
    run: 'p',
    startsAt: Date.UTC(2026, 0, 2),
    customers: 4,
    mayRunOut: false,
  });

export async function openWorld(books: InMemoryBooks, world: World): Promise<void> {
  await books.open({
    name: 'simulated',
    folder: '',
    provider: world.provider,
    accounts: world.accounts,
    adjustments: world.accounts.flatMap(({ accountId, funds }) =>
      funds.map(({ asset, hundredths }) => ({
        accountId,
        asset,
        amount: decimalText(fromHundredths(hundredths, asset), asset),
      })),
    ),
    steps: [],
  });
}

/** The stories in their own order, the decision of each as it must be. */
export const inOrder = (stories: readonly Story[]): readonly Told[] =>
  stories.flatMap(({ steps, expectedDecision }, story) =>
    steps
      .filter(
        (step) => step.kind !== 'tell' || step.after === null || step.after === expectedDecision,
      )
      .map((step) => ({ story, step })),
  );

/** Takes one step; resolves to the decision where it asked for one. */
export async function takeStep(
  books: InMemoryBooks,
  provider: SimulatedProvider,
  step: Step,
  deliveryId: string,
): Promise<Decision | null> {
  if (step.kind === 'order') {
    await books.order(step.path === 'payouts' ? 'payout' : 'withdrawal', step.order);
    return null;
  }
  const answer = await books.deliver(provider, new TextEncoder().encode(step.body), deliveryId);
  if (answer === 'quarantined') throw new Error(`Quarantined: ${step.body}`);
  if (step.kind === 'tell') return null;
  return answer.includes('"00"') ? 'approved' : 'declined';
}

/** What the books must say, starting money included, after exactly these steps. */
export function predictionOf(
  world: World,
  stories: readonly Story[],
  told: readonly Told[],
): PredictedBooks {
  const funds: readonly Movement[] = world.accounts.flatMap(({ accountId, funds: own }) =>
    own.map(({ asset, hundredths }) => ({
      accountId,
      asset,
      available: fromHundredths(hundredths, asset),
    })),
  );
  const moved = stories.flatMap((story, index) => {
    const own = told.filter((taken) => taken.story === index).map(({ step }) => step);
    const wasAsked = own.some(({ kind }) => kind === 'ask');
    return story.outcome({
      steps: new Set(own.map(({ id }) => id)),
      decision: wasAsked ? story.expectedDecision : null,
    });
  });
  return predictedBooks([...funds, ...moved]);
}

/** The books of the same accounts and assets, as the ledger has them. */
export async function booksBeside(
  books: InMemoryBooks,
  predicted: PredictedBooks,
): Promise<PredictedBooks> {
  const actual: Movement[] = [];
  for (const [accountId, byAsset] of predicted)
    for (const asset of byAsset.keys())
      actual.push({ accountId, asset, ...(await books.balance(accountId, asset)) });
  return predictedBooks(actual);
}

const repeatedShare = 0.4;
const lostShare = 0.25;

/**
 * Any order, any repeats; but a question is asked before the rest of its own story is told, since
 * the rest depends on the answer. Orders of ours are placed once, at any time.
 */
export function disorderedSteps(told: readonly Told[], random: Random): readonly Told[] {
  const repeated = told.flatMap((taken) =>
    taken.step.kind !== 'order' && random.happens(repeatedShare) ? [taken, taken] : [taken],
  );
  const shuffled = repeated
    .map((taken) => ({ taken, at: random.next() }))
    .sort((left, right) => left.at - right.at)
    .map(({ taken }) => taken);
  const asked = new Set<number>();
  return shuffled.flatMap((taken) => {
    const ask = told.find(({ story, step }) => story === taken.story && step.kind === 'ask');
    if (!ask || asked.has(taken.story) || taken.step.kind === 'ask') {
      asked.add(taken.story);
      return [taken];
    }
    asked.add(taken.story);
    return [ask, taken];
  });
}

/** What is told when some deliveries never come: only facts, since an unasked question has no answer. */
export const withLost = (told: readonly Told[], random: Random): readonly Told[] =>
  told.filter(({ step }) => step.kind !== 'tell' || !random.happens(lostShare));
