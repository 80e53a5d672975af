import { parseConfig, systemClock } from '@counterfoil/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consumerGroup } from '../event-bus.ts';
import { contractPolicy, eventBusContract } from '../testing/event-bus-contract.ts';
import { kafkaLines, type LocalKafka, localKafka } from '../testing/local-kafka.ts';
import { noteTopic, notesOf } from '../testing/note-topic.ts';
import { onEachKafka } from '../testing/on-each-kafka.ts';
import { severableSockets } from '../testing/severable-sockets.ts';
import { kafkaConfig, kafkaOptionsOf } from './kafka-config.ts';
import { type KafkaEventBus, kafkaEventBus, type KafkaEventBusOptions } from './kafka-event-bus.ts';

/** The first start of a run may fetch the jars. */
const startTimeoutMs = 180_000;
const clock = systemClock();
const topic = noteTopic();

/** It passes over plain connections in every run; here it takes as long again. */
const isContractRun = kafkaLines().length > 1;
if (!isContractRun)
  process.stderr.write(
    'The contract of the bus is not run over TLS: KAFKA_LINES=all asks for it\n',
  );

await onEachKafka('The event bus with TLS and a login', suite);

function suite(name: string, version: string): void {
  describe(name, { timeout: 60_000 }, () => {
    let kafka: LocalKafka;
    let systems = 0;
    let prefix = '';
    const opened: KafkaEventBus[] = [];

    beforeAll(async () => {
      kafka = await localKafka(version);
    }, startTimeoutMs);
    afterAll(() => kafka?.remove(), startTimeoutMs);
    afterEach(async () => {
      prefix = '';
      await Promise.all(opened.splice(0).map((bus) => bus.disconnect()));
    }, startTimeoutMs);

    const settings = () => ({
      KAFKA_BROKERS: kafka.secure.brokers,
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA: kafka.secure.ca,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: kafka.secure.username,
      KAFKA_SASL_PASSWORD: kafka.secure.password,
      KAFKA_TOPIC_PARTITIONS: '4',
      KAFKA_REPLICATION_FACTOR: '1',
    });

    /** As a service's environment says it; the buses of one test share a prefix. */
    function open(
      variables: Readonly<Record<string, string | undefined>> = {},
      options: Partial<KafkaEventBusOptions> = {},
    ): KafkaEventBus {
      if (prefix === '') prefix = `secure-${++systems}.`;
      const environment = { ...settings(), KAFKA_TOPIC_PREFIX: prefix, ...variables };
      const bus = kafkaEventBus({
        ...kafkaOptionsOf(parseConfig(kafkaConfig, environment)),
        clientId: 'security-test',
        clock,
        policy: contractPolicy,
        sessionTimeoutMs: 3_000,
        stopTimeoutMs: 3_000,
        ...options,
      });
      opened.push(bus);
      return bus;
    }

    if (isContractRun)
      eventBusContract(name, async () => ({
        process: async () => {
          const { socketFactory, sever } = severableSockets();
          const bus = open({}, { socketFactory });
          const crash = async () => {
            sever();
            // A dead process waits for nothing.
            opened.splice(opened.indexOf(bus), 1);
            void bus.disconnect();
          };
          return { bus, crash };
        },
        close: async () => {},
      }));

    test.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
      'logs in by %s, to publish, to consume and to ask',
      async (mechanism) => {
        const bus = open({ KAFKA_SASL_MECHANISM: mechanism });
        await bus.connect([topic.name]);
        const seen: number[] = [];
        const group = consumerGroup('writers');
        await using _ = await bus.subscribe(topic, {
          group,
          handle: async ({ message }) => {
            seen.push(message.ordinal);
            return { kind: 'ack' };
          },
        });
        await bus.publish(topic, notesOf('a', 3));
        await expect.poll(() => seen, { timeout: 30_000 }).toEqual([1, 2, 3]);
        expect(await bus.deadLetters.list()).toEqual([]);
      },
    );

    test.each([
      ['another password', { KAFKA_SASL_PASSWORD: 'not-it' }, /authentication/i],
      ['another name', { KAFKA_SASL_USERNAME: 'nobody' }, /authentication/i],
      ['no authority that signed the broker', { KAFKA_TLS_CA: undefined }, /self[- ]signed/i],
    ])('is refused with %s, and says why without the password', async (_what, variables, why) => {
      const refused = open(variables).connect([topic.name]);
      await expect(refused).rejects.toThrow(why);
      await expect(refused).rejects.toThrow(
        /^The Kafka brokers 127\.0\.0\.1:\d+ cannot be reached/,
      );
      await expect(refused).rejects.not.toThrow(/not-it|kafka-local/);
    });

    test('reaches nothing without TLS, or without a login', async () => {
      const login = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];
      const none = Object.fromEntries(login.map((variable) => [variable, undefined]));
      await expect(open(none).connect()).rejects.toThrow('cannot be reached');
      const plainText = { KAFKA_TLS: undefined, KAFKA_TLS_CA: undefined };
      await expect(open(plainText).connect()).rejects.toThrow('cannot be reached');
    });
  });
}
