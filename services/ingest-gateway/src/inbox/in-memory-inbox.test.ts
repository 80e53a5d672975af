import { inboxContract } from '../testing/inbox-contract.ts';
import { inMemoryInbox } from './in-memory-inbox.ts';

inboxContract('in-memory inbox', async () => inMemoryInbox());
