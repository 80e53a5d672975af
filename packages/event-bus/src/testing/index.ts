export { contractPolicy, eventBusContract } from './event-bus-contract.ts';
export type { EventBusHarness } from './event-bus-contract.ts';
export { noteTopic, notesOf } from './note-topic.ts';
export type { Note } from './note-topic.ts';
