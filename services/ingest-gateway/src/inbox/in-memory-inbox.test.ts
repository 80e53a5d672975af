import { inboxContract } from '../testing/inbox-contract.ts';
import { inboxExpiryContract } from '../testing/inbox-expiry-contract.ts';
import { inboxStoringContract } from '../testing/inbox-storing-contract.ts';
import { inMemoryInbox } from './in-memory-inbox.ts';

inboxStoringContract('in-memory inbox', async () => inMemoryInbox());
inboxContract('in-memory inbox', async () => inMemoryInbox());
inboxExpiryContract('in-memory inbox', async () => inMemoryInbox());
