import type { ProviderName } from '@counterfoil/domain';
import type { z } from 'zod';
import { type CallFailure, ProviderCallFailed } from '../provider-call-failed.ts';
import { readAnswer, refusalOf } from './answer.ts';
import { readBySchema } from './schema.ts';

/** The part of a clock that calls need: structurally that of the runtime. */
export type CallClock = Readonly<{
  now: () => number;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  randomId: () => string;
}>;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type ProviderCall = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base URL. */
  path: string;
  /** Made anew for each attempt, because some providers sign the time. */
  headers: (body: string) => Readonly<Record<string, string>>;
  body: (() => object) | null;
  /** Whether a second one does no harm where the first one's outcome is unknown. */
  isRepeatable: boolean;
}>;

/** Sends a call; resolves to the answer read by `schema`, or to null for an absent thing (404). */
export type ProviderHttp = <Schema extends z.ZodType>(
  call: ProviderCall,
  schema: Schema,
) => Promise<z.output<Schema> | null>;

export type ProviderHttpOptions = Readonly<{
  provider: ProviderName;
  baseUrl: string;
  fetch: Fetch;
  clock: CallClock;
  /** What never shows in an error, wherever an answer or a fault repeats it. */
  secrets: readonly string[];
  /** Ends every call and every wait. */
  signal?: AbortSignal;
  timeoutMs?: number;
}>;

// Longer than any answer of an API that works, and short enough for a person who waits.
const timeoutMsDefault = 10_000;
const attemptsMax = 4;
const delayMsFirst = 500;
const delayMsMax = 8_000;
/** A provider that wants us to wait longer is left alone: the person can try again later. */
const retryAfterMsMax = 60_000;

type Attempt =
  | Readonly<{ kind: 'answered'; status: number; bytes: Uint8Array; retryAfterMs: number | null }>
  | Readonly<{ kind: 'failed'; fault: unknown }>;

/**
 * Bounded in time, attempts and bytes. What was not done for certain (429) is tried again, after
 * as long as the provider asks; where the outcome is unknown (no answer, 5xx) only what may be
 * repeated. No redirect is followed: credentials go to the configured host and nowhere else.
 */
export function providerHttp(options: ProviderHttpOptions): ProviderHttp {
  const { provider, clock, signal, secrets } = options;
  return async (call, schema) => {
    const name = `${call.method} ${call.path.split('?')[0] ?? ''}`;
    const failed = (failure: CallFailure, cause?: unknown) =>
      new ProviderCallFailed(provider, name, redacted(failure, secrets), cause);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptOf(options, call);
      const waitMs = attempt < attemptsMax ? waitBeforeNext(call, outcome, attempt, clock) : null;
      if (waitMs !== null && !signal?.aborted) {
        await clock.sleep(waitMs, signal);
        if (!signal?.aborted) continue;
      }
      if (outcome.kind === 'failed')
        throw failed({ kind: 'unreachable', reason: reasonOf(outcome.fault) });
      const { status, bytes } = outcome;
      if (status === 404) return null;
      if (status < 200 || status > 299)
        throw failed({ kind: 'refused', status, reason: refusalOf(bytes) });
      const answer = readAnswer(bytes);
      const read = answer.ok ? readBySchema(schema, answer.value) : answer;
      if (read.ok) return read.value;
      const reason = `${read.error.path} ${read.error.message}`.trim();
      throw failed({ kind: 'unexpected-answer', status, reason });
    }
  };
}

async function attemptOf(options: ProviderHttpOptions, call: ProviderCall): Promise<Attempt> {
  const { baseUrl, fetch, clock, signal, timeoutMs = timeoutMsDefault } = options;
  const [finished, late] = [new AbortController(), new AbortController()];
  void clock
    .sleep(timeoutMs, finished.signal)
    .then(() => late.abort(new Error('no answer in time')));
  const body = call.body === null ? '' : JSON.stringify(call.body());
  try {
    const answer = await fetch(`${baseUrl.replace(/\/+$/, '')}${call.path}`, {
      method: call.method,
      headers: {
        accept: 'application/json',
        ...(call.body && { 'content-type': 'application/json' }),
        ...call.headers(body),
      },
      ...(call.body && { body }),
      redirect: 'error',
      signal: signal ? AbortSignal.any([late.signal, signal]) : late.signal,
    });
    return {
      kind: 'answered',
      status: answer.status,
      bytes: await bytesOf(answer),
      retryAfterMs: retryAfterMsOf(answer.headers.get('retry-after'), clock.now()),
    };
  } catch (fault) {
    return { kind: 'failed', fault };
  } finally {
    finished.abort();
  }
}

/** More than any answer that is documented. */
const answerBytesMax = 8 * 1024 * 1024;

async function bytesOf(answer: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    length += chunk.length;
    if (length > answerBytesMax) throw new Error(`an answer above ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Milliseconds until the next attempt, or null where there is none. */
function waitBeforeNext(
  call: ProviderCall,
  outcome: Attempt,
  attempt: number,
  clock: CallClock,
): number | null {
  const chance = Number.parseInt(clock.randomId().slice(0, 8), 16) / 2 ** 32;
  const delayMs = Math.min(delayMsMax, delayMsFirst * 2 ** (attempt - 1)) * (0.5 + chance / 2);
  if (outcome.kind === 'failed') return call.isRepeatable ? delayMs : null;
  const { status, retryAfterMs } = outcome;
  const isBusy = status === 429;
  if (!isBusy && !(status >= 500 && call.isRepeatable)) return null;
  if (retryAfterMs === null) return delayMs;
  return retryAfterMs <= retryAfterMsMax ? Math.max(retryAfterMs, delayMs) : null;
}

/** Seconds or a date; null for anything else. */
function retryAfterMsOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function redacted(failure: CallFailure, secrets: readonly string[]): CallFailure {
  const reason = secrets
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), failure.reason);
  return { ...failure, reason };
}

/** `fetch failed` alone says nothing: what it comes from does. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return 'unknown';
  return fault.cause instanceof Error ? `${fault.message}: ${fault.cause.message}` : fault.message;
}
