import { systemClock } from '@counterfoil/runtime';
import { expect, test } from 'vitest';
import { accountBalances } from './balances/queries.ts';
import { applyBatch } from './apply-batch.ts';
import { copyState } from './model-copy.ts';
import type { Projection } from './projection.ts';
import { allProjections, projectionOf } from './projections.ts';
import { positionOf } from './read-model-position.ts';
import { rebuild, RebuildUnderWay } from './rebuild.ts';
import { listedStore } from './testing/listed-store.ts';
import { projectLog, rowsOf } from './testing/project-log.ts';
import { funded, opened, sampleLog, usd } from './testing/sample-log.ts';
import { withModels } from './testing/with-models.ts';

const models = withModels();
const clock = systemClock();

function longLog(length: number) {
  const log = sampleLog();
  log.record('account-a', opened('a'));
  for (let n = 0; n < length; n += 1) log.record(`account-${n % 3}`, funded(`${n % 3}`, usd('1')));
  return log;
}

test('a rebuild gives byte-identical rows, for every model', async () => {
  const log = longLog(50);
  await projectLog(models.database, log.events(), { batchSize: 7 });
  const ports = { store: listedStore(log.events), database: models.database, clock };
  for (const { name } of allProjections) {
    const before = await rowsOf(models.database, name);
    const progress: number[] = [];
    const rebuilt = await rebuild(ports, name, {
      onProgress: ({ events }) => progress.push(events),
    });
    expect(rebuilt).toEqual({ events: 51, position: '51' });
    expect(await rowsOf(models.database, name)).toEqual(before);
    expect(progress.at(-1)).toBe(51);
  }
});

test('a rebuild from an older log, as after a restore, takes the place of rows that are ahead of it', async () => {
  const log = longLog(5);
  await projectLog(models.database, log.events());
  const store = listedStore(() => log.events().slice(0, 3));
  const rebuilt = await rebuild({ store, database: models.database, clock }, 'balances', {
    signal: AbortSignal.timeout(10_000),
  });
  expect(rebuilt).toEqual({ events: 3, position: '3' });
  expect(await accountBalances(models.database, '1')).toMatchObject([{ available: '1.00' }]);
});

test('readers see whole answers while the rows are swapped under them', async () => {
  const log = longLog(30);
  await projectLog(models.database, log.events());
  const expected = await accountBalances(models.database, '1');
  const ports = { store: listedStore(log.events), database: models.database, clock };
  let isDone = false;
  const reading = (async () => {
    let reads = 0;
    while (!isDone) {
      expect(await accountBalances(models.database, '1')).toEqual(expected);
      reads += 1;
    }
    return reads;
  })();
  for (let round = 0; round < 5; round += 1) await rebuild(ports, 'balances');
  isDone = true;
  expect(await reading).toBeGreaterThan(5);
});

test('batches that race with rebuilds are counted once, and no swap goes back in time', async () => {
  const log = longLog(10);
  await projectLog(models.database, log.events());
  const ports = { store: listedStore(log.events), database: models.database, clock };
  let isDone = false;
  const writing = (async () => {
    for (let n = 0; n < 25; n += 1) {
      log.record('account-1', funded('1', usd('1')));
      await projectLog(models.database, log.events(), { projections: [projectionOf.balances] });
    }
    isDone = true;
  })();
  let rebuilds = 0;
  while (!isDone) {
    await rebuild(ports, 'balances');
    rebuilds += 1;
  }
  await writing;
  await projectLog(models.database, log.events());
  expect(rebuilds).toBeGreaterThan(0);
  const [balance] = await accountBalances(models.database, '1');
  expect(balance?.available).toBe('28.00');
});

test('a batch that is being written when the swap comes is not counted in the new rows again', async () => {
  const log = longLog(10);
  await projectLog(models.database, log.events());
  const recorded = log.record('account-1', funded('1', usd('1')));
  const gate = new AbortController();
  const entered = new AbortController();
  const { balances } = projectionOf;
  const slow: Projection = {
    ...balances,
    apply: async (...given) => {
      entered.abort();
      await clock.sleep(5_000, gate.signal);
      await balances.apply(...given);
    },
  };
  const batch = { from: positionOf('11'), events: [recorded], next: positionOf('12') };
  const applying = applyBatch(models.database, slow, 'read_balances', batch);
  await clock.sleep(5_000, entered.signal);
  const store = listedStore(log.events);
  const rebuilding = rebuild({ store, database: models.database, clock }, 'balances');
  await clock.sleep(500);
  gate.abort();
  expect(await applying).toBe('applied');
  await rebuilding;
  expect((await accountBalances(models.database, '1'))[0]?.available).toBe('4.00');
});

test('tables of another version are replaced by what this version makes', async () => {
  const log = longLog(3);
  await projectLog(models.database, log.events());
  await models.database.query('update read_balances.checkpoint set version = 0');
  await models.database.query('update read_balances.balances set input = 0');
  await rebuild({ store: listedStore(log.events), database: models.database, clock }, 'balances');
  expect(await copyState(models.database, 'read_balances')).toEqual({ position: '4', version: 1 });
  expect((await accountBalances(models.database, '0'))[0]?.available).toBe('1.00');
});

test('a model is rebuilt by one process at a time, and an unfinished copy is no obstacle', async () => {
  const log = longLog(3);
  const store = listedStore(log.events);
  const stopped = new AbortController();
  const ports = { store, database: models.database, clock };
  const first = rebuild(ports, 'holds', {
    signal: stopped.signal,
    onProgress: () => stopped.abort(),
  });
  await expect(first).rejects.toThrow('was stopped');
  const outcomes = await Promise.allSettled([rebuild(ports, 'holds'), rebuild(ports, 'holds')]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  for (const outcome of refused) expect(outcome.reason).toBeInstanceOf(RebuildUnderWay);
  expect(refused.length).toBeLessThan(2);
});
