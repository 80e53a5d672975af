import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Duplex } from 'node:stream';
import type { Logger } from '../logger.ts';
import {
  type ProblemCode,
  problemContentType,
  problemError,
  problemOf,
  type ProblemError,
} from './problem.ts';
import { codeOf, problemOfFault } from './problem-of-fault.ts';

/** Seconds after which a caller may try again what failed because something was away. */
const retryAfterSeconds = 1;

/** A webhook is refused with 401 too, and no bearer token would help it. */
const bearerCodes: ReadonlySet<string> = new Set<ProblemCode>(['api-key-missing', 'api-key-wrong']);

/** Answers any throw with problem details, and logs what is our own fault. */
export const problemHandler =
  (logger: Logger) =>
  (fault: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const error = problemOfFault(fault);
    const problem = problemOf(error, request.id);
    if (problem.status >= 500 && error !== fault)
      logger.error('request failed', {
        requestId: request.id,
        problem: problem.code,
        route: request.routeOptions.url,
        error: fault instanceof Error ? fault : new Error(String(fault)),
      });
    if (bearerCodes.has(problem.code)) void reply.header('www-authenticate', 'Bearer');
    if (problem.status === 503) void reply.header('retry-after', String(retryAfterSeconds));
    // Serialized here: a route's own answer schemas do not describe problems.
    void reply
      .code(problem.status)
      .header('x-request-id', request.id)
      .header('content-type', problemContentType)
      .serializer((payload: unknown) => JSON.stringify(payload))
      .send(problem);
  };

/** What cannot be read as HTTP at all: there is no request yet, so the answer is written by hand. */
export function refuseBrokenRequest(fault: Error, socket: Duplex): void {
  if (socket.destroyed || codeOf(fault) === 'ECONNRESET') return;
  const body = JSON.stringify(problemOf(problemOfBrokenRequest(codeOf(fault)), ''));
  const { status } = JSON.parse(body);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: ${problemContentType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function problemOfBrokenRequest(code: string): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') return problemError('headers-too-large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problemError('request-timeout');
  return problemError('request-malformed', 'This is not an HTTP request.');
}
