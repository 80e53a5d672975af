import type {
  AccountId,
  AccountKind,
  AccountRejection,
  Checkpoint,
  CommandId,
  CorrelationId,
  EventId,
  Instant,
  InvoiceRejection,
  Money,
  Order,
  ProviderName,
  Recorded,
  Reference,
  ReferenceRejection,
  Rejection,
  Result,
  Ruling,
} from '@counterfoil/domain';

/** Who asks, when, and under which id: the same `commandId` again is the same command. */
export type CommandRequest = Readonly<{
  commandId: CommandId;
  correlationId: CorrelationId;
  now: Instant;
  /** The name of the API key. */
  actor: string;
}>;

/** `position`: of the last event that the command led to; null when it changed nothing. */
export type CommandReceipt = Readonly<{ accountId: AccountId; position: Checkpoint | null }>;

export type CommandOutcome = Result<CommandReceipt, CommandRejection>;
export type CommandRejection = AccountRejection | ReferenceRejection | InvoiceRejection;

/**
 * The commands of the API over the ledger's write path. Durable on return. A refusal is an error
 * value; a throw is a fault, after which the same request may be given again under its `commandId`.
 */
export interface LedgerCommands {
  /**
   * Opens the account and links the references. Without `accountId` the references say which account
   * is meant, if all belong to one already; else its id is made from them, or from the `commandId`
   * where there are none. The same content again is a success that changes nothing; `account-exists`
   * for an id of another kind, `reference-linked-elsewhere` for a reference of another account. Where
   * that was linked while this ran, the account stays open, with the references linked before it.
   */
  readonly openAccount: (
    account: Readonly<{
      accountId: AccountId | null;
      kind: AccountKind;
      references: readonly Reference[];
    }>,
    request: CommandRequest,
  ) => Promise<CommandOutcome>;

  /** Moves the money that the reference received before, by events. Again: changes nothing. */
  readonly linkReference: (
    link: Readonly<{ reference: Reference; accountId: AccountId }>,
    request: CommandRequest,
  ) => Promise<CommandOutcome>;

  readonly freezeAccount: AccountStatusCommand;
  readonly unfreezeAccount: AccountStatusCommand;
  /** `account-not-empty` while money, holds or orders are left. */
  readonly closeAccount: AccountStatusCommand;

  readonly setCreditLimit: (
    creditLimit: Readonly<{ accountId: AccountId; limit: Money }>,
    request: CommandRequest,
  ) => Promise<CommandOutcome>;

  readonly postAdjustment: (
    adjustment: Readonly<{
      accountId: AccountId;
      adjustmentId: string;
      amount: Money;
      direction: 'credit' | 'debit';
      reason: string;
      effectiveAt: Instant | null;
    }>,
    request: CommandRequest,
  ) => Promise<CommandOutcome>;

  /**
   * The same order again changes nothing; other content under its id is `order-differs`. Refused
   * while another command spent the money, it may be placed again, in the same account.
   */
  readonly placeOrder: (
    placed: Readonly<{ accountId: AccountId; order: Order }>,
    request: CommandRequest,
  ) => Promise<CommandOutcome>;

  /** `stream` is where the review was opened: an account's, an invoice's, a reference's or suspense. */
  readonly resolveReview: (
    resolution: Readonly<{ reviewId: string; stream: string; ruling: Ruling; note: string }>,
    request: CommandRequest,
  ) => Promise<CommandOutcome>;
}

type AccountStatusCommand = (
  change: Readonly<{ accountId: AccountId; reason: string }>,
  request: CommandRequest,
) => Promise<CommandOutcome>;

export const inboundWebhookStatuses = [
  'received',
  'processed',
  'duplicate',
  'variant',
  'quarantined',
] as const;
export type InboundWebhookStatus = (typeof inboundWebhookStatuses)[number];

export type InboundWebhook = Readonly<{
  /** Also the correlation id of everything that was recorded because of it. */
  id: string;
  provider: ProviderName;
  dialect: string;
  receivedAt: Instant;
  status: InboundWebhookStatus;
  /** Why it is in quarantine; `code` is listed in docs/ERRORS.md. */
  reason: Readonly<{ code: string; path: string; message: string }> | null;
  bodySha256: string;
  /** In quarantine: the understood deliveries that seem to tell the whole of which it is a side. */
  counterpartOf: readonly string[];
}>;

/** With the exact bytes that arrived, unless they were removed, and what they were translated to. */
export type ArchivedWebhook = InboundWebhook &
  Readonly<{
    body: Uint8Array | null;
    canonicalEvents: readonly Readonly<{ eventId: EventId; type: string }>[];
  }>;

/** Which deliveries are meant, and from where on; a null leaves that question open. */
export type InboundWebhookSelection = Readonly<{
  provider: ProviderName | null;
  /** Of the reason for which it is in quarantine. */
  code: string | null;
  /** Received at this instant or later, and before `to`. */
  from: Instant | null;
  to: Instant | null;
  cursor: string | null;
  limit: number;
}>;

/** The archive of inbound webhooks, kept by the gateway. */
export interface InboundWebhooks {
  /** Newest first. `nextCursor` is opaque and good for the same filters only. */
  readonly list: (
    query: InboundWebhookSelection & Readonly<{ status: InboundWebhookStatus | null }>,
  ) => Promise<
    Result<
      Readonly<{ data: readonly InboundWebhook[]; nextCursor: string | null }>,
      Rejection<'cursor-malformed'>
    >
  >;

  readonly find: (id: string) => Promise<ArchivedWebhook | null>;

  /** Translates a quarantined body again and publishes what comes out; answers its new state. */
  readonly retry: (
    id: string,
  ) => Promise<
    Result<
      InboundWebhook,
      Rejection<'inbound-webhook-not-found' | 'inbound-webhook-not-quarantined'>
    >
  >;

  /** The same for up to `limit` quarantined ones, oldest first; `nextCursor` leads to the others. */
  readonly retryPage: (
    selection: InboundWebhookSelection,
  ) => Promise<Result<RetriedInboundWebhooks, Rejection<'cursor-malformed'>>>;
}

/** How many became events, and how many were refused again. */
export type RetriedInboundWebhooks = Readonly<{
  published: number;
  refused: number;
  nextCursor: string | null;
}>;

/** Reads the log by what caused its events. */
export interface RecordedEvents {
  /** In log order; a delivery leads to few events, and no more than `limit` are returned. */
  readonly byCorrelation: (
    correlationId: CorrelationId,
    limit: number,
  ) => Promise<readonly Recorded[]>;
}
