import { sampleAdapters, unboundedAmountMax } from './testing/index.ts';
import { describeProviderContract } from './testing/provider-contract.ts';

const adapters = sampleAdapters();
const unbounded = sampleAdapters(unboundedAmountMax);

describeProviderContract({
  adapter: adapters.cryptomate,
  unboundedAdapter: unbounded.cryptomate,
  signsBodies: false,
  acknowledgement: '{"response_code":"OK"}',
  discriminators: ['operation', 'sub_operation', 'product', 'event_type', 'status'],
  decisions: [
    [{ kind: 'approved' }, '{"response_code":"00"}'],
    [{ kind: 'declined', reason: 'insufficient-funds' }, '{"response_code":"51"}'],
    [{ kind: 'declined', reason: 'card-unknown' }, '{"response_code":"05"}'],
    [{ kind: 'declined', reason: 'account-frozen' }, '{"response_code":"05"}'],
    [{ kind: 'declined', reason: 'deadline-passed' }, '{"response_code":"05"}'],
    [{ kind: 'declined', reason: 'malformed' }, '{"response_code":"05"}'],
  ],
});

describeProviderContract({
  adapter: adapters.cryptofuse,
  unboundedAdapter: unbounded.cryptofuse,
  signsBodies: true,
  acknowledgement: '{}',
  discriminators: ['event', 'status', 'data.status', 'transfer_type'],
  decidesNothing: ({ path }, field) => {
    // The name of G2's withdrawal event is not documented: the shape of its data says what it is.
    if (field === 'event') return path.includes('/g2b/withdrawal-status-update');
    // Only a completed transfer has a direction that matters.
    if (field === 'transfer_type') return !path.includes('-completed');
    // Only the id of a `deposit_received` is documented: it never credits, whatever its status.
    return path.includes('deposit-received');
  },
  // What the merchant received is stated in dollars: the share it is of the price is what counts.
  ratios: ['data.price_amount', 'data.merchant_received_usd'],
  // G1 numbers its notifications, and several webhooks bring one fact under several numbers.
  unhashed: ['id'],
});

describeProviderContract({
  adapter: adapters['4pay'],
  unboundedAdapter: unbounded['4pay'],
  signsBodies: true,
  acknowledgement: '{}',
  discriminators: [
    'status',
    'type',
    'data.status',
    'data.card.status',
    'data.transactionDetails.type',
  ],
});

describeProviderContract({
  adapter: adapters.calypso,
  unboundedAdapter: unbounded.calypso,
  signsBodies: true,
  acknowledgement: '{}',
  discriminators: ['eventType', 'data.payoutStatus'],
});

describeProviderContract({
  adapter: adapters.standard,
  unboundedAdapter: unbounded.standard,
  signsBodies: true,
  acknowledgement: '{}',
  discriminators: ['events.0.type', 'events.0.data.outcome', 'events.0.data.status'],
  decidesNothing: ({ path }, field) =>
    // The state of a client is the sender's own word; only those of cards and reviews are ours.
    field === 'events.0.data.status' && path.includes('information'),
});
