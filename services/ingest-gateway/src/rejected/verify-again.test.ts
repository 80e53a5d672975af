import { instant } from '@counterfoil/domain';
import { readSample, sampleAdapters, signedWebhook } from '@counterfoil/providers/testing';
import { manualClock } from '@counterfoil/runtime/testing';
import { expect, it } from 'vitest';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import { newestFirst } from '../testing/delivery.ts';
import { testBounds } from '../testing/test-gateway.ts';
import { inMemoryRejectedDeliveries } from './in-memory-rejected-deliveries.ts';
import { verifyAgain } from './verify-again.ts';

const { calypso } = sampleAdapters();

it('goes on where it was cut off between taking a webhook and forgetting it', async () => {
  const clock = manualClock();
  const inbox = inMemoryInbox();
  const rejected = inMemoryRejectedDeliveries({ clock, bounds: testBounds });
  for (const name of ['invoice-paid', 'invoice-expired']) {
    const webhook = signedWebhook(calypso, readSample(`calypso/constructed/${name}.json`));
    rejected.keep({
      ...webhook,
      receivedAt: instant(clock.now()),
      deliveryId: name,
      provider: 'calypso',
      code: 'credential-wrong',
    });
  }
  const remove = () => Promise.reject(new Error('the database is away'));
  const cutOff = { inbox, rejected: { ...rejected, remove } };
  await expect(verifyAgain(cutOff, calypso)).rejects.toThrow('the database is away');
  expect(await verifyAgain({ inbox, rejected }, calypso)).toEqual({ accepted: 2, refused: 0 });
  expect(await inbox.list(newestFirst)).toMatchObject([
    { id: 'invoice-expired', status: 'received' },
    { id: 'invoice-paid', status: 'received' },
  ]);
  expect(await verifyAgain({ inbox, rejected }, calypso)).toEqual({ accepted: 0, refused: 0 });
});
