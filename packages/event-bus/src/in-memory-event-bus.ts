import type { Clock } from '@counterfoil/runtime';
import { deliverTo } from './deliver.ts';
import type { EventBus } from './event-bus.ts';
import {
  type Group,
  groupOf,
  type InMemoryBroker,
  inMemoryBroker,
  inMemoryDeadLetters,
  leave,
  logOf,
  type Member,
  publishTo,
  pump,
} from './in-memory-broker.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts';

export type InMemoryEventBusOptions = Readonly<{
  clock: Clock;
  /** Shared by the buses of several simulated processes. */
  broker?: InMemoryBroker;
  policy?: RetryPolicy;
  /** Whether a handler's throw says that a server is away: then no attempt is counted. */
  isUnavailable?: (error: unknown) => boolean;
}>;

export interface InMemoryEventBus extends EventBus {
  /** Ends this process's subscriptions at once: what they handle now is delivered to other members. */
  readonly crash: () => void;
}

/** A complete bus without a server: for tests, simulation, and a system that may forget. */
export function inMemoryEventBus(options: InMemoryEventBusOptions): InMemoryEventBus {
  const { clock } = options;
  const broker = options.broker ?? inMemoryBroker();
  const policy = options.policy ?? defaultRetryPolicy;
  const memberships: Readonly<{ group: Group; member: Member }>[] = [];

  return {
    publish: async (topic, messages) => publishTo(broker, clock, topic, messages),
    subscribe: async (topic, { group: name, handle }) => {
      const group = groupOf(broker, topic.name, name);
      const member: Member = {
        deliver: deliverTo(topic, handle, { ...options, policy }),
        stop: new AbortController(),
        handlings: new Set(),
      };
      group.members.push(member);
      memberships.push({ group, member });
      pump(broker, clock, group);
      return {
        [Symbol.asyncDispose]: async () => {
          leave(broker, clock, { group, member, isCrash: false });
          await Promise.all(member.handlings);
        },
      };
    },
    lag: async (topicName, name) => {
      const log = logOf(broker, topicName);
      const queues = log.groups.get(name)?.queues.values();
      return queues
        ? [...queues].reduce((sum, queue) => sum + queue.length, 0)
        : log.retained.length;
    },
    deadLetters: inMemoryDeadLetters(broker, clock),
    crash: () => {
      for (const { group, member } of memberships.splice(0))
        leave(broker, clock, { group, member, isCrash: true });
    },
  };
}
