import { sampleStories } from '@counterfoil/cli';
import { type EventStore, eventStoreDbEventStore } from '@counterfoil/event-store';
import { type EventStoreDbServer, startEventStoreDbServer } from '@counterfoil/event-store/testing';
import { silentLogger, systemClock } from '@counterfoil/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { balancesAt, difference, unitsOfBooks } from '../support/balances.ts';
import { commandOutcome } from '../support/child-system.ts';
import { driftOf } from '../support/drift.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';
import { tellStep } from '../support/tell-story.ts';

const stories = sampleStories();

const timeoutMs = 120_000;

/** One of each provider. */
const cases = [
  'cryptomate/stories/card-purchase',
  'cryptofuse/stories/g1-payment-and-withdrawal',
  '4pay/stories/top-up-to-purchase',
  'calypso/stories/payout-completed',
] as const;

type Store = EventStore & Readonly<{ close: () => Promise<void> }>;
let server: EventStoreDbServer;
let store: Store;
let system: RunningSystem;

beforeAll(async () => {
  server = await startEventStoreDbServer();
  const { url } = server;
  store = eventStoreDbEventStore({ url, clock: systemClock(), logger: silentLogger });
  system = await runningSystem({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url });
  await openSampleAccounts(system.api);
}, timeoutMs);

afterAll(async () => {
  await system?.stop();
  await store?.close();
  await server?.stop();
});

const atRest = () => untilAtRest(system.database, { withRequests: false, store });

test.each(cases)(
  'with its events in EventStoreDB, %s ends in the books it states, answers lost and subscriptions dropped',
  async (folder) => {
    const story = stories.find((one) => one.folder === folder);
    if (story === undefined) throw new Error(`There is no story ${folder}`);
    const before = await balancesAt(system.api, await atRest());
    for (const adjustment of story.adjustments) await fundAccount(system.api, adjustment);
    for (const [index, step] of story.steps.entries()) {
      server.faults.cutAfterNextAppends(1);
      const answer = await tellStep(system, story, index);
      if (step.expect) expect(JSON.parse(answer ?? '')).toEqual(step.expect);
      server.faults.dropSubscriptions();
      const since = difference(await balancesAt(system.api, await atRest()), before);
      expect(since, `after ${step.deliver ?? step.order}`).toEqual(unitsOfBooks(step.books));
    }
  },
  timeoutMs,
);

test(
  'the read models equal what the log in EventStoreDB says, for the command line as well',
  async () => {
    await untilAtRest(system.database, { store });
    expect(await driftOf(system.database, store)).toEqual({ drift: 0, firstDrift: null });
    const { exitCode, stdout } = await commandOutcome(system.environment, ['verify', '--json']);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { ok: true, drift: 0 }]);
    expect(server.calls).toMatchObject({ inexactAppend: 0, batchAppend: 0 });
  },
  timeoutMs,
);

test('what a delivery led to is found by the delivery', async () => {
  type Delivery = Readonly<{ id: string; recordedEvents: readonly unknown[] }>;
  const deliveries = await system.api.list<Delivery>('/v1/inbound-webhooks?provider=calypso');
  const found = await Promise.all(
    deliveries.map(({ id }) => system.api.get<Delivery>(`/v1/inbound-webhooks/${id}`)),
  );
  expect(found.flatMap(({ recordedEvents }) => recordedEvents).length).toBeGreaterThan(0);
});
