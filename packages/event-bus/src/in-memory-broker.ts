import { instant, type JsonObject, type NonEmpty } from '@counterfoil/domain';
import type { Clock } from '@counterfoil/runtime';
import type { Deliver } from './deliver.ts';
import type { DeadLetter, DeadLetters, Topic } from './event-bus.ts';
import { deadLetterPage } from './dead-letter-page.ts';
import { partitionOf } from './partition-of.ts';
import type { Verdict } from './retry-policy.ts';
import { deadLetterTopic } from './topics.ts';

/** What outlives a simulated process: the messages, and how far each group has come. */
export type InMemoryBroker = {
  readonly topics: Map<string, TopicLog>;
  readonly deadLetters: Map<string, DeadLetter>;
  deadLettersMade: number;
};

type TopicLog = { retained: Message[]; readonly groups: Map<string, Group> };
type Message = Readonly<{ key: string; messageId: string; payload: JsonObject }>;
type Entry = Readonly<{ message: Message; attempts: number }>;

export type Group = {
  readonly topic: string;
  readonly name: string;
  /** By key, in order; the first of a queue is the one that is handled. */
  readonly queues: Map<string, Entry[]>;
  /** Keys whose first entry may be handled, in the order in which they became so. */
  ready: string[];
  /** Which member handles a key now. */
  readonly running: Map<string, Member>;
  readonly members: Member[];
};

export type Member = Readonly<{
  deliver: Deliver;
  stop: AbortController;
  handlings: Set<Promise<void>>;
}>;

/** Without a group nobody acknowledges: older messages than these are dropped. */
const retainedMax = 100_000;
/** Handlers that one subscription runs at a time. */
const concurrencyMax = 64;

export const inMemoryBroker = (): InMemoryBroker => ({
  topics: new Map(),
  deadLetters: new Map(),
  deadLettersMade: 0,
});

export function logOf(broker: InMemoryBroker, topic: string): TopicLog {
  const log = broker.topics.get(topic) ?? { retained: [], groups: new Map() };
  broker.topics.set(topic, log);
  return log;
}

/** A group that is new takes over what was kept for whoever comes first. */
export function groupOf(broker: InMemoryBroker, topic: string, name: string): Group {
  const log = logOf(broker, topic);
  const known = log.groups.get(name);
  if (known) return known;
  const queues = new Map<string, Entry[]>();
  const group: Group = { topic, name, queues, ready: [], running: new Map(), members: [] };
  log.groups.set(name, group);
  for (const message of log.retained.splice(0)) enqueue(group, message);
  return group;
}

export function publishTo<Value>(
  broker: InMemoryBroker,
  clock: Clock,
  topic: Topic<Value>,
  values: NonEmpty<Value>,
): void {
  const log = logOf(broker, topic.name);
  for (const value of values) {
    const message = {
      key: topic.keyOf(value),
      messageId: topic.idOf(value),
      payload: topic.encode(value),
    };
    for (const group of log.groups.values()) enqueue(group, message);
    if (log.groups.size === 0) log.retained.push(message);
  }
  if (log.retained.length > retainedMax) log.retained = log.retained.slice(-retainedMax);
  for (const group of log.groups.values()) pump(broker, clock, group);
}

function enqueue(group: Group, message: Message): void {
  const queue = group.queues.get(message.key);
  if (queue) {
    queue.push({ message, attempts: 0 });
    return;
  }
  group.queues.set(message.key, [{ message, attempts: 0 }]);
  group.ready.push(message.key);
}

/** Hands every ready key to the member that it falls to, while that one has a handler free. */
export function pump(broker: InMemoryBroker, clock: Clock, group: Group): void {
  const keys = group.ready;
  group.ready = [];
  for (const key of keys) {
    const member = group.members[partitionOf(key, Math.max(1, group.members.length))];
    const entry = group.queues.get(key)?.[0];
    if (!entry || group.running.has(key)) continue;
    if (!member || member.handlings.size >= concurrencyMax) {
      group.ready.push(key);
      continue;
    }
    group.running.set(key, member);
    const handling: Promise<void> = handleFirst(broker, clock, { group, member, key, entry }).then(
      () => {
        member.handlings.delete(handling);
        pump(broker, clock, group);
      },
    );
    member.handlings.add(handling);
  }
}

