import type { OutgoingRecord } from './kafka-record.ts';

/** In one request. Brokers take a megabyte; the rest is left for what the request adds. */
const requestRecordsMax = 500;
const requestBytesMax = 900_000;
/** What waits here; further callers wait outside, with their messages. */
const queuedBytesMax = 16_000_000;
/** Below the megabyte that brokers take by default. */
const recordBytesMax = 1_000_000;

/** One caller's messages, in parts that fit a request. */
export type SendCall = { partsLeft: number; isFailed: boolean; readonly settled: Settled };
type Settled = Readonly<{ resolve: () => void; reject: (error: unknown) => void }>;
export type Waiting = Readonly<{
  call: SendCall;
  records: readonly OutgoingRecord[];
  bytes: number;
}>;

export interface SendQueue {
  /** Resolves when every part was settled without an error; waits for room first, in turn. */
  readonly add: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** What goes out together next; empty when nothing waits. */
  readonly next: () => readonly Waiting[];
  /** After an error the further parts of the same call are not sent: they would overtake it. */
  readonly settle: (waiting: Waiting, error: unknown) => void;
  readonly failAll: (error: unknown) => void;
}

/** Larger than what a broker takes; whoever published it must make it smaller. */
export class MessageTooLarge extends Error {
  override readonly name = 'MessageTooLarge';
}

/** The bounded queue in front of a producer. First in, first out, over all topics. */
export function sendQueue(): SendQueue {
  const queue: Waiting[] = [];
  const outside: (readonly Waiting[])[] = [];
  let queuedBytes = 0;

  const enter = (parts: readonly Waiting[]): void => {
    for (const part of parts) {
      queuedBytes += part.bytes;
      queue.push(part);
    }
  };
  const settle = ({ call }: Waiting, error: unknown): void => {
    call.partsLeft--;
    if (error !== null) fail(call, error);
    else if (call.partsLeft === 0) call.settled.resolve();
  };

  return {
    settle,
    add: async (records) => {
      const parts = partsOf(records);
      await new Promise<void>((resolve, reject) => {
        const call = { partsLeft: parts.length, isFailed: false, settled: { resolve, reject } };
        const waiting = parts.map((part) => ({ call, ...part }));
        // Whoever waits outside already is served first.
        if (queuedBytes < queuedBytesMax && outside.length === 0) enter(waiting);
        else outside.push(waiting);
      });
    },
    next: () => {
      const batch: Waiting[] = [];
      let count = 0;
      let bytes = 0;
      for (let first = queue[0]; first; first = queue[0]) {
        count += first.records.length;
        bytes += first.bytes;
        const isFull = count > requestRecordsMax || bytes > requestBytesMax;
        if (isFull && batch.length > 0) break;
        queue.shift();
        queuedBytes -= first.bytes;
        if (!first.call.isFailed) batch.push(first);
      }
      while (queuedBytes < queuedBytesMax && outside.length > 0) enter(outside.shift() ?? []);
      return batch;
    },
    failAll: (error) => {
      for (const { call } of [...queue.splice(0), ...outside.splice(0).flat()]) fail(call, error);
      queuedBytes = 0;
    },
  };
}

function fail(call: SendCall, error: unknown): void {
  if (!call.isFailed) call.settled.reject(error);
  call.isFailed = true;
}

/** Throws before anything is queued when a message fits no request. */
function partsOf(
  records: readonly OutgoingRecord[],
): readonly Readonly<{ records: readonly OutgoingRecord[]; bytes: number }>[] {
  const parts: { records: OutgoingRecord[]; bytes: number }[] = [];
  for (const record of records) {
    if (record.bytes > recordBytesMax)
      throw new MessageTooLarge(
        `A message of ${record.bytes} bytes for ${record.topic} is more than Kafka takes`,
      );
    const last = parts.at(-1);
    const isFitting =
      last !== undefined &&
      last.records.length < requestRecordsMax &&
      last.bytes + record.bytes <= requestBytesMax;
    if (!isFitting) parts.push({ records: [record], bytes: record.bytes });
    else {
      last.records.push(record);
      last.bytes += record.bytes;
    }
  }
  return parts;
}
