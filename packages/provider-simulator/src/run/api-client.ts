/** An answer of the HTTP API; problems are answers too. */
export type ApiAnswer = Readonly<{ status: number; position: string | null; body: unknown }>;

export type ApiClient = Readonly<{
  request: (method: 'GET' | 'POST', path: string, body?: object) => Promise<ApiAnswer>;
  /** The body of an answer below 300; rejects with the problem otherwise. */
  accepted: (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;
  /** Every row of a list, over all its pages. */
  list: <Row>(path: string) => Promise<readonly Row[]>;
}>;

const requestTimeoutMs = 20_000;
const pageLimit = 500;
/** Half a million rows: a list that goes on has a cursor that does not advance. */
const pagesMax = 1_000;

export function apiClient(url: string, apiKey: string): ApiClient {
  const request: ApiClient['request'] = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return {
      status: answer.status,
      position: answer.headers.get('counterfoil-position'),
      body: await answer.json(),
    };
  };
  const accepted: ApiClient['accepted'] = async (method, path, body) => {
    const answer = await request(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  return {
    request,
    accepted,
    list: async <Row>(path: string) => {
      const rows: Row[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < pagesMax; page += 1) {
        const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const separator = path.includes('?') ? '&' : '?';
        // The row's type is the caller's knowledge of the API's contract.
        const next = (await accepted(
          'GET',
          `${path}${separator}limit=${pageLimit}${place}`,
        )) as Readonly<{ data: readonly Row[]; nextCursor: string | null }>;
        rows.push(...next.data);
        cursor = next.nextCursor;
        if (cursor === null) return rows;
      }
      throw new Error(`${path} did not end after ${pagesMax} pages`);
    },
  };
}
