import { describeConfig, parseConfig } from '@counterfoil/runtime';
import { expect, test } from 'vitest';
import { kafkaConfig, kafkaOptionsOf } from './kafka-config.ts';

const optionsOf = (environment: Readonly<Record<string, string>>) =>
  kafkaOptionsOf(
    parseConfig(kafkaConfig, { KAFKA_BROKERS: 'one:9092', ...environment }),
    (path) => {
      if (path.startsWith('/missing')) throw new Error('ENOENT');
      return `PEM of ${path}`;
    },
  );

test('the brokers alone are enough', () => {
  expect(optionsOf({ KAFKA_BROKERS: 'one:9092, two:9093' })).toEqual({
    brokers: ['one:9092', 'two:9093'],
    namePrefix: '',
    security: {},
    topics: { partitions: 12, replicationFactor: 3, retentionMs: 2_592_000_000 },
  });
});

test('TLS and a login are told to the client', () => {
  const { security } = optionsOf({
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA: '/ca.pem',
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'counterfoil',
    KAFKA_SASL_PASSWORD: 'hush',
  });
  expect(security).toEqual({
    tls: { ca: 'PEM of /ca.pem' },
    sasl: { mechanism: 'scram-sha-512', username: 'counterfoil', password: 'hush' },
  });
  expect(optionsOf({ KAFKA_TLS: 'true' }).security).toEqual({ tls: {} });
});

test('every fault is named at once, and no password', () => {
  const refused = () =>
    optionsOf({
      KAFKA_BROKERS: 'one',
      KAFKA_SASL_PASSWORD: 'hush',
      KAFKA_TLS_CA: '/missing/ca.pem',
      KAFKA_TLS_KEY: '/key.pem',
    });
  expect(refused).toThrow(/KAFKA_BROKERS: one is not host:port/);
  expect(refused).toThrow(/KAFKA_SASL_MECHANISM: must be set when a name or a password is/);
  expect(refused).toThrow(/KAFKA_TLS_CA: cannot be read: \/missing\/ca.pem/);
  expect(refused).toThrow(/KAFKA_TLS_CERT: and KAFKA_TLS_KEY must be set together/);
  expect(refused).toThrow(/KAFKA_TLS: must be true when a PEM file is given/);
  expect(refused).not.toThrow(/hush/);
  expect(() => optionsOf({ KAFKA_BROKERS: '' })).toThrow(/KAFKA_BROKERS: must be set/);
});

test('the password is a secret', () => {
  const rows = describeConfig(kafkaConfig, { KAFKA_SASL_PASSWORD: 'hush' });
  expect(rows.find((row) => row.variable === 'KAFKA_SASL_PASSWORD')?.value).toBe('[set]');
});
