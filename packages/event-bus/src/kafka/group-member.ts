import type { Clock, Logger } from '@counterfoil/runtime';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { type AssignedLanesOptions, assignedLanes, type Move } from './assigned-lanes.ts';
import { deferred } from './deferred.ts';
import { kafkaClient, type KafkaConnection, kafkaRetry } from './kafka-client.ts';
import { storedRecord } from './kafka-record.ts';
import { whileBeating } from './while-beating.ts';
import { within } from './within.ts';

export type GroupMemberOptions = Pick<
  AssignedLanesOptions,
  'deliver' | 'bury' | 'recall' | 'settled'
> &
  Readonly<{
    connection: KafkaConnection;
    clock: Clock;
    logger: Logger;
    groupId: string;
    topic: string;
    sessionTimeoutMs: number;
    /** Messages that a partition holds in memory before it is read no further. */
    waitingMax: number;
  }>;

/** One life of a consumer, from its join to its end. */
export interface GroupMember {
  /** Resolves when it shares in the group for the first time. */
  readonly joined: Promise<void>;
  /** Resolves with what ended it, and with null after `leave`. */
  readonly ended: Promise<unknown>;
  /** Lets the handlers finish, commits what they did, and leaves the group. */
  readonly leave: () => Promise<void>;
  /** Resolves when no handler of it runs any more. */
  readonly settled: () => Promise<void>;
}

/** A group forms anew when its slowest member has noticed; handlers go on meanwhile. */
const rebalanceTimeoutMs = 30_000;
/** Also how soon an idle member notices that its group forms anew. */
const fetchWaitMsMax = 500;
const partitionBytesMax = 1_048_576;
/** What is done is committed this soon: what a crash repeats. */
const commitEveryMs = 100;
const lastCommitTries = 5;
const leaveTimeoutMs = 5_000;

