import { inboxContract } from '../testing/inbox-contract.ts';
import { inboxExpiryContract } from '../testing/inbox-expiry-contract.ts';
import { inMemoryInbox } from './in-memory-inbox.ts';

inboxContract('in-memory inbox', async () => inMemoryInbox());
inboxExpiryContract('in-memory inbox', async () => inMemoryInbox());
