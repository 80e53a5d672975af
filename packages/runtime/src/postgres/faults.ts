/** The server's five-character code for a refused statement, or null when it was no SQL fault. */
export function sqlState(error: unknown): string | null {
  const code = codeOf(error);
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && !networkCodes.has(code) ? code : null;
}

/**
 * True when PostgreSQL could not be reached, went away or is full: the statement may or may not
 * have run, and trying again later is right. False for faults of the statement itself.
 */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null && (networkCodes.has(code) || isServerAway(code))) return true;
  if (code === 'ENOENT') return isConnect(error);
  return error instanceof Error && code === null && unavailableMessages.test(error.message);
}

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Class 08 connection, 57P shutdown and start-up, 53 out of resources, 58 the system, 25P03 idle too long. */
const isServerAway = (code: string): boolean =>
  /^(08...|57P0[1-5]|53...|58...|25P03|25006)$/.test(code);

/** The socket file of a local server that is not running; any other missing file is not ours. */
const isConnect = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === 'connect';

/** What pg says without a code when a connection is lost, or is not there in time. */
const unavailableMessages =
  /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|Query read timeout|timeout expired|Client was closed|calling end on the pool|Connection lost/i;

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
