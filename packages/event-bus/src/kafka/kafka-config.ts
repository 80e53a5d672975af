import { readFileSync } from 'node:fs';
import {
  choiceText,
  ConfigError,
  type ConfigFault,
  type ConfigOf,
  defineConfig,
  flagText,
  integerText,
  listText,
  variable,
} from '@counterfoil/runtime';
import { z } from 'zod';
import type { KafkaSecurity } from './kafka-client.ts';
import type { KafkaEventBusOptions } from './kafka-event-bus.ts';

const pathText: z.ZodType<string, string> = z.string();
const secretText: z.ZodType<string, string> = z.string();
const prefixText: z.ZodType<string, string> = z
  .string()
  .max(50, 'must be at most 50 characters')
  .regex(/^[A-Za-z0-9._-]*$/, 'may hold letters, digits, dots, underscores and dashes');

/** What a service on Kafka is told by its environment. */
export const kafkaConfig = defineConfig({
  KAFKA_BROKERS: variable(listText, {
    default: '',
    meaning: 'comma-separated host:port of Kafka brokers; some that are usually up are enough',
  }),
  KAFKA_SASL_MECHANISM: variable(choiceText(['plain', 'scram-sha-256', 'scram-sha-512']), {
    default: null,
    meaning: 'how to log in to Kafka: plain, scram-sha-256 or scram-sha-512; unset: not at all',
  }),
  KAFKA_SASL_USERNAME: variable(secretText, {
    default: null,
    meaning: 'the name to log in to Kafka with',
  }),
  KAFKA_SASL_PASSWORD: variable(secretText, {
    default: null,
    meaning: 'the password to log in to Kafka with',
    isSecret: true,
  }),
  KAFKA_TLS: variable(flagText, {
    default: 'false',
    meaning: 'whether to speak TLS with the Kafka brokers',
  }),
  KAFKA_TLS_CA: variable(pathText, {
    default: null,
    defaultMeans: "Node's authorities",
    meaning: 'a PEM file of the authorities that sign the Kafka brokers',
  }),
  KAFKA_TLS_CERT: variable(pathText, {
    default: null,
    meaning: 'a PEM file of our own certificate, where the Kafka brokers ask for one',
  }),
  KAFKA_TLS_KEY: variable(pathText, {
    default: null,
    meaning: 'a PEM file of the key to KAFKA_TLS_CERT',
  }),
  KAFKA_TOPIC_PREFIX: variable(prefixText, {
    default: '',
    meaning: 'put before the names of topics and groups, for several systems on one cluster',
  }),
  KAFKA_TOPIC_PARTITIONS: variable(integerText({ min: 1, max: 1_000 }), {
    default: '12',
    meaning: 'partitions of a topic: how many processes can share its work; set once',
  }),
  KAFKA_REPLICATION_FACTOR: variable(integerText({ min: 1, max: 9 }), {
    default: '3',
    meaning: 'copies of each message, on that many brokers; 1 on a single broker',
  }),
  KAFKA_RETENTION_DAYS: variable(integerText({ min: 1, max: 3_650 }), {
    default: '30',
    meaning: 'days that a message is kept, read or not; longer than any outage of its readers',
  }),
});

export type KafkaConfig = ConfigOf<typeof kafkaConfig>;

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The options that the environment decides. Throws a `ConfigError` that names what is missing or
 * cannot be read; a password is never in it.
 */
export function kafkaOptionsOf(
  config: KafkaConfig,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Pick<KafkaEventBusOptions, 'brokers' | 'namePrefix'> &
  Required<Pick<KafkaEventBusOptions, 'security' | 'topics'>> {
  const faults: ConfigFault[] = [];
  const fault = (name: keyof KafkaConfig, message: string) =>
    faults.push({ variable: name, message });

  if (config.KAFKA_BROKERS.length === 0) fault('KAFKA_BROKERS', 'must be set for the Kafka bus');
  for (const broker of config.KAFKA_BROKERS)
    if (!/^[^\s:/]+:\d{1,5}$/.test(broker) && !/^\[[0-9a-f:]+\]:\d{1,5}$/i.test(broker))
      fault('KAFKA_BROKERS', `${broker} is not host:port`);
  const sasl = saslOf(config, fault);
  const tls = tlsOf(config, fault, readFile);
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    brokers: config.KAFKA_BROKERS,
    namePrefix: config.KAFKA_TOPIC_PREFIX,
    security: { ...(sasl ? { sasl } : {}), ...(tls ? { tls } : {}) },
    topics: {
      partitions: config.KAFKA_TOPIC_PARTITIONS,
      replicationFactor: config.KAFKA_REPLICATION_FACTOR,
      retentionMs: config.KAFKA_RETENTION_DAYS * dayMs,
    },
  };
}

type Fault = (name: keyof KafkaConfig, message: string) => void;

function saslOf(config: KafkaConfig, fault: Fault): KafkaSecurity['sasl'] {
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = config;
  if (mechanism === null) {
    // A password that is not used is a login that was meant.
    if (username !== null || password !== null)
      fault('KAFKA_SASL_MECHANISM', 'must be set when a name or a password is');
    return undefined;
  }
  if (username === null) fault('KAFKA_SASL_USERNAME', `must be set for ${mechanism}`);
  if (password === null) fault('KAFKA_SASL_PASSWORD', `must be set for ${mechanism}`);
  return username === null || password === null ? undefined : { mechanism, username, password };
}

function tlsOf(
  config: KafkaConfig,
  fault: Fault,
  readFile: (path: string) => string,
): KafkaSecurity['tls'] {
  const files = {
    ca: pemOf('KAFKA_TLS_CA'),
    cert: pemOf('KAFKA_TLS_CERT'),
    key: pemOf('KAFKA_TLS_KEY'),
  };
  if ((config.KAFKA_TLS_CERT === null) !== (config.KAFKA_TLS_KEY === null))
    fault('KAFKA_TLS_CERT', 'and KAFKA_TLS_KEY must be set together');
  const isGiven = Object.values(files).some((pem) => pem !== undefined);
  if (config.KAFKA_TLS)
    return Object.fromEntries(Object.entries(files).filter(([, pem]) => pem !== undefined));
  if (isGiven) fault('KAFKA_TLS', 'must be true when a PEM file is given');
  return undefined;

  function pemOf(name: 'KAFKA_TLS_CA' | 'KAFKA_TLS_CERT' | 'KAFKA_TLS_KEY'): string | undefined {
    const path = config[name];
    if (path === null) return undefined;
    try {
      return readFile(path);
    } catch {
      fault(name, `cannot be read: ${path}`);
      return '';
    }
  }
}
