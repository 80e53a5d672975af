import {
  type Account,
  type AccountCommand,
  type AccountEvent,
  type AccountRejection,
  accountDecider,
  effectClaimDecider,
  type Instant,
  invoiceDecider,
  noticeDecider,
  type ReferenceCommand,
  referenceDecider,
  type ReferenceEvent,
  type ReferenceRejection,
  type ReferenceState,
} from '@counterfoil/domain';
import type { StreamCategory } from '@counterfoil/event-store';
import { stateFromJson, stateToJson } from './state-codec.ts';

/** Raise it with every change of the account's state or of how it evolves. */
const accountSnapshotVersion = 7;

// Reading a thousand events takes a few milliseconds; a snapshot of a large account takes longer,
// so it is written seldom.
const eventsBetweenSnapshots = 1000;

type BooksCategory = StreamCategory<Account, AccountCommand, AccountEvent, AccountRejection>;

const reportedAt = (command: { data: object; context: Readonly<{ now: Instant }> }): Instant => {
  const event = 'event' in command.data ? command.data.event : null;
  const isReported = typeof event === 'object' && event !== null && 'occurredAt' in event;
  return isReported ? (event.occurredAt as Instant) : command.context.now;
};

const books = (category: string): BooksCategory => ({
  category,
  decider: accountDecider,
  occurredAtOf: reportedAt,
  snapshot: {
    schemaVersion: accountSnapshotVersion,
    every: eventsBetweenSnapshots,
    encode: stateToJson,
    decode: (state) => stateFromJson<Account>(state),
  },
});

export const accountCategory: BooksCategory = books('account');
export const suspenseCategory: BooksCategory = books('suspense');
export const referenceCategory: StreamCategory<
  ReferenceState,
  ReferenceCommand,
  ReferenceEvent,
  ReferenceRejection
> = { category: 'reference', decider: referenceDecider };
export const invoiceCategory = {
  category: 'invoice',
  decider: invoiceDecider,
  occurredAtOf: reportedAt,
} as const;
export const noticeCategory = {
  category: 'notice',
  decider: noticeDecider,
  occurredAtOf: reportedAt,
} as const;
export const effectCategory = { category: 'effect', decider: effectClaimDecider } as const;
