import { expect, test } from 'vitest';
import { ensureModels, resetModels } from './model-copy.ts';
import { modelsAhead } from './models-ahead.ts';
import { allProjections, projectionOf } from './projections.ts';
import { readModelPosition } from './read-model-position.ts';
import { listedStore } from './testing/listed-store.ts';
import { projectLog, rowsOf } from './testing/project-log.ts';
import { funded, opened, sampleLog, usd } from './testing/sample-log.ts';
import { withModels } from './testing/with-models.ts';

const models = withModels();

function booked() {
  const log = sampleLog();
  log.record('account-a', opened('a'));
  log.record('account-a', funded('a', usd('1')));
  return log;
}

test('a model is ahead of a log that ends before what it has applied', async () => {
  const log = booked();
  await projectLog(models.database, log.events(), { projections: [projectionOf.balances] });
  const ahead = (length: number) => {
    const store = listedStore(() => log.events().slice(0, length));
    return modelsAhead({ database: models.database, store }, allProjections);
  };
  expect(await ahead(2)).toEqual([]);
  expect(await ahead(1)).toEqual([{ model: 'balances', position: '2', head: '1' }]);
  expect(await ahead(0)).toEqual([{ model: 'balances', position: '2', head: 'start' }]);
});

test('a model that is reset is empty and stands at the start of the log', async () => {
  const log = booked();
  const empty = await rowsOf(models.database, 'balances');
  await projectLog(models.database, log.events());
  await resetModels(models.database, allProjections);
  expect(await rowsOf(models.database, 'balances')).toEqual(empty);
  expect(await readModelPosition(models.database, ['balances', 'orders'])).toBe('start');
  await ensureModels(models.database, allProjections);
  await projectLog(models.database, log.events());
  expect(await rowsOf(models.database, 'balances')).not.toEqual(empty);
});
