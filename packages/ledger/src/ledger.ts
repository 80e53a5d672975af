import { createHash } from 'node:crypto';
import {
  type Account,
  type AccountCommand,
  type AccountEvent,
  type AccountId,
  type AccountRejection,
  type Command,
  type CommandContext,
  type ClaimedOwners,
  type CommandId,
  commandId,
  type EffectClaimCommand,
  type EffectClaimEvent,
  type EffectClaimRejection,
  type Event,
  type Invoice,
  type InvoiceCommand,
  type InvoiceEvent,
  type InvoiceRejection,
  type NoticeCommand,
  type NoticeEvent,
  type NoticeRejection,
  type ReferenceCommand,
  type ReferenceEvent,
  type ReferenceRejection,
  type ReferenceState,
  type Rejection,
} from '@counterfoil/domain';
import {
  type CommandHandler,
  commandHandler,
  type EventStore,
  type SnapshotStore,
  type StreamCategory,
} from '@counterfoil/event-store';
import { v5 } from 'uuid';
import {
  accountCategory,
  effectCategory,
  invoiceCategory,
  noticeCategory,
  referenceCategory,
  suspenseCategory,
} from './categories.ts';

/** What happens to money that names nobody we know: an account is opened for it, or it waits. */
export type UnknownAccounts = 'open' | 'suspend';

/** The one write path: a command handler for each kind of aggregate, over one event store. */
export type Ledger = Readonly<{
  unknownAccounts: UnknownAccounts;
  accounts: CommandHandler<Account, AccountCommand, AccountEvent, AccountRejection>;
  suspense: CommandHandler<Account, AccountCommand, AccountEvent, AccountRejection>;
  references: CommandHandler<ReferenceState, ReferenceCommand, ReferenceEvent, ReferenceRejection>;
  invoices: CommandHandler<Invoice, InvoiceCommand, InvoiceEvent, InvoiceRejection>;
  notices: CommandHandler<null, NoticeCommand, NoticeEvent, NoticeRejection>;
  effects: CommandHandler<
    ClaimedOwners,
    EffectClaimCommand,
    EffectClaimEvent,
    EffectClaimRejection
  >;
}>;

// Accounts are the heavy ones; the rest are a few hundred bytes each.
const cachedAccountsMax = 20_000;
const cachedStreamsMax = 100_000;
// Most effects are told once; a second body comes soon or never.
const cachedEffectsMax = 10_000;
// Nothing is decided upon an earlier notice, so none has to be remembered: this many may be under way.
const noticesAtOnceMax = 10_000;
// A conflict means another process writes the same stream: it passes after a few rounds.
const conflictRetriesMax = 20;
// Callers are refused before a hot stream's queue costs more than a provider waits.
const queueLengthMax = 20_000;

export function ledger(
  options: Readonly<{
    store: EventStore;
    snapshots?: SnapshotStore;
    unknownAccounts: UnknownAccounts;
  }>,
): Ledger {
  const handlerFor = <State, C extends Command, E extends Event, R extends Rejection>(
    category: StreamCategory<State, C, E, R>,
    cacheSizeMax: number,
  ) =>
    commandHandler({
      store: options.store,
      category,
      cacheSizeMax,
      conflictRetriesMax,
      queueLengthMax,
      ...(options.snapshots && { snapshots: options.snapshots }),
    });
  return {
    unknownAccounts: options.unknownAccounts,
    accounts: handlerFor(accountCategory, cachedAccountsMax),
    suspense: handlerFor(suspenseCategory, cachedAccountsMax),
    references: handlerFor(referenceCategory, cachedStreamsMax),
    invoices: handlerFor(invoiceCategory, cachedStreamsMax),
    notices: handlerFor(noticeCategory, noticesAtOnceMax),
    effects: handlerFor(effectCategory, cachedEffectsMax),
  };
}

/** Suspense is kept in streams of its own; their ids say so. */
export const booksOf = (ledger: Ledger, accountId: AccountId): Ledger['accounts'] =>
  isSuspense(accountId) ? ledger.suspense : ledger.accounts;
export const isSuspense = (accountId: AccountId): boolean => accountId.startsWith('suspense.');

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Commands that follow from one cause have ids of their own, the same whenever it is repeated. */
export const derivedCommandId = (cause: CommandId | string, step: string): CommandId =>
  commandId(v5(`${cause}|${step}`, namespace));
const namespace = '0b0f6c52-6d0e-5c1c-9f5b-5a5e0c2b7d11';

export const derivedContext = (context: CommandContext, step: string): CommandContext => ({
  ...context,
  commandId: derivedCommandId(context.commandId, step),
});
