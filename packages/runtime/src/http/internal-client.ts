import type { Clock } from '../clock.ts';

/** `body` is the parsed JSON, of an answer or of a problem; null where there was none. */
export type InternalAnswer = Readonly<{ status: number; body: unknown }>;

/** Asks another service of ours over HTTP, on connections that are kept open. */
export interface InternalClient {
  /**
   * Any answer resolves, problems too. Rejects when no whole answer came within `timeoutMs`: unless
   * `isNotReached` says otherwise, the request may have been carried out. `affinity`: requests with
   * the same text go to the same instance while it can be reached.
   */
  readonly request: (
    request: Readonly<{
      method: 'GET' | 'POST';
      path: string;
      body?: unknown;
      timeoutMs: number;
      affinity?: string;
    }>,
  ) => Promise<InternalAnswer>;
}

/**
 * `urls` are instances of one service, or one address in front of them. An instance that refuses
 * the connection is passed over for the next; a request that may have arrived is not sent again.
 */
export function internalClient(
  options: Readonly<{ urls: readonly string[]; key: string; clock: Clock }>,
): InternalClient {
  const { urls, key, clock } = options;
  let turn = 0;
  const send = async (
    url: string,
    { method, path, body }: Parameters<InternalClient['request']>[0],
    signal: AbortSignal,
  ): Promise<InternalAnswer> => {
    const answer = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  return {
    request: async (request) => {
      const late = new AbortController();
      const settled = new AbortController();
      void clock.sleep(request.timeoutMs, settled.signal).then(() => {
        if (!settled.signal.aborted) late.abort(new Error(`No answer in ${request.timeoutMs} ms`));
      });
      const first = request.affinity === undefined ? (turn += 1) : sumOf(request.affinity);
      try {
        for (let tried = 1; ; tried += 1) {
          const url = urls[(first + tried) % urls.length] ?? '';
          try {
            return await send(url, request, late.signal);
          } catch (error) {
            if (tried >= urls.length || !isNotReached(error)) throw error;
          }
        }
      } finally {
        settled.abort();
      }
    },
  };
}

/** Nobody took the connection: the request was certainly not carried out. */
export function isNotReached(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

/** Spreads texts over instances; the same text gives the same number in every process. */
function sumOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
