export { consumerGroup } from './event-bus.ts';
export type {
  ConsumerGroup,
  DeadLetter,
  DeadLetters,
  Delivery,
  Disposition,
  EventBus,
  Handle,
  Topic,
} from './event-bus.ts';
export { decodeCloudEvent, encodeCloudEvent } from './cloud-event.ts';
export type { CloudEvent } from './cloud-event.ts';
export { canonicalTopic, deadLetterTopic, ledgerTopic } from './topics.ts';
export { defaultRetryPolicy } from './retry-policy.ts';
export type { RetryPolicy } from './retry-policy.ts';
export { inMemoryBroker } from './in-memory-broker.ts';
export type { InMemoryBroker } from './in-memory-broker.ts';
export { inMemoryEventBus } from './in-memory-event-bus.ts';
export type { InMemoryEventBus, InMemoryEventBusOptions } from './in-memory-event-bus.ts';
export { eventBusMigrations } from './postgres/event-bus-migrations.ts';
export { postgresEventBus } from './postgres/postgres-event-bus.ts';
export type { PostgresEventBusOptions } from './postgres/postgres-event-bus.ts';
