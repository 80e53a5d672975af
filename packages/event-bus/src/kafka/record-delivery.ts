import type { Clock, Logger } from '@counterfoil/runtime';
import type { Deliver } from '../deliver.ts';
import type { ConsumerGroup } from '../event-bus.ts';
import type { Verdict } from '../retry-policy.ts';
import { slots } from '../slots.ts';
import type { FailedRecord } from './kafka-dead-letters.ts';
import { payloadOf, type StoredRecord } from './kafka-record.ts';
import type { LaneOptions } from './partition-lane.ts';

export type RecordDeliveryOptions = Readonly<{
  topic: string;
  group: ConsumerGroup;
  deliver: Deliver;
  concurrencyMax: number;
  bury: (failed: FailedRecord) => Promise<void>;
  clock: Clock;
  logger: Logger;
  onVerdict: (verdict: Verdict['kind']) => void;
}>;

const buryRetryMs = 1_000;

/** What the lanes of a subscription share: its handlers, and the way to the dead letters. */
export function recordDelivery(
  options: RecordDeliveryOptions,
): Pick<LaneOptions, 'deliver' | 'bury'> {
  const { topic, group, clock, logger } = options;
  const slot = slots(options.concurrencyMax);

  return {
    deliver: (record, attempt, signal) => {
      // Another group's message that is tried again: nothing to do for us.
      if (record.group !== null && record.group !== group) return Promise.resolve({ kind: 'ack' });
      return slot(async () => {
        if (signal.aborted) return notNow(attempt);
        const verdict = await deliverRecord(record, attempt, signal);
        options.onVerdict(verdict.kind);
        return verdict;
      });
    },
    bury: async (record, verdict, signal) => {
      while (!signal.aborted) {
        try {
          await options.bury({ topic, group, record, verdict });
          logger.error('a message became a dead letter', {
            topic,
            group,
            messageId: record.messageId,
            reason: verdict.reason,
            attempts: verdict.attempts,
          });
          return true;
        } catch (error) {
          logger.warn('a dead letter could not be kept', { topic, group, error });
          await clock.sleep(buryRetryMs, signal);
        }
      }
      return false;
    },
  };

  async function deliverRecord(
    record: StoredRecord,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Verdict> {
    try {
      return await options.deliver({ payload: payloadOf(record), attempt }, signal);
    } catch (error) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { kind: 'dead-letter', reason: `cannot be read: ${what}`, attempts: attempt };
    }
  }
}

/** Its turn came when we were asked to finish: it stays for whoever has the partition next. */
const notNow = (attempt: number): Verdict => ({
  kind: 'retry',
  delayMs: 0,
  reason: 'stopping',
  attempts: attempt - 1,
});
