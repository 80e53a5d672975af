import { type PredictedBooks, predictedBooks } from '../predicted-books.ts';
import type { Movement } from '../story.ts';
import { apiBooks } from './api-books.ts';
import { apiClient } from './api-client.ts';
import { checkBooks } from './check-books.ts';
import { checkQuarantine, quarantinedIds } from './check-quarantine.ts';
import { openWorlds } from './open-worlds.ts';
import type { SimulationOptions } from './simulation-options.ts';
import { type Check, latencyOf, type SimulationReport } from './simulation-report.ts';
import { newTally, type Tally } from './tally.ts';
import { tellStories } from './tell-stories.ts';
import type { ToldStory } from './told-story.ts';
import { longRestMs, untilAtRest } from './until-at-rest.ts';
import { webhookClient } from './webhook-client.ts';

/**
 * Plays providers against a running system over HTTP alone, waits until its books have followed,
 * and compares them with what really reached it. Rejects where the system cannot be reached or
 * stops; what is merely wrong is a check of the report.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { url, apiKey, clock, seed, run } = options;
  const api = apiClient(url, apiKey);
  const client = webhookClient(url);
  const tally = newTally();
  try {
    const worlds = await openWorlds(options, api);
    const merchants = await merchantIds(options, api);
    const accountIds = new Set([
      ...worlds.flatMap(({ accounts }) => accounts.map(({ accountId }) => accountId)),
      ...merchants,
    ]);
    await untilAtRest(options, api);
    const before = await apiBooks(api, accountIds);
    const quarantined = await quarantinedIds(api);
    const startedAt = clock.monotonic();
    const told = await tellStories(options, worlds, { client, api, tally });
    const elapsedMs = clock.monotonic() - startedAt;
    await untilAtRest(options, api);
    const predicted = predictedBooks([...movementsOf(before), ...told.flatMap(outcomeOf)]);
    const checks = [
      answersCheck(tally),
      await settledBooks(options, api, predicted, accountIds),
      await checkQuarantine(api, quarantined, tally),
    ];
    const providers = Object.fromEntries(tally.providers);
    const deliveries = Object.values(providers).reduce((sum, counts) => sum + counts.deliveries, 0);
    return {
      seed,
      run,
      deliveries,
      perSecond: Math.round((deliveries / elapsedMs) * 1_000),
      providers,
      acknowledgementMs: latencyOf(tally.acknowledgementMs),
      authorizationMs: latencyOf(tally.authorizationMs),
      checks,
    };
  } finally {
    client.close();
  }
}

/** Books that differ may only be behind: they are looked at once more after a long rest. */
async function settledBooks(
  options: SimulationOptions,
  api: ReturnType<typeof apiClient>,
  predicted: PredictedBooks,
  accountIds: ReadonlySet<string>,
): Promise<Check> {
  const check = checkBooks(predicted, await apiBooks(api, accountIds));
  if (check.ok) return check;
  await untilAtRest(options, api, longRestMs);
  return checkBooks(predicted, await apiBooks(api, accountIds));
}

const outcomeOf = ({ story, told, decision }: ToldStory): readonly Movement[] =>
  story.outcome({ steps: told, decision });

const movementsOf = (books: PredictedBooks): readonly Movement[] =>
  [...books].flatMap(([accountId, byAsset]) =>
    [...byAsset].map(([asset, buckets]) => ({ accountId, asset, ...buckets })),
  );

/** The account that was there before: an earlier simulation's goes on, anybody else's stays as it is. */
async function merchantIds(
  { providers }: SimulationOptions,
  api: ReturnType<typeof apiClient>,
): Promise<readonly string[]> {
  if (!providers.includes('cryptofuse')) return [];
  const owner = await api.request('GET', '/v1/accounts/by-reference/cryptofuse/account/default');
  return owner.status < 300 ? [(owner.body as { accountId: string }).accountId] : [];
}

const answersCheck = ({ surprises, surpriseCount }: Tally): Check => ({
  name: 'every answer is the one the provider relies on',
  ok: surpriseCount === 0,
  detail:
    surpriseCount === 0
      ? 'acknowledgements, refusals, decisions and their repeats'
      : `${surpriseCount} were not: ${surprises.slice(0, 5).join('; ')}`,
});
