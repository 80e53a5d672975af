import { type Instant, instant, instantText, type ProviderName } from '@counterfoil/domain';
import type { VerificationCode } from '@counterfoil/providers';
import type { Clock, Database, Logger } from '@counterfoil/runtime';
import { storable } from '../inbox/delivery-row.ts';
import { archivedHeaders, credentialDigests } from '../reception/archived-headers.ts';
import {
  type KeptDelivery,
  type RejectedBounds,
  rejectedBodyBytesMax,
  type RejectedDeliveries,
  type RejectedDelivery,
  rejectedRowsMax,
} from './rejected-deliveries.ts';

/** What a flood may hold in memory. */
const waitingMax = 100;
const batchSize = 50;
/** At most one batch in so many milliseconds, whatever arrives. */
const pauseMs = 1_000;

export function postgresRejectedDeliveries(
  options: Readonly<{ database: Database; clock: Clock; logger: Logger; bounds: RejectedBounds }>,
): RejectedDeliveries {
  const { database, clock, logger, bounds } = options;
  const stopping = new AbortController();
  let waiting: RejectedDelivery[] = [];
  let dropped = 0;
  let writing: Promise<void> | null = null;

  const trim = () =>
    trimRows(database, instant(Math.floor(clock.now()) - bounds.retentionMs), bounds.bytesMax);

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      try {
        await insert(database, batch);
        await trim();
      } catch (fault) {
        dropped += batch.length;
        logger.warn('refused webhooks could not be kept', { count: batch.length, error: fault });
      }
      if (dropped > 0) logger.warn('refused webhooks were dropped', { count: dropped });
      dropped = 0;
      await clock.sleep(pauseMs, stopping.signal);
    }
    writing = null;
  };

  return {
    keep: (delivery) => {
      const isKept =
        waiting.length < waitingMax && delivery.body.byteLength <= rejectedBodyBytesMax;
      if (!isKept || stopping.signal.aborted) {
        dropped += 1;
        return;
      }
      waiting.push(delivery);
      writing ??= writeAll();
    },
    after: (query) => readAfter(database, query),
    remove: async (deliveryId) => {
      await database.query('delete from counterfoil_inbox.rejected_deliveries where id = $1', [
        deliveryId,
      ]);
    },
    size: async () => {
      const { rows } = await database.query(
        `select count(*)::text as count, coalesce(sum(octet_length(body)), 0)::text as bytes
          from counterfoil_inbox.rejected_deliveries`,
      );
      return { count: Number(rows[0]?.count), bytes: Number(rows[0]?.bytes) };
    },
    trim,
    stop: async () => {
      stopping.abort();
      await writing;
    },
  };
}

async function insert(database: Database, batch: readonly RejectedDelivery[]): Promise<void> {
  const jsonOf = (entries: Iterable<readonly [string, string]>) =>
    JSON.stringify(Object.fromEntries([...entries].map(([name, text]) => [name, storable(text)])));
  await database.query(
    `insert into counterfoil_inbox.rejected_deliveries
      (id, provider, received_at, code, headers, credential_digests, body)
    select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::jsonb[],
      $6::jsonb[], $7::bytea[])`,
    [
      batch.map(({ deliveryId }) => deliveryId),
      batch.map(({ provider }) => provider),
      batch.map(({ receivedAt }) => instantText(receivedAt)),
      batch.map(({ code }) => code),
      batch.map(({ headers }) => jsonOf(archivedHeaders(headers))),
      batch.map(({ headers }) => jsonOf(Object.entries(credentialDigests(headers)))),
      batch.map(({ body }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength)),
    ],
    { name: 'rejected_insert' },
  );
}

async function trimRows(database: Database, keptSince: Instant, bytesMax: number): Promise<void> {
  await database.query(
    `delete from counterfoil_inbox.rejected_deliveries
    where received_at < $1::timestamptz or sequence <= (
      select max(sequence) from (
        select sequence, row_number() over newest as place,
          sum(octet_length(body)) over newest as bytes
        from counterfoil_inbox.rejected_deliveries
        window newest as (order by sequence desc)
      ) as counted where place > $2 or bytes > $3
    )`,
    [instantText(keptSince), rejectedRowsMax, bytesMax],
    { name: 'rejected_trim' },
  );
}

async function readAfter(
  database: Database,
  { provider, sequence, limit }: Parameters<RejectedDeliveries['after']>[0],
): Promise<readonly KeptDelivery[]> {
  const { rows } = await database.query(
    `select sequence::text as sequence, id::text as id, provider, code, headers, credential_digests, body,
      floor(extract(epoch from received_at) * 1000)::bigint::text as received_ms
    from counterfoil_inbox.rejected_deliveries r
    where r.provider = $1 and r.sequence > $2::bigint order by r.sequence limit $3`,
    [provider, sequence, limit],
  );
  // The casts read what `insert` wrote.
  return rows.map((row) => ({
    sequence: row.sequence as string,
    deliveryId: row.id as string,
    provider: row.provider as ProviderName,
    code: row.code as VerificationCode,
    receivedAt: instant(Number(row.received_ms)),
    headers: new Map(Object.entries(row.headers as Record<string, string>)),
    credentialDigests: row.credential_digests as Record<string, string>,
    body: row.body as Uint8Array,
  }));
}
