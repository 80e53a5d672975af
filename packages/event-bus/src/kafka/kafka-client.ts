import type { Logger } from '@counterfoil/runtime';
import { Kafka, logLevel, type ISocketFactory, type logCreator, type SASLOptions } from 'kafkajs';

export type KafkaSecurity = Readonly<{
  sasl?: Readonly<{
    mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    username: string;
    password: string;
  }>;
  /** Absent: without TLS. Empty: the authorities that Node trusts. All of them PEM text. */
  tls?: Readonly<{ ca?: string; cert?: string; key?: string }>;
}>;

export type KafkaConnection = Readonly<{
  /** `host:port`, at least one that can be reached. */
  brokers: readonly string[];
  clientId: string;
  security?: KafkaSecurity;
  /** How sockets are made: for tunnels and tests. */
  socketFactory?: ISocketFactory;
}>;

/** A broker behind TLS in another zone needs more than kafkajs's one second. */
const connectionTimeoutMs = 5_000;
/** Longer than a busy broker's pause; a half-open connection is noticed by it. */
const requestTimeoutMs = 15_000;

/**
 * Few and soon, since we try again ourselves, with new connections. Said in full because kafkajs has
 * other defaults when NODE_ENV is `test`.
 */
export const kafkaRetry = {
  initialRetryTime: 100,
  maxRetryTime: 2_000,
  factor: 0.2,
  multiplier: 2,
  retries: 4,
  // A consumer that fails ends for good, and we start a new one: one place decides.
  restartOnFailure: async () => false,
};

/**
 * A client of its own for each producer, consumer and admin: the consumers of one client and one
 * group share what they know of committed offsets, and wipe it for each other.
 */
export function kafkaClient(connection: KafkaConnection, logger: Logger): Kafka {
  const { brokers, clientId, security, socketFactory } = connection;
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: kafkaRetry,
    logLevel: logLevel.WARN,
    logCreator: linesTo(logger),
    ...(security?.tls ? { ssl: { ...security.tls } } : {}),
    ...(security?.sasl ? { sasl: saslOptions(security.sasl) } : {}),
    ...(socketFactory ? { socketFactory } : {}),
  });
}

function saslOptions(sasl: NonNullable<KafkaSecurity['sasl']>): SASLOptions {
  const { mechanism, username, password } = sasl;
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}

/** kafkajs calls errors what it then retries: we report what is left over, and keep its lines for debugging. */
const linesTo =
  (logger: Logger): logCreator =>
  () =>
  ({ namespace, label, log }) => {
    const { message, error } = log;
    logger.debug('kafkajs says', { namespace, level: label, line: message, error: String(error) });
  };