export function groupMember(options: GroupMemberOptions): GroupMember {
  const { clock, logger, groupId, topic, sessionTimeoutMs, waitingMax } = options;
  const heartbeatMs = Math.min(2_000, Math.floor(sessionTimeoutMs / 5));
  const consumer = kafkaClient(options.connection, logger).consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    maxWaitTimeInMs: fetchWaitMsMax,
    maxBytesPerPartition: partitionBytesMax,
    allowAutoTopicCreation: false,
    retry: kafkaRetry,
  });
  const paused = new Set<number>();
  const assigned = assignedLanes({
    ...options,
    settleTimeoutMs: Math.floor(sessionTimeoutMs / 3),
    onFinished: resumeDrained,
  });
  const ending = new AbortController();
  const [joined, join] = deferred<void>();
  const [ended, end] = deferred<unknown>();
  let isLeaving = false;
  /** While the group forms, its coordinator answers nobody until the slowest has come. */
  let isForming = true;
  let lastSignAt = clock.monotonic();
  let commit: EachBatchPayload['commitOffsetsIfNecessary'] | null = null;

  void ended.then(() => ending.abort());
  listen();
  start().catch(crash);
  const committing = commitNowAndThen();
  void noticeSilence();
  return { joined, ended, leave, settled: assigned.stop };

  function listen(): void {
    const isAlive = () => {
      lastSignAt = clock.monotonic();
    };
    consumer.on(consumer.events.REBALANCING, () => {
      isAlive();
      isForming = true;
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      isAlive();
      isForming = false;
      const partitions = payload.memberAssignment[topic] ?? [];
      assigned.assign(payload.memberId, partitions);
      // kafkajs remembers what was paused, also of a partition that left and came back.
      paused.clear();
      if (!isLeaving) consumer.resume([{ topic }]);
      join();
    });
    consumer.on(consumer.events.FETCH, isAlive);
    consumer.on(consumer.events.HEARTBEAT, isAlive);
    // Without a restart kafkajs stops here for ever, and says it nowhere else.
    consumer.on(consumer.events.CRASH, ({ payload }) => crash(payload.error));
  }

  async function start(): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: takeBatch });
  }

  /**
   * Only hands the batch to its lane: fetching and heartbeats go on while handlers work. A lane that
   * is full pauses its partition.
   */
  async function takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    // Without the retries of the consumer's own commit, which would go on after a partition is lost.
    commit = (offsets) => payload.commitOffsetsIfNecessary(offsets);
    const lane = await whileBeating(assigned.laneOf(batch.partition), {
      clock,
      everyMs: heartbeatMs,
      beat: () => payload.heartbeat(),
    });
    const last = batch.messages.at(-1);
    if (!lane || !last || isLeaving || !payload.isRunning() || payload.isStale()) return;
    const records = batch.messages.map((each) => storedRecord(topic, batch.partition, each));
    lane.accept(records, BigInt(batch.lastOffset()));
    payload.resolveOffset(last.offset);
    if (lane.waitingCount() >= waitingMax) {
      paused.add(batch.partition);
      payload.pause();
    }
    await payload.heartbeat();
  }

  function resumeDrained(): void {
    if (paused.size === 0 || isLeaving || ending.signal.aborted) return;
    for (const [partition, lane] of assigned.lanes()) {
      if (!paused.has(partition) || lane.waitingCount() > waitingMax / 2) continue;
      paused.delete(partition);
      consumer.resume([{ topic, partitions: [partition] }]);
    }
  }

  async function commitNowAndThen(): Promise<void> {
    while (!ending.signal.aborted && !isLeaving) {
      await clock.sleep(commitEveryMs, ending.signal);
      if (ending.signal.aborted || isLeaving) return;
      await commitMoves().catch((error: unknown) => {
        logger.debug('a group could not commit and tries again', { groupId, error });
      });
    }
  }

  /** Beside the commits, which wait for their answer on a connection that may be half open. */
  async function noticeSilence(): Promise<void> {
    while (!ending.signal.aborted) {
      await clock.sleep(heartbeatMs, ending.signal);
      const silenceMs = clock.monotonic() - lastSignAt;
      // After its session a member is out of the group: waiting longer brings nothing back.
      if (silenceMs > sessionTimeoutMs + (isForming ? rebalanceTimeoutMs : 0))
        crash(new Error(`The consumer has shown no sign of life for ${Math.round(silenceMs)} ms`));
    }
  }

  /** Lanes that are ours only; after a rebalance under way the broker refuses, and so it should. */
  async function commitMoves(): Promise<void> {
    const moves = assigned.moves();
    if (moves.length === 0 || commit === null) return;
    const partitions = moves.map(({ partition, committed }: Move) => ({ partition, ...committed }));
    await commit({ topics: [{ topic, partitions }] });
    for (const move of moves) move.confirm();
  }

  function crash(error: unknown): void {
    end(error);
    void disconnect(consumer, clock);
  }

  async function leave(): Promise<void> {
    isLeaving = true;
    // Else it fetches the same messages over and over while the handlers finish.
    pauseAll(consumer, topic);
    await assigned.stop();
    await within(leaveTimeoutMs, committing, clock);
    for (let attempt = 1; attempt <= lastCommitTries && !ending.signal.aborted; attempt++) {
      try {
        await commitMoves();
        break;
      } catch (error) {
        logger.debug('a leaving member could not commit', { groupId, attempt, error });
        await clock.sleep(commitEveryMs * attempt, ending.signal);
      }
    }
    end(null);
    await disconnect(consumer, clock);
  }
}

/** A consumer that never ran has nothing to pause. */
function pauseAll(consumer: Consumer, topic: string): void {
  try {
    consumer.pause([{ topic }]);
  } catch {
    // It holds no messages then.
  }
}

/** kafkajs may wait here for a broker that is gone. */
const disconnect = (consumer: Consumer, clock: Clock): Promise<void> =>
  within(
    leaveTimeoutMs,
    consumer.disconnect().catch(() => {}),
    clock,
  );
