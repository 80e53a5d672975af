import { createHash } from 'node:crypto';
import { instant, instantText, type ProviderName } from '@counterfoil/domain';
import type { AuthorizationDecision } from '@counterfoil/providers';
import type {
  ArchivedDelivery,
  DeliveryStatus,
  DeliverySummary,
  FoundDelivery,
  InboxReason,
  IncomingDelivery,
  PublishedEvent,
} from './inbox.ts';
import { counterpartsMax, counterpartToleranceMs } from './inbox.ts';

export type SqlRow = Readonly<Record<string, unknown>>;

/** Columns of a summary; `received_ms` because a timestamp's text depends on the session's zone. */
export const summaryColumns = `d.sequence::text as sequence, d.id::text as id, d.provider, d.dialect,
  d.status, d.reason, d.event_key, encode(d.body_digest, 'hex') as body_sha256,
  d.first_delivery_id::text as first_delivery_id,
  floor(extract(epoch from d.received_at) * 1000)::bigint::text as received_ms`;

const tolerance = `interval '${counterpartToleranceMs} milliseconds'`;
/** For what is shown: the relay has no use for it. */
export const counterpartColumn = `case
    when d.status = 'quarantined' and d.counterpart_key is not null then to_jsonb(array(
      select c.id::text from counterfoil_inbox.deliveries c
      where c.provider = d.provider and c.counterpart_key = d.counterpart_key
        and c.counterpart_at between d.counterpart_at - ${tolerance} and d.counterpart_at + ${tolerance}
        and c.status <> 'quarantined'
      order by c.sequence limit ${counterpartsMax}))
  end as counterpart_of`;

export const archiveColumns = `${summaryColumns}, d.place, d.headers, d.canonical_events`;

// What a row holds is what this package wrote and the table's checks allow; hence the casts.

export const summaryOf = (row: SqlRow): DeliverySummary => ({
  id: row.id as string,
  sequence: row.sequence as string,
  provider: row.provider as ProviderName,
  dialect: row.dialect as string,
  receivedAt: instant(Number(row.received_ms)),
  status: row.status as DeliveryStatus,
  reason: row.reason as InboxReason | null,
  bodySha256: row.body_sha256 as string,
  eventKey: row.event_key as string | null,
  firstDeliveryId: row.first_delivery_id as string | null,
  counterpartOf: (row.counterpart_of ?? []) as readonly string[],
});

export const foundOf = (row: SqlRow): FoundDelivery => ({
  ...summaryOf(row),
  isVariant: row.place === 'variant',
  headers: new Map(Object.entries(row.headers as Record<string, string>)),
  body: row.body as Uint8Array | null,
  canonicalEvents: row.canonical_events as readonly PublishedEvent[],
});

/** Of a row that waits, which keeps its body. */
export const archivedOf = (row: SqlRow): ArchivedDelivery => ({
  ...foundOf(row),
  body: row.body as Uint8Array,
});

export const answerOf = (row: SqlRow): AuthorizationDecision | null =>
  (row.answer ?? null) as AuthorizationDecision | null;

/** PostgreSQL keeps neither U+0000 nor half a surrogate pair; no such text may fail a whole group. */
export const storable = (text: string): string =>
  Buffer.from(text, 'utf8').toString('utf8').replaceAll('\u0000', '\ufffd');

export const storableReason = ({ code, path, message }: InboxReason): string =>
  JSON.stringify({ code, path: storable(path), message: storable(message) });

/** The parameters of `store_deliveries`: one array per column, in the order of its signature. */
export function storeParameters(deliveries: readonly IncomingDelivery[]): readonly unknown[] {
  return [
    deliveries.map(({ id }) => id),
    deliveries.map(({ provider }) => provider),
    deliveries.map(({ dialect }) => storable(dialect)),
    deliveries.map(({ eventKey }) => (eventKey === null ? null : storable(eventKey))),
    deliveries.map(keyDigestOf),
    deliveries.map(({ bodySha256 }) => Buffer.from(bodySha256, 'hex')),
    deliveries.map(({ receivedAt }) => instantText(receivedAt)),
    deliveries.map(({ availableAt }) => instantText(availableAt)),
    deliveries.map(({ headers }) => headersText(headers)),
    deliveries.map(({ body }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength)),
    deliveries.map(({ reason }) => (reason === null ? null : storableReason(reason))),
  ];
}

const headersText = (headers: ReadonlyMap<string, string>): string =>
  JSON.stringify(Object.fromEntries([...headers].map(([name, value]) => [name, storable(value)])));

const keyDigestOf = ({ eventKey, bodySha256 }: IncomingDelivery): Buffer =>
  createHash('sha256')
    .update(eventKey === null ? `body|${bodySha256}` : `event|${eventKey}`)
    .digest();
