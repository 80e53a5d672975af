export { commandHandlerContract } from './command-handler-contract.ts';
export { eventStoreContract } from './event-store-contract.ts';
export type { StoreUnderTest } from './event-store-contract.ts';
export { snapshotStoreContract } from './snapshot-store-contract.ts';
export type { SnapshotsUnderTest } from './snapshot-store-contract.ts';
export { startEventStoreDbServer } from './start-eventstoredb-server.ts';
export type {
  EventStoreDbServer,
  ServerFaults,
} from './eventstoredb-server/eventstoredb-server.ts';
