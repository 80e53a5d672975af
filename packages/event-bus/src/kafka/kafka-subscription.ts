import { backoffMs, chanceOf } from '@counterfoil/runtime';
import { deferred } from './deferred.ts';
import { type GroupMember, groupMember, type GroupMemberOptions } from './group-member.ts';
import { within } from './within.ts';

export type KafkaSubscriptionOptions = Omit<GroupMemberOptions, 'settled'>;

export interface KafkaSubscription {
  /** Why no messages arrive now; null when the group is joined. */
  readonly fault: () => unknown;
  readonly stop: () => Promise<void>;
}

const faultBackoff = { delayMsFirst: 200, delayMsMax: 5_000 };
/** An outage is told once, and now and then while it lasts. */
const reportEvery = 20;
/** A caller is not kept longer: the subscription goes on trying. */
const firstJoinTimeoutMs = 30_000;

/** A member of the group for as long as it is wanted: one that ends is followed by a new one. */
export async function startKafkaSubscription(
  options: KafkaSubscriptionOptions,
): Promise<KafkaSubscription> {
  const { clock, logger, groupId, topic } = options;
  const stopping = new AbortController();
  const [firstJoin, joinedFirst] = deferred<void>();
  let member = join(() => Promise.resolve());
  let fault: unknown = new Error('The group is not joined yet');
  let failures = 0;
  const loop = keepMembership();
  await within(firstJoinTimeoutMs, firstJoin, clock);

  return {
    fault: () => fault,
    stop: async () => {
      stopping.abort();
      await member.leave();
      await loop;
    },
  };

  function join(settled: () => Promise<void>): GroupMember {
    const fresh = groupMember({ ...options, settled });
    void fresh.joined.then(() => {
      fault = null;
      failures = 0;
      joinedFirst();
    });
    return fresh;
  }

  async function keepMembership(): Promise<void> {
    for (;;) {
      const error = await member.ended;
      if (stopping.signal.aborted) return;
      fault = error;
      const { settled } = member;
      // Its handlers are told to finish now; their partitions may be others' already.
      const isSettled = settled();
      if (failures++ % reportEvery === 0)
        logger.warn('a bus subscription was interrupted and joins again', {
          groupId,
          topic,
          failures,
          error,
        });
      await clock.sleep(backoffMs(faultBackoff, failures, chanceOf(clock)), stopping.signal);
      if (stopping.signal.aborted) return isSettled;
      member = join(() => isSettled);
    }
  }
}
