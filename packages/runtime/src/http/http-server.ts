import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { problemHandler, refuseBrokenRequest } from './answer-with-problem.ts';
import { registerHealth, type ReadinessCheck } from './health.ts';
import { parseJsonBody } from './json-body.ts';
import { knownMethods } from './known-methods.ts';
import { registerMetrics, type MetricsSource } from './metrics-route.ts';
import { type ApiDescription, registerOpenApi } from './openapi.ts';
import { problemError } from './problem.ts';
import { malformed } from './problem-of-fault.ts';
import { type RequestObserver, registerRequestLog } from './request-log.ts';
import type { ZodTypeProvider } from './zod-type-provider.ts';

/** A fastify server whose routes take and give zod schemas. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** A request of any route: its id and headers, and something to remember what was found out about it. */
export type HttpRequest = FastifyRequest;

export type HttpServerOptions = Readonly<{
  logger: Logger;
  clock: Clock;
  /** JSON bodies above it are answered 413. */
  bodyLimitBytes: number;
  description: ApiDescription;
  checks?: readonly ReadinessCheck[];
  metrics?: MetricsSource;
  /** Called once for each answered request, for metrics; must not throw. */
  observe?: RequestObserver;
  /** The addresses of proxies whose `X-Forwarded-*` headers are believed; none by default. */
  trustProxy?: readonly string[];
}>;

/** Four times the longest id of any provider, as every character may be percent-encoded. */
const pathParameterLengthMax = 800;

/** How long a client may take to send its whole request, so that slow ones do not hold sockets. */
const requestTimeoutMs = 30_000;

const requestIdPattern = /^[A-Za-z0-9_.:-]{1,128}$/;

/**
 * Everything each HTTP surface of ours shares: problem details for every refusal, request ids,
 * strict JSON, one log line a request without URL, body or headers, health, metrics and OpenAPI.
 * Routes are registered on what it returns; `listen` and `close` are fastify's.
 */
export async function httpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { clock, logger } = options;
  const answerWithProblem = problemHandler(logger);
  const server: HttpServer = fastify({
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    routerOptions: { maxParamLength: pathParameterLengthMax },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && requestIdPattern.test(given) ? given : clock.randomId();
    },
    frameworkErrors: answerWithProblem,
    clientErrorHandler: refuseBrokenRequest,
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(answerWithProblem);
  acceptStrictJson(server, options.bodyLimitBytes);
  answerUnknownRoutes(server);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (/%00/i.test(request.raw.url ?? ''))
      throw malformed([{ path: 'path', message: 'contains the character U+0000' }]);
  });
  registerRequestLog(server, logger, options.observe ?? (() => undefined));
  await registerOpenApi(server, options.description);
  registerHealth(server, { checks: options.checks ?? [], clock });
  if (options.metrics !== undefined) registerMetrics(server, options.metrics);
  return server;
}

function acceptStrictJson(server: HttpServer, bodyLimit: number): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    /^application\/([\w.-]+\+)?json(;|$)/,
    { parseAs: 'buffer', bodyLimit },
    async (_request: unknown, body: Buffer) => (body.length === 0 ? null : parseJsonBody(body)),
  );
}

function answerUnknownRoutes(server: HttpServer): void {
  const known = knownMethods();
  server.addHook('onRoute', ({ url, method }) => known.add(url, method));
  server.setNotFoundHandler((request, reply) => {
    const [path = ''] = (request.raw.url ?? '').split('?');
    const allowed = known.of(path);
    if (allowed.length === 0) throw problemError('route-not-found');
    void reply.header('allow', allowed.join(', '));
    throw problemError('method-not-allowed', `Allowed: ${allowed.join(', ')}.`);
  });
}
