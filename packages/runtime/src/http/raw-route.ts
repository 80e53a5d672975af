import type { HttpServer } from './http-server.ts';

/** A request as it arrived: lower-case header names, exact body bytes, decoded path parameters. */
export type RawRequest = Readonly<{
  params: Readonly<Record<string, string>>;
  headers: ReadonlyMap<string, string>;
  body: Buffer;
  requestId: string;
}>;

export type RawAnswer = Readonly<{
  status: number;
  contentType: string;
  body: string | Uint8Array;
  headers?: Readonly<Record<string, string>>;
}>;

export type RawRoute = Readonly<{
  /** With parameters: `/webhooks/:provider`. */
  path: string;
  summary: string;
  /** A larger body is answered 413 without being read to its end. Default: 1 MiB. */
  bodyLimitBytes?: number;
  /** Throws a `ProblemError` to answer with a problem; anything else thrown becomes 503 or 500. */
  handle: (request: RawRequest) => Promise<RawAnswer>;
}>;

/** No provider documents bodies near it. */
export const rawBodyLimitBytes = 1024 * 1024;

/**
 * A POST route that gets the bytes of the body before anything parses them, whatever its content
 * type, also without one. An absent body is empty.
 */
export function registerRaw(server: HttpServer, route: RawRoute): void {
  const bodyLimit = route.bodyLimitBytes ?? rawBodyLimitBytes;
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
      done(null, body);
    });
    // A content type that cannot be parsed would be refused before the catch-all parser is asked.
    scope.addHook('onRequest', async (request) => {
      sentContentTypes.set(request.raw, request.headers['content-type']);
      request.headers['content-type'] = 'application/octet-stream';
    });
    scope.route({
      method: 'POST',
      url: route.path,
      bodyLimit,
      schema: { summary: route.summary, tags: ['webhooks'], security: [] },
      handler: async (request, reply) => {
        const answer = await route.handle({
          params: textsOf(request.params),
          headers: headersOf(request.headers, sentContentTypes.get(request.raw)),
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          requestId: request.id,
        });
        return reply
          .code(answer.status)
          .headers(answer.headers ?? {})
          .header('content-type', answer.contentType)
          .send(typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body));
      },
    });
  });
}

const sentContentTypes = new WeakMap<object, string | undefined>();

function textsOf(params: unknown): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  if (typeof params === 'object' && params !== null)
    for (const [name, value] of Object.entries(params))
      if (typeof value === 'string') texts[name] = value;
  return texts;
}

function headersOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  contentType: string | undefined,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) texts.set(name, typeof value === 'string' ? value : value.join(', '));
  if (contentType === undefined) texts.delete('content-type');
  else texts.set('content-type', contentType);
  return texts;
}
