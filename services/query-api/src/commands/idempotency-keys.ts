import { instantText, instant } from '@counterfoil/domain';
import type { Clock, SqlSession } from '@counterfoil/runtime';

/** A request of one API key under one `Idempotency-Key`. */
export type IdempotentRequest = Readonly<{
  apiKeyId: string;
  idempotencyKey: string;
  requestSha256: string;
}>;

/** What was answered: a body with its status and position, or a refusal with its code. */
export type StoredAnswer =
  | Readonly<{ kind: 'answered'; status: number; body: unknown; position: string | null }>
  | Readonly<{ kind: 'refused'; code: string; detail: string }>;

type Reservation =
  | Readonly<{ outcome: 'reserved' }>
  | Readonly<{ outcome: 'answered'; answer: StoredAnswer }>
  /** The same key came with another request. */
  | Readonly<{ outcome: 'reused' }>
  | Readonly<{ outcome: 'in-progress' }>;

export interface IdempotencyKeys {
  /** Atomic across processes: of equal requests at the same time one is `reserved`. */
  readonly reserve: (request: IdempotentRequest) => Promise<Reservation>;
  readonly store: (request: IdempotentRequest, answer: StoredAnswer) => Promise<void>;
  /** Lets the next attempt run: this one failed on a fault. */
  readonly release: (request: IdempotentRequest) => Promise<void>;
}

const hourMs = 3_600_000;
/** Callers retry for hours, not for weeks; the ledger itself refuses a later repeat of the command. */
const retentionMs = 72 * hourMs;
/** Longer than any command takes: an older reservation without an answer is of a process that died. */
const leaseMs = 60_000;
/** Each reservation clears this many expired ones, so that the table shrinks faster than it grows. */
const clearedAtOnce = 10;

export function postgresIdempotencyKeys(
  options: Readonly<{ database: SqlSession; clock: Clock }>,
): IdempotencyKeys {
  const { database, clock } = options;
  const at = (offsetMs: number) => instantText(instant(clock.now() + offsetMs));

  const reserve = async (request: IdempotentRequest): Promise<Reservation> => {
    const { apiKeyId, idempotencyKey, requestSha256 } = request;
    const reserved = await database.query(reserveSql, [
      apiKeyId,
      idempotencyKey,
      requestSha256,
      at(0),
      at(retentionMs),
      at(-leaseMs),
    ]);
    if (reserved.rowCount === 1) {
      await database.query(clearSql, [at(0), clearedAtOnce]);
      return { outcome: 'reserved' };
    }
    const { rows } = await database.query(
      `select request_sha256, answer from counterfoil_api.idempotency_keys
       where api_key_id = $1 and idempotency_key = $2`,
      [apiKeyId, idempotencyKey],
    );
    const row = rows[0];
    // Released between the two statements: whoever released it will say more to its own caller.
    if (row === undefined) return { outcome: 'in-progress' };
    if (row['request_sha256'] !== requestSha256) return { outcome: 'reused' };
    if (row['answer'] === null) return { outcome: 'in-progress' };
    return { outcome: 'answered', answer: row['answer'] as StoredAnswer };
  };

  return {
    reserve,
    store: async ({ apiKeyId, idempotencyKey }, answer) => {
      await database.query(
        `update counterfoil_api.idempotency_keys set answer = $3::json
         where api_key_id = $1 and idempotency_key = $2`,
        [apiKeyId, idempotencyKey, JSON.stringify(answer)],
      );
    },
    release: async ({ apiKeyId, idempotencyKey }) => {
      await database.query(
        `delete from counterfoil_api.idempotency_keys
         where api_key_id = $1 and idempotency_key = $2 and answer is null`,
        [apiKeyId, idempotencyKey],
      );
    },
  };
}

/** Takes the key when it is free, expired, or reserved by the same request of a process that died. */
const reserveSql = `
  insert into counterfoil_api.idempotency_keys as kept
    (api_key_id, idempotency_key, request_sha256, started_at, expires_at)
  values ($1, $2, $3, $4, $5)
  on conflict (api_key_id, idempotency_key) do update set
    request_sha256 = excluded.request_sha256, started_at = excluded.started_at,
    expires_at = excluded.expires_at, answer = null
  where kept.expires_at <= excluded.started_at
    or (kept.answer is null and kept.started_at <= $6
      and kept.request_sha256 = excluded.request_sha256)`;

const clearSql = `
  delete from counterfoil_api.idempotency_keys where ctid in (
    select ctid from counterfoil_api.idempotency_keys where expires_at <= $1
    order by expires_at limit $2 for update skip locked)`;
