import { missingForKafka } from '@counterfoil/event-bus/testing';
import { allProjections, copyState, servingSchema } from '@counterfoil/read-models';
import { readEnvironment } from '@counterfoil/runtime';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { booksOfAcknowledged } from '../support/acknowledged-books.ts';
import { balancesAt } from '../support/balances.ts';
import type { DelivererProgress } from '../support/deliverer.ts';
import { driftOf } from '../support/drift.ts';
import type { HttpApi } from '../support/http-api.ts';
import type { WebhookSummary } from '../support/inbound-webhook.ts';
import { type Fault, type FaultedSystem, faultedSystem, kafkaVersion } from './faulted-system.ts';
import { endlessDeliveries, openFlowAccounts, startFlow } from './flow.ts';
import { killServices } from './kill-services.ts';
import { poisonMessages } from './poison.ts';
import {
  brokerAway,
  brokerKilled,
  connectionsCut,
  connectionsHalfOpen,
  databaseAwayFromBacklog,
  postgresRestarted,
} from './servers-away.ts';
import { consumerPaused, rebalanced } from './uneasy-consumers.ts';

const faults: readonly Fault[] = [
  killServices,
  postgresRestarted,
  connectionsCut,
  databaseAwayFromBacklog,
  rebalanced,
  connectionsHalfOpen,
  consumerPaused,
  brokerAway,
  brokerKilled,
  poisonMessages,
];

/** `npm run test:faults` sets it; without it the suite has what takes some seconds, without a broker. */
const isLong = readEnvironment()['FAULTS'] === 'all';
const startTimeoutMs = 240_000;
const timeoutMs = 420_000;
/** What is not well again by then needed a hand. */
const healTimeoutMs = 150_000;
const deliveriesAround = 40;
const outputLinesShown = 150;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const missing = isLong ? await missingForKafka(kafkaVersion) : 'npm run test:faults has it';
if (missing !== null) say(`Faults are not tried on Kafka: ${missing}`);

for (const bus of ['kafka', 'postgres'] as const)
  describe.skipIf(bus === 'kafka' && missing !== null)(
    `a cluster on the ${bus} bus under load`,
    () => holdFaults(bus),
  );

function holdFaults(bus: 'kafka' | 'postgres'): void {
  const source = endlessDeliveries();
  let system: FaultedSystem;
  let delivered = 0;

  beforeAll(async () => {
    const startedAt = performance.now();
    system = await faultedSystem(bus);
    await openFlowAccounts(system.cluster.api);
    say(`${bus}: the cluster runs after ${secondsSince(startedAt)}`);
  }, startTimeoutMs);

  afterAll(() => system?.stop(), startTimeoutMs);

  const tried = faults.filter(
    ({ isOfKafka, isShort }) => (isLong || isShort) && (bus === 'kafka' || !isOfKafka),
  );
  test.each(tried.map(({ name, inject }) => [name, inject] as const))(
    'heals by itself, with every acknowledged webhook in the books once, after %s',
    async (name, inject) => {
      onTestFailed(() => say(lastLines(system.cluster.output())));
      const { cluster } = system;
      const books = async () => balancesAt(cluster.api, await cluster.untilAtRest());
      const before = await books();
      const endedBefore = cluster.ended().length;

      const flow = startFlow(cluster.url, source);
      await flow.untilMore(deliveriesAround);
      const harmedAt = performance.now();
      const killed = await inject(system, flow);
      const harm = secondsSince(harmedAt);
      const harmlessAt = performance.now();
      await flow.untilMore(deliveriesAround);
      const progress = await flow.stop();
      await cluster.untilHealthy();
      // An approval that was answered as declined is withdrawn a little later.
      await expect
        .poll(books, { timeout: healTimeoutMs, interval: 250 })
        .toEqual(booksOfAcknowledged(before, progress.acknowledged));
      say(
        `${bus}: ${name}: harm ${harm}, well after ${secondsSince(harmlessAt)}; ${told(progress)}`,
      );

      delivered += progress.acknowledged.length;
      // A request that was declined because the archive was away is archived a little later.
      await expect
        .poll(() => archivedBy(cluster.api), { timeout: healTimeoutMs, interval: 500 })
        .toEqual({ processed: delivered });
      await expectSoundBooks(system);
      expect(cluster.ended().slice(endedBefore), 'ended processes').toEqual(killed);
    },
    timeoutMs,
  );
}

/** How many deliveries the archive holds in each state, but for those that came again. */
async function archivedBy(api: HttpApi): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { status } of await api.list<WebhookSummary>('/v1/inbound-webhooks'))
    if (status !== 'duplicate') counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The sum of all balances is zero, no projection is behind, and the books equal the log. */
async function expectSoundBooks({ postgres, cluster }: FaultedSystem): Promise<void> {
  const { database } = postgres.server;
  const head = await cluster.untilAtRest();
  const { rows: sums } = await database.query(
    'select asset, sum(input - output)::text as sum from read_balances.balances group by asset',
  );
  expect(sums.length).toBeGreaterThan(0);
  expect(sums.filter(({ sum }) => sum !== '0')).toEqual([]);
  for (const { name } of allProjections)
    await expect
      .poll(async () => (await copyState(database, servingSchema(name)))?.position, {
        timeout: healTimeoutMs,
        message: name,
      })
      .toBe(head);
  expect(await driftOf(database)).toEqual({ drift: 0, firstDrift: null });
}

function told({ acknowledged, refusals }: DelivererProgress): string {
  const requests = acknowledged.filter(({ delivery }) => delivery.kind === 'request');
  const approved = requests.filter(({ answer }) => answer.body.includes('"00"'));
  const refused = [...refusals].map(([status, count]) => `${count} with ${status || 'no answer'}`);
  return `${acknowledged.length} acknowledged, of them ${approved.length} of ${requests.length} requests approved; refused: ${refused.join(', ') || 'none'}`;
}

const secondsSince = (start: number): string =>
  `${((performance.now() - start) / 1000).toFixed(1)} s`;
const lastLines = (text: string): string => text.split('\n').slice(-outputLinesShown).join('\n');
