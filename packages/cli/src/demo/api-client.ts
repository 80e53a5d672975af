/** A user of the HTTP API, with the key that may do everything. */
export type ApiClient = Readonly<{
  /** Resolves to the body; rejects with the problem that the API answered. */
  get: <Body>(path: string) => Promise<Body>;
  post: (path: string, body: object) => Promise<void>;
  /** Every row of a list, over all its pages. */
  list: <Row>(path: string) => Promise<readonly Row[]>;
}>;

/** A page of the API holds 500 rows: no list of the demo comes near this. */
const pagesMax = 100;
const pageLimit = 500;
/** The API waits five seconds for a position before it gives up. */
const requestTimeoutMs = 15_000;

export function apiClient(url: string, apiKey: string): ApiClient {
  const request = async (method: string, path: string, body: object | null): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  };
  const get = async <Body>(path: string) => (await request('GET', path, null)) as Body;
  return {
    get,
    post: async (path, body) => void (await request('POST', path, body)),
    list: async <Row>(path: string) => {
      const rows: Row[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < pagesMax; page += 1) {
        const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const separator = path.includes('?') ? '&' : '?';
        const next: Readonly<{ data: readonly Row[]; nextCursor: string | null }> = await get(
          `${path}${separator}limit=${pageLimit}${place}`,
        );
        rows.push(...next.data);
        cursor = next.nextCursor;
        if (cursor === null) return rows;
      }
      throw new Error(`${path} did not end after ${pagesMax} pages`);
    },
  };
}
