export type {
  AppendOutcome,
  AppendRequest,
  EventStore,
  ExpectedVersion,
  NewEvent,
} from './event-store.ts';
export { EventIdReused } from './event-id-reused.ts';
export { QueueFull } from './queue-full.ts';
export { eventCodec } from './event-codec.ts';
export type { EncodedEvent, EventCodec, Upcaster, UpcasterRegistry } from './event-codec.ts';
export { inMemoryEventStore } from './in-memory-event-store.ts';
export { postgresEventStore } from './postgres/postgres-event-store.ts';
export type { PostgresEventStoreOptions } from './postgres/postgres-event-store.ts';
export { holdsEvents } from './postgres/holds-events.ts';
export { eventLogMigrations, eventLogSchemaDefault } from './postgres/migrations.ts';
export { eventStoreDbEventStore } from './eventstoredb/eventstoredb-event-store.ts';
export type { EventStoreDbOptions } from './eventstoredb/eventstoredb-event-store.ts';
export { eventStoreDbConfig } from './eventstoredb/eventstoredb-config.ts';
export type { StateSnapshot, StreamCategory } from './stream-category.ts';
export { streamNameOf } from './stream-category.ts';
export { commandHandler } from './command-handler.ts';
export type { CommandHandler, CommandHandlerOptions } from './command-handler.ts';
export type { CommandReceipt } from './command-receipt.ts';
export type { Snapshot, SnapshotStore } from './snapshot-store.ts';
export { inMemorySnapshotStore } from './in-memory-snapshot-store.ts';
export { postgresSnapshotStore } from './postgres/postgres-snapshot-store.ts';
export { subscribeToAll } from './subscription.ts';
export type { SubscriptionBatch, SubscriptionOptions } from './subscription.ts';
export { postgresRecordedEvents } from './postgres/postgres-recorded-events.ts';
export {
  indexedRecordedEvents,
  recordedEventsIndexMigrations,
} from './postgres/indexed-recorded-events.ts';
export { scannedRecordedEvents } from './recorded-events.ts';
export type { RecordedEvents } from './recorded-events.ts';