/** A member that is gone when its handler ends changes nothing: another one has the message. */
async function handleFirst(
  broker: InMemoryBroker,
  clock: Clock,
  turn: Readonly<{ group: Group; member: Member; key: string; entry: Entry }>,
): Promise<void> {
  const { group, member, key, entry } = turn;
  const { signal } = member.stop;
  const delivery = { payload: entry.message.payload, attempt: entry.attempts + 1 };
  const verdict = await member.deliver(delivery, signal);
  if (group.running.get(key) !== member) return;
  group.running.delete(key);
  if (verdict.kind === 'retry' && !signal.aborted) {
    replaceFirst(group, key, { ...entry, attempts: verdict.attempts });
    void clock.sleep(verdict.delayMs).then(() => {
      group.ready.push(key);
      pump(broker, clock, group);
    });
    return;
  }
  if (verdict.kind !== 'retry') removeFirst(group, key);
  if (verdict.kind === 'dead-letter') bury(broker, clock, { group, entry, verdict });
  if (group.queues.has(key)) group.ready.push(key);
}

function replaceFirst(group: Group, key: string, entry: Entry): void {
  const queue = group.queues.get(key);
  if (queue) queue[0] = entry;
}

function removeFirst(group: Group, key: string): void {
  const queue = group.queues.get(key);
  queue?.shift();
  if (queue?.length === 0) group.queues.delete(key);
}

function bury(
  broker: InMemoryBroker,
  clock: Clock,
  dead: Readonly<{
    group: Group;
    entry: Entry;
    verdict: Extract<Verdict, { kind: 'dead-letter' }>;
  }>,
): void {
  const { group, entry, verdict } = dead;
  const letter: DeadLetter = {
    id: String(++broker.deadLettersMade),
    topic: group.topic,
    group: group.name,
    ...entry.message,
    reason: verdict.reason,
    attempts: verdict.attempts,
    failedAt: instant(clock.now()),
    isWhole: true,
  };
  broker.deadLetters.set(letter.id, letter);
  if (group.topic !== deadLetterTopic.name) publishTo(broker, clock, deadLetterTopic, [letter]);
}

/** Ends a member; what it handles falls to others at once when it crashed, else when it is done. */
export function leave(
  broker: InMemoryBroker,
  clock: Clock,
  left: Readonly<{ group: Group; member: Member; isCrash: boolean }>,
): void {
  const { group, member, isCrash } = left;
  const index = group.members.indexOf(member);
  if (index >= 0) group.members.splice(index, 1);
  if (isCrash)
    for (const [key, handler] of group.running)
      if (handler === member) {
        group.running.delete(key);
        group.ready.push(key);
      }
  member.stop.abort();
  pump(broker, clock, group);
}

export const inMemoryDeadLetters = (broker: InMemoryBroker, clock: Clock): DeadLetters => ({
  list: async ({ topic, group, after, limit } = {}) =>
    [...broker.deadLetters.values()]
      .filter((letter) => topic === undefined || letter.topic === topic)
      .filter((letter) => group === undefined || letter.group === group)
      .filter((letter) => after === undefined || BigInt(letter.id) > BigInt(after))
      .slice(0, deadLetterPage(limit)),
  retry: async (ids) => ids.map((id) => ({ id, outcome: retryOne(broker, clock, id) })),
});

function retryOne(broker: InMemoryBroker, clock: Clock, id: string): 'retried' | 'gone' {
  const letter = broker.deadLetters.get(id);
  if (!letter) return 'gone';
  broker.deadLetters.delete(id);
  const group = groupOf(broker, letter.topic, letter.group);
  const { key, messageId, payload } = letter;
  enqueue(group, { key, messageId, payload });
  pump(broker, clock, group);
  return 'retried';
}
