import { describe, test } from 'vitest';
import { kafkaLines, missingForKafka } from './local-kafka.ts';

/** Describes a suite for every Kafka that tests run against; where none can run, says why. */
export async function onEachKafka(
  what: string,
  suite: (name: string, version: string) => void,
): Promise<void> {
  for (const version of kafkaLines()) {
    const name = `${what} on Kafka ${version}`;
    const missing = await missingForKafka(version);
    if (missing === null) {
      suite(name, version);
      continue;
    }
    process.stderr.write(`${name} is not tested: ${missing}\n`);
    describe.skip(`${name} (not tested: ${missing})`, () => {
      test('keeps its promises', () => {});
    });
  }
}
