import { sampleAdapters, unboundedAmountMax } from './testing/index.ts';
import { describeProviderContract } from './testing/provider-contract.ts';

const adapters = sampleAdapters();
const unbounded = sampleAdapters(unboundedAmountMax);

describeProviderContract({
  adapter: adapters.calypso,
  unboundedAdapter: unbounded.calypso,
  signsBodies: true,
  acknowledgement: '{}',
  discriminators: ['eventType', 'data.payoutStatus'],
});
