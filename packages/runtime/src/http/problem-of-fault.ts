import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isUnavailable } from '../postgres/faults.ts';
import { problemError, ProblemError, type RequestFault } from './problem.ts';

/** More than this many faults of one request are not listed: the first ones say enough. */
const faultsListedMax = 20;

/** Where fastify read the faulty part from, in the words of our callers. */
const partOf: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

/** Total: whatever a request or a handler throws has a problem. Only 500 and 503 are faults of ours. */
export function problemOfFault(fault: unknown): ProblemError {
  if (fault instanceof ProblemError) return fault;
  if (hasZodFastifySchemaValidationErrors(fault)) {
    const part = partOf[fault.validationContext ?? 'body'] ?? 'body';
    return malformed(
      fault.validation.slice(0, faultsListedMax).map((issue) => ({
        path: `${part}${issue.instancePath === '/' ? '' : issue.instancePath}`,
        message: issue.message ?? 'is not valid',
      })),
    );
  }
  const framework = frameworkProblem(codeOf(fault));
  if (framework !== null) return framework;
  return isAway(fault) ? problemError('unavailable') : problemError('internal-error');
}

export const malformed = (errors: readonly RequestFault[]): ProblemError =>
  problemError(
    'request-malformed',
    errors.map(({ path, message }) => `${path}: ${message}`).join('; ') || undefined,
    { errors },
  );

function frameworkProblem(code: string): ProblemError | null {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problemError('body-too-large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problemError('content-type-unsupported', 'Send application/json.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problemError('url-too-long');
    case 'FST_ERR_BAD_URL':
      return malformed([{ path: 'path', message: 'is not a valid URL' }]);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformed([{ path: 'body', message: 'is not as long as Content-Length says' }]);
    default:
      return null;
  }
}

/** How deep a fault may be wrapped and still be recognised. */
const causesMax = 5;

function isAway(fault: unknown): boolean {
  let current = fault;
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    if (isUnavailable(current)) return true;
    if (current instanceof AggregateError && current.errors.some(isUnavailable)) return true;
    current = current.cause;
  }
  return false;
}

export const codeOf = (fault: unknown): string =>
  typeof fault === 'object' && fault !== null && 'code' in fault && typeof fault.code === 'string'
    ? fault.code
    : '';
