import { pino, stdTimeFunctions, type DestinationStream } from 'pino';

/** What goes beside the message. Never a body, a secret or a card number: ids, counts, durations. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Message first, in words that never change; what varies goes into the fields. */
export interface Logger {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
  /** The same logger with fields added to every line. */
  readonly child: (fields: LogFields) => Logger;
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Field names whose values never reach a log line, wherever a caller puts them at the first two
 * levels. pino's wildcards match one level only, so both levels are written out.
 */
export const redactedNames = [
  'authorization',
  'apiKey',
  'body',
  'cardNumber',
  'connectionString',
  'cookie',
  'cvv',
  'databaseUrl',
  'headers',
  'pan',
  'password',
  'payload',
  'rawBody',
  'secret',
  'signature',
  'token',
] as const;

/** JSON lines on standard output, or on `destination`. */
export function jsonLogger(
  options: Readonly<{ service: string; level?: LogLevel; destination?: DestinationStream }>,
): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service: options.service },
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: redactedNames.flatMap((name) => [name, `*.${name}`]),
      censor: '[redacted]',
    },
  };
  return wrap(options.destination ? pino(settings, options.destination) : pino(settings));
}

type Sink = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'> & {
  child: (fields: object) => Sink;
};

const wrap = (sink: Sink): Logger => ({
  debug: (message, fields) => sink.debug(printable(fields), message),
  info: (message, fields) => sink.info(printable(fields), message),
  warn: (message, fields) => sink.warn(printable(fields), message),
  error: (message, fields) => sink.error(printable(fields), message),
  child: (fields) => wrap(sink.child(printable(fields))),
});

const printable = (fields: LogFields | undefined): object =>
  fields ? (printableValue(fields, 0) as object) : {};

/** Deeper structure is data, and data does not belong into a log. */
const depthMax = 6;

/** A `bigint` becomes text: pino would print it as a bare number that readers round. */
function printableValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (depth >= depthMax) return '[deeper]';
  if (value instanceof Error) return printableError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item: unknown) => printableValue(item, depth + 1));
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [
    key,
    printableValue(item, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Chosen fields only: a database error's `detail` quotes the row that it refused. */
function printableError(error: Error, depth: number): object {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: printableValue(error.cause, depth + 1) }),
  };
}

/** Says nothing: for tests, and for tools whose output is their answer. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
