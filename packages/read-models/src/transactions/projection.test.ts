import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import { bucket, funded, sampleLog, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { findTransaction } from './queries.ts';

const models = withModels();

test('a transaction is found with its postings and the event that made it', async () => {
  const log = sampleLog();
  const recorded = log.record('account-a', funded('a', usd('5')));
  await projectLog(models.database, log.events());
  const { event } = recorded;
  const id =
    event.type === 'AdjustmentPosted' ? event.data.effect.transaction?.transactionId : null;
  expect(await findTransaction(models.database, id ?? '')).toMatchObject({
    transactionId: id,
    postings: [
      {
        source: 'platform:adjustments',
        destination: bucket('a', 'available'),
        amount: { asset: 'USD', amount: '5.00' },
      },
    ],
    effectiveAt: '2026-01-01T00:00:00.000Z',
    recordedAt: '2026-01-01T00:00:01.000Z',
    stream: 'account-a',
    eventId: recorded.eventId,
    type: 'AdjustmentPosted',
    position: '1',
    deliveryId: null,
  });
  expect(await findTransaction(models.database, 'no such')).toBeNull();
});
