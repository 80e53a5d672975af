export { consumerGroup } from './event-bus.ts';
export type {
  ConsumerGroup,
  DeadLetter,
  DeadLetterRetry,
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
export { kafkaEventBus } from './kafka/kafka-event-bus.ts';
export type { KafkaEventBus, KafkaEventBusOptions } from './kafka/kafka-event-bus.ts';
export { kafkaConfig, kafkaOptionsOf } from './kafka/kafka-config.ts';
export type { KafkaConfig } from './kafka/kafka-config.ts';
export type { KafkaSecurity } from './kafka/kafka-client.ts';
export { KafkaTopicUnfit } from './kafka/kafka-topics.ts';
export type { KafkaTopicSettings } from './kafka/kafka-topics.ts';
export { MessageTooLarge } from './kafka/send-queue.ts';
export { publishLedgerEvents } from './publish-ledger-events.ts';
export type {
  PublishedPosition,
  PublishLedgerEventsOptions,
  RecordedEventSource,
} from './publish-ledger-events.ts';
