/**
 * Every problem this system answers with: its code, HTTP status and title. The one place that maps
 * a refusal to HTTP; docs/ERRORS.md explains each code, and a test ties the two together.
 */
export const problems = {
  'request-malformed': { status: 400, title: 'The request is malformed' },
  'amount-malformed': { status: 400, title: 'The amount is not a decimal number' },
  'cursor-malformed': { status: 400, title: 'The cursor was not issued by this list' },
  'position-malformed': { status: 400, title: 'The position is not one of this log' },
  'api-key-missing': { status: 401, title: 'An API key is needed' },
  'api-key-wrong': { status: 401, title: 'The API key is not valid' },
  'credential-missing': { status: 401, title: 'The webhook carries no credential' },
  'credential-wrong': { status: 401, title: 'The credential of the webhook is wrong' },
  'scope-missing': { status: 403, title: 'The API key does not have the scope' },
  'route-not-found': { status: 404, title: 'There is nothing at this URL' },
  'account-not-found': { status: 404, title: 'There is no such account' },
  'reference-not-found': { status: 404, title: 'The reference belongs to no account' },
  'card-not-found': { status: 404, title: 'There is no such card' },
  'invoice-not-found': { status: 404, title: 'There is no such invoice' },
  'payout-not-found': { status: 404, title: 'There is no such payout' },
  'withdrawal-not-found': { status: 404, title: 'There is no such withdrawal' },
  'transaction-not-found': { status: 404, title: 'There is no such transaction' },
  'hold-not-found': { status: 404, title: 'There is no such hold' },
  'review-not-found': { status: 404, title: 'There is no such open review' },
  'suspense-not-found': { status: 404, title: 'There is no such money in suspense' },
  'inbound-webhook-not-found': { status: 404, title: 'There is no such inbound webhook' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'account-exists': { status: 409, title: 'The account id is taken' },
  'account-closed': { status: 409, title: 'The account is closed' },
  'account-frozen': { status: 409, title: 'The account is frozen' },
  'account-not-empty': { status: 409, title: 'The account still holds money' },
  'adjustment-differs': { status: 409, title: 'The adjustment was posted with other content' },
  'order-differs': { status: 409, title: 'The order was placed with other content' },
  'hold-not-due': { status: 409, title: 'The hold has not expired yet' },
  'suspense-not-attributable': { status: 409, title: 'The money names nothing that can be linked' },
  'reference-linked-elsewhere': { status: 409, title: 'The reference belongs to another account' },
  'reference-moved': { status: 409, title: 'The reference was linked elsewhere meanwhile' },
  'ruling-not-applicable': { status: 409, title: 'The ruling does not fit this review' },
  'inbound-webhook-not-quarantined': {
    status: 409,
    title: 'Only a quarantined webhook is retried',
  },
  'idempotency-key-reused': {
    status: 409,
    title: 'The idempotency key was used with other content',
  },
  'idempotency-key-in-progress': { status: 409, title: 'The first request is still in progress' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'url-too-long': { status: 414, title: 'A part of the URL is too long' },
  'content-type-unsupported': { status: 415, title: 'The content type is not supported' },
  'account-id-reserved': { status: 422, title: 'The account id is reserved' },
  'asset-unknown': { status: 422, title: 'The asset is not known' },
  'amount-negative': { status: 422, title: 'The amount is negative' },
  'amount-not-positive': { status: 422, title: 'The amount is not above zero' },
  'amount-too-precise': { status: 422, title: 'The amount has more decimals than its asset' },
  'amount-too-large': { status: 422, title: 'The amount is too large' },
  'insufficient-funds': { status: 422, title: 'The account cannot spend that much' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'internal-error': { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'Something we need is away' },
  'not-ready': { status: 503, title: 'The service is not ready' },
  'position-not-reached': { status: 504, title: 'The read models are behind the position' },
} as const satisfies Readonly<Record<string, Readonly<{ status: number; title: string }>>>;

export type ProblemCode = keyof typeof problems;

/** One fault of a request: `path` is `body/amount`, `query/limit`, `path/accountId` or `headers/…`. */
export type RequestFault = Readonly<{ path: string; message: string }>;

export type ProblemExtras = Readonly<{
  errors?: readonly RequestFault[];
  /** How far the read models are behind the position that was asked for; `events` as decimal text. */
  lag?: Readonly<{ position: string; minPosition: string; events: string }>;
  checks?: readonly Readonly<{ name: string; ok: boolean }>[];
}>;

/** RFC 9457 problem details. `type` names the code; `requestId` finds the request in the logs. */
export type Problem = Readonly<{
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
}> &
  ProblemExtras;

export const problemContentType = 'application/problem+json';

/** Thrown by a handler to answer with a problem; `detail` is shown to the caller. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.name = 'ProblemError';
    this.code = code;
    this.extras = extras;
  }
}

export const problemError = (
  code: ProblemCode,
  detail: string = problems[code].title,
  extras: ProblemExtras = {},
): ProblemError => new ProblemError(code, detail, extras);

export function problemOf(error: ProblemError, requestId: string): Problem {
  const { status, title } = problems[error.code];
  return {
    type: `urn:counterfoil:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...error.extras,
  };
}
