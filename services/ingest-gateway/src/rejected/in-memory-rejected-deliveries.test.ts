import { rejectedContract } from '../testing/rejected-contract.ts';
import { inMemoryRejectedDeliveries } from './in-memory-rejected-deliveries.ts';

rejectedContract('refused webhooks in memory', async (options) =>
  inMemoryRejectedDeliveries(options),
);
