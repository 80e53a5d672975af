/** An answer as it came: problem details are answers too, and tests look at their codes. */
export type ApiAnswer<Body = unknown> = Readonly<{
  status: number;
  headers: Headers;
  body: Body;
}>;

export type Page<Row> = Readonly<{ data: readonly Row[]; nextCursor: string | null }>;

/** A user of the HTTP API. Rejects only where no answer came at all. */
export type HttpApi = Readonly<{
  request: <Body = unknown>(
    method: string,
    path: string,
    options?: Readonly<{ body?: unknown; headers?: Readonly<Record<string, string>> }>,
  ) => Promise<ApiAnswer<Body>>;
  /** The body of a 2xx answer; rejects with the problem otherwise. */
  get: <Body>(path: string) => Promise<Body>;
  post: <Body = unknown>(path: string, body: unknown) => Promise<Body>;
  /** Every row of a list, over all its pages. */
  list: <Row>(path: string) => Promise<readonly Row[]>;
}>;

const requestTimeoutMs = 20_000;
/** A list of a test is far shorter: more pages mean that a cursor does not advance. */
const pagesMax = 200;

export function httpApi(url: string, apiKey: string): HttpApi {
  const request: HttpApi['request'] = async <Body>(
    method: string,
    path: string,
    options: Parameters<HttpApi['request']>[2] = {},
  ) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    const body = (isJson ? JSON.parse(text) : text) as Body;
    return { status: answer.status, headers: answer.headers, body };
  };
  const accepted = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await request<Body>(method, path, body === undefined ? {} : { body });
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    request,
    get: (path) => accepted('GET', path),
    post: (path, body) => accepted('POST', path, body),
    list: async <Row>(path: string) => {
      const rows: Row[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < pagesMax; page += 1) {
        const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const next: Page<Row> = await accepted(
          'GET',
          `${path}${path.includes('?') ? '&' : '?'}limit=500${place}`,
        );
        rows.push(...next.data);
        cursor = next.nextCursor;
        if (cursor === null) return rows;
      }
      throw new Error(`${path} did not end after ${pagesMax} pages`);
    },
  };
}
