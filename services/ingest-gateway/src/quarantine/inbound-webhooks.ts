import {
  err,
  type EventId,
  type Instant,
  ok,
  type ProviderName,
  type Rejection,
  type Result,
} from '@counterfoil/domain';
import type { DeliveryStatus, DeliverySummary, Inbox, InboxReason } from '../inbox/inbox.ts';
import { readableBody } from '../reception/readable-body.ts';
import type { Quarantine, RetryRejection } from './quarantine.ts';

export type InboundWebhookSummary = Readonly<{
  id: string;
  provider: ProviderName;
  dialect: string;
  receivedAt: Instant;
  status: DeliveryStatus;
  reason: InboxReason | null;
  bodySha256: string;
}>;

export type InboundWebhookDetail = InboundWebhookSummary &
  Readonly<{
    /** As the adapter reads it: a compressed body is shown inflated. */
    body: Uint8Array;
    canonicalEvents: readonly Readonly<{ eventId: EventId; type: string }>[];
  }>;

/** The raw archive for the query API: what arrived, what became of it, and another try. */
export interface InboundWebhookArchive {
  /** Newest first; the cursor is good for the same filters only. */
  readonly list: (
    query: Readonly<{
      status: DeliveryStatus | null;
      provider: ProviderName | null;
      cursor: string | null;
      limit: number;
    }>,
  ) => Promise<
    Result<
      Readonly<{ data: readonly InboundWebhookSummary[]; nextCursor: string | null }>,
      Rejection<'cursor-malformed'>
    >
  >;
  readonly find: (id: string) => Promise<InboundWebhookDetail | null>;
  readonly retry: (id: string) => Promise<Result<InboundWebhookSummary, RetryRejection>>;
}

/** A sequence within the range of a bigint column. */
const cursorPattern = /^[1-9]\d{0,17}$/;

export const inboundWebhooks = (
  inbox: Inbox,
  { retry }: Pick<Quarantine, 'retry'>,
): InboundWebhookArchive => ({
  list: async ({ status, provider, cursor, limit }) => {
    if (cursor !== null && !cursorPattern.test(cursor))
      return err({
        code: 'cursor-malformed',
        message: 'The cursor was not issued by this list.',
      });
    // One more than asked for tells whether there is a next page.
    const rows = await inbox.list({ status, provider, before: cursor, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? (page.at(-1)?.sequence ?? null) : null;
    return ok({ data: page.map(summaryOf), nextCursor });
  },

  find: async (id) => {
    const delivery = await inbox.find(id);
    if (delivery === null) return null;
    const { canonicalEvents } = delivery;
    return { ...summaryOf(delivery), body: readableBody(delivery), canonicalEvents };
  },

  retry: async (id) => {
    const retried = await retry(id);
    return retried.ok ? ok(summaryOf(retried.value)) : retried;
  },
});

const summaryOf = (delivery: DeliverySummary): InboundWebhookSummary => {
  const { id, provider, dialect, receivedAt, status, reason, bodySha256 } = delivery;
  return { id, provider, dialect, receivedAt, status, reason, bodySha256 };
};
