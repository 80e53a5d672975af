import { DeadlineMissed } from './within-deadline.ts';

// Numbers of gRPC status codes.
const cancelled = 1;
const deadlineExceeded = 4;
const aborted = 10;
const internal = 13;
const unavailable = 14;

// Aborted is a write that timed out in the server; internal is a connection that ended amid a call
// while the server shut down. A server that is starting says unavailable.
const passingCodes: readonly unknown[] = [
  cancelled,
  deadlineExceeded,
  aborted,
  internal,
  unavailable,
];
const passingKinds: readonly unknown[] = [
  'unavailable',
  'deadline-exceeded',
  'timeout',
  'cancelled',
  'not-leader',
];

/**
 * True when the same call may succeed in a moment, though the failed one may have been carried out.
 * Errors come in two forms: the client library's own with a `type`, and raw ones of gRPC with a
 * `code` alone.
 */
export const isPassing = (error: unknown): boolean =>
  error instanceof DeadlineMissed ||
  passingKinds.includes(fieldOf(error, 'type')) ||
  passingCodes.includes(fieldOf(error, 'code'));

export const isConflict = (error: unknown): boolean =>
  fieldOf(error, 'type') === 'wrong-expected-version';
export const isAbsentStream = (error: unknown): boolean =>
  fieldOf(error, 'type') === 'stream-not-found';
/** How servers up to 23.10 end a live subscription that a burst of events overran. */
export const isOverrun = (error: unknown): boolean => fieldOf(error, 'code') === aborted;

function fieldOf(error: unknown, field: 'type' | 'code'): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  return (error as Readonly<Record<string, unknown>>)[field];
}
