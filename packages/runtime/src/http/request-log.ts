import type { Logger } from '../logger.ts';
import type { HttpServer } from './http-server.ts';

/** `route` is the pattern, never the URL: a URL may carry a path token or an id. */
export type ObservedRequest = Readonly<{
  method: string;
  route: string;
  status: number;
  durationMs: number;
}>;
export type RequestObserver = (request: ObservedRequest) => void;

const microsecondsPerMs = 1000;

/** One line for each answered request; probes and scrapes only at debug level. */
export function registerRequestLog(
  server: HttpServer,
  logger: Logger,
  observe: RequestObserver,
): void {
  server.addHook('onResponse', async (request, reply) => {
    const observed = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * microsecondsPerMs) / microsecondsPerMs,
    };
    observe(observed);
    const level = /^\/(health|metrics)/.test(observed.route) ? 'debug' : 'info';
    logger[level]('request answered', { requestId: request.id, ...observed });
  });
}
