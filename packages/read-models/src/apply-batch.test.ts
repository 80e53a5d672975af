import { expect, test } from 'vitest';
import { applyBatch } from './apply-batch.ts';
import { copyState } from './model-copy.ts';
import { projectionOf } from './projections.ts';
import { comparePositions, positionOf, readModelPosition } from './read-model-position.ts';
import { projectLog, rowsOf } from './testing/project-log.ts';
import { funded, sampleLog, usd } from './testing/sample-log.ts';
import { withModels } from './testing/with-models.ts';

const models = withModels();
const { balances } = projectionOf;

const threeEvents = () => {
  const log = sampleLog();
  for (const amount of ['1', '2', '3']) log.record('account-a', funded('a', usd(amount)));
  return log.events();
};

test('a batch from where the model no longer stands changes nothing', async () => {
  const events = threeEvents();
  const [first] = events;
  const batch = {
    from: 'start',
    events: events.slice(0, 1),
    next: first?.position ?? 'start',
  } as const;
  expect(await applyBatch(models.database, balances, 'read_balances', batch)).toBe('applied');
  const rows = await rowsOf(models.database, 'balances');
  expect(await applyBatch(models.database, balances, 'read_balances', batch)).toBe('moved');
  expect(await rowsOf(models.database, 'balances')).toEqual(rows);
});

test('of many instances that apply the same batch at once, one does', async () => {
  const events = threeEvents();
  const batch = { from: 'start', events, next: positionOf('3') } as const;
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => applyBatch(models.database, balances, 'read_balances', batch)),
  );
  expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
  const rows = await rowsOf(models.database, 'balances');
  expect(rows['balances']).toContain('(accounts:a:available,USD,6000000,0)');
});

test('rows and checkpoint are written together or not at all', async () => {
  const events = threeEvents();
  const failing = {
    ...balances,
    apply: async (...given: Parameters<typeof balances.apply>) => {
      await balances.apply(...given);
      throw new Error('after the rows');
    },
  };
  const batch = { from: 'start', events, next: positionOf('3') } as const;
  await expect(applyBatch(models.database, failing, 'read_balances', batch)).rejects.toThrow(
    'after the rows',
  );
  expect(await rowsOf(models.database, 'balances')).toEqual({ balances: [] });
  expect(await copyState(models.database, 'read_balances')).toEqual({
    position: 'start',
    version: 1,
  });
});

test('answers from several models reflect the least of their positions', async () => {
  await projectLog(models.database, threeEvents(), { projections: [balances] });
  expect(await readModelPosition(models.database, ['balances'])).toBe('3');
  expect(await readModelPosition(models.database, ['balances', 'accounts'])).toBe('start');
});

test('positions compare as numbers of any size', () => {
  const sorted = ['start', '1', '9', '10', '99999999999999999999', '100000000000000000000'].map(
    positionOf,
  );
  expect([...sorted].reverse().sort(comparePositions)).toEqual(sorted);
  expect(comparePositions(positionOf('7'), positionOf('7'))).toBe(0);
});
