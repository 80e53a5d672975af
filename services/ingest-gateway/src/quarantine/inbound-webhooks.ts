import {
  err,
  type EventId,
  type Instant,
  ok,
  type ProviderName,
  type Rejection,
  type Result,
} from '@counterfoil/domain';
import type {
  DeliveryFilter,
  DeliveryStatus,
  DeliverySummary,
  Inbox,
  InboxReason,
} from '../inbox/inbox.ts';
import { foundBody } from '../reception/readable-body.ts';
import type { Quarantine, RetryRejection, RetrySelection } from './quarantine.ts';

export type InboundWebhookSummary = Readonly<{
  id: string;
  provider: ProviderName;
  dialect: string;
  receivedAt: Instant;
  status: DeliveryStatus;
  reason: InboxReason | null;
  bodySha256: string;
  counterpartOf: readonly string[];
}>;

export type InboundWebhookDetail = InboundWebhookSummary &
  Readonly<{
    /** As the adapter reads it: a compressed body is shown inflated. Null when it was removed. */
    body: Uint8Array | null;
    canonicalEvents: readonly Readonly<{ eventId: EventId; type: string }>[];
  }>;

/** The raw archive for the query API: what arrived, what became of it, and another try. */
export interface InboundWebhookArchive {
  /** Newest first; the cursor is good for the same filters only. */
  readonly list: (
    query: DeliveryFilter & Page,
  ) => Promise<
    Result<
      Readonly<{ data: readonly InboundWebhookSummary[]; nextCursor: string | null }>,
      Rejection<'cursor-malformed'>
    >
  >;
  readonly find: (id: string) => Promise<InboundWebhookDetail | null>;
  readonly retry: (id: string) => Promise<Result<InboundWebhookSummary, RetryRejection>>;
  /** Oldest first; `nextCursor` goes on behind what was tried, whether it was refused again or not. */
  readonly retryPage: (
    selection: RetrySelection & Page,
  ) => Promise<
    Result<
      Readonly<{ published: number; refused: number; nextCursor: string | null }>,
      Rejection<'cursor-malformed'>
    >
  >;
}

type Page = Readonly<{ cursor: string | null; limit: number }>;

/** A sequence within the range of a bigint column. */
const cursorPattern = /^[1-9]\d{0,17}$/;
const isCursor = (text: string | null): boolean => text === null || cursorPattern.test(text);

const cursorMalformed = err({
  code: 'cursor-malformed',
  message: 'The cursor was not issued by this list.',
} as const);

export const inboundWebhooks = (
  inbox: Inbox,
  { retry, retryPage }: Quarantine,
): InboundWebhookArchive => ({
  list: async ({ cursor, limit, ...filter }) => {
    if (!isCursor(cursor)) return cursorMalformed;
    // One more than asked for tells whether there is a next page.
    const place = { order: 'newest-first', after: cursor, limit: limit + 1 } as const;
    const rows = await inbox.list({ ...filter, ...place });
    const page = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? (page.at(-1)?.sequence ?? null) : null;
    return ok({ data: page.map(summaryOf), nextCursor });
  },

  find: async (id) => {
    const delivery = await inbox.find(id);
    if (delivery === null) return null;
    const { canonicalEvents } = delivery;
    return { ...summaryOf(delivery), body: foundBody(delivery), canonicalEvents };
  },

  retry: async (id) => {
    const retried = await retry(id);
    return retried.ok ? ok(summaryOf(retried.value)) : retried;
  },

  retryPage: async ({ cursor, limit, ...selection }) => {
    if (!isCursor(cursor)) return cursorMalformed;
    const { after, ...counts } = await retryPage(selection, { after: cursor, limit });
    return ok({ ...counts, nextCursor: after });
  },
});

const summaryOf = (delivery: DeliverySummary): InboundWebhookSummary => {
  const { id, provider, dialect, receivedAt, status, reason, bodySha256, counterpartOf } = delivery;
  return { id, provider, dialect, receivedAt, status, reason, bodySha256, counterpartOf };
};
