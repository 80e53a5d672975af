export { contractPolicy, eventBusContract } from './event-bus-contract.ts';
export type { EventBusHarness } from './event-bus-contract.ts';
export { noteTopic, notesOf } from './note-topic.ts';
export type { Note } from './note-topic.ts';
export { localKafka, missingForKafka } from './local-kafka.ts';
export type { LocalKafka } from './local-kafka.ts';
