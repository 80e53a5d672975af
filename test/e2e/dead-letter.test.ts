import { fileURLToPath } from 'node:url';
import type { CanonicalEvent } from '@counterfoil/domain';
import { canonicalTopic, consumerGroup, type EventBus } from '@counterfoil/event-bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { driftOf } from '../support/drift.ts';
import { joinedBus } from '../support/joined-bus.ts';
import { commandLine } from '../support/command-line.ts';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';
import { type TestedBus, testedBuses } from '../support/tested-buses.ts';

// The first start of a broker may fetch its jars.
const startTimeoutMs = 180_000;
const timeoutMs = 60_000;
const sample = fileURLToPath(
  new URL(
    '../fixtures/samples/cryptomate/constructed/c/cards-deposit-success.json',
    import.meta.url,
  ),
);

type Letter = Readonly<{
  id: string;
  group: string;
  key: string;
  eventId: string;
  type: string | null;
  reason: string;
  attempts: number;
  failedAt: string;
  message: object;
}>;

describe.each(await testedBuses('counterfoil dead-letter'))(
  'counterfoil dead-letter on $bus',
  ({ missing, start }) => {
    describe.skipIf(missing !== null)('', () => holdCommand(start));
  },
);

function holdCommand(start: TestedBus['start']): void {
  let broker: Awaited<ReturnType<typeof start>>;
  let system: RunningSystem;
  let bus: EventBus;
  let joined: ReturnType<typeof joinedBus>;
  let stopConsumer: () => PromiseLike<void>;
  let isRepaired = false;
  const given: CanonicalEvent[] = [];

  beforeAll(async () => {
    broker = await start();
    system = await runningSystem(broker.variables);
    joined = joinedBus(system);
    bus = joined.bus;
    const subscription = await bus.subscribe(canonicalTopic, {
      group: consumerGroup('accounting'),
      handle: async ({ message }) => {
        given.push(message);
        return isRepaired ? { kind: 'ack' } : { kind: 'dead-letter', reason: 'no such ledger' };
      },
    });
    stopConsumer = () => subscription[Symbol.asyncDispose]();
  }, startTimeoutMs);

  afterAll(async () => {
    await stopConsumer?.();
    await joined?.stop();
    await system?.stop();
    await broker?.stop();
  }, startTimeoutMs);

  const counterfoil = (...args: readonly string[]) =>
    commandLine(system.environment).run('dead-letter', ...args);

  async function json<Value>(...args: readonly string[]): Promise<Value> {
    const { stdout } = await counterfoil(...args, '--json');
    expect(stdout).toHaveLength(1);
    return JSON.parse(stdout[0] ?? '') as Value;
  }

  const until = (condition: () => boolean | Promise<boolean>) =>
    expect.poll(condition, { timeout: timeoutMs / 2, interval: 100 }).toBe(true);

  async function waiting(count: number): Promise<readonly Letter[]> {
    await until(async () => (await json<Letter[]>('list')).length === count);
    return json('list');
  }

  test(
    'shows what a consumer gave up on, and why',
    async () => {
      expect(await counterfoil('list')).toMatchObject({
        stdout: [expect.any(String)],
        exitCode: 0,
      });
      await commandLine(system.environment).run(
        'send',
        sample,
        '--provider',
        'cryptomate',
        '--to',
        system.url,
      );
      const [letter] = await waiting(1);
      const [event] = given;
      expect(letter).toEqual({
        id: expect.any(String),
        topic: 'counterfoil.canonical.v1',
        group: 'accounting',
        key: event && canonicalTopic.keyOf(event),
        eventId: event?.eventId,
        type: `counterfoil.canonical.${event?.type}`,
        reason: 'no such ledger',
        attempts: 1,
        failedAt: expect.stringMatching(/Z$/),
        isWhole: true,
        message: event && canonicalTopic.encode(event),
      });
      const { stdout } = await counterfoil('list');
      for (const shown of [letter?.id, letter?.key, letter?.eventId, letter?.type, letter?.reason])
        expect(stdout[1]).toContain(shown);
    },
    timeoutMs,
  );

  test(
    'gives one again as it was, to its consumer only',
    async () => {
      const [letter] = await waiting(1);
      isRepaired = true;
      const retry = () => counterfoil('retry', letter?.id ?? '', '--json');
      const first = await retry();
      expect([first.exitCode, JSON.parse(first.stdout[0] ?? '')]).toEqual([
        0,
        { retried: [letter?.id], gone: [], notWhole: [] },
      ]);
      await until(() => given.length === 2);
      expect(given[1]).toEqual(given[0]);
      const again = await retry();
      expect([again.exitCode, JSON.parse(again.stdout[0] ?? '')]).toEqual([
        1,
        { retried: [], gone: [letter?.id], notWhole: [] },
      ]);
      expect(await json('list')).toEqual([]);
      const group = consumerGroup('ledger-writer');
      await until(async () => (await bus.lag(canonicalTopic.name, group)) === 0);
      expect(await driftOf(system.database)).toEqual({ drift: 0, firstDrift: null });
    },
    timeoutMs,
  );

  test(
    'gives all again that a filter finds, and leaves the others',
    async () => {
      isRepaired = true;
      const [event] = given;
      if (!event) throw new Error('nothing was given');
      // What nobody can read is a dead letter of every group at once, however often it is given.
      const strange = { ...canonicalTopic, encode: () => ({ type: 'a.strange.Thing' }) };
      await bus.publish(strange, [event]);
      const letters = await waiting(2);
      expect(letters.map(({ group }) => group).toSorted()).toEqual(['accounting', 'ledger-writer']);
      expect(letters[0]?.reason).toMatch(/^cannot be read: /);
      for (const filter of [
        ['--type', 'Thing'],
        ['--type', 'a.strange.Thing'],
        ['--key', letters[0]?.key ?? ''],
      ])
        expect(await json('list', ...filter)).toHaveLength(2);
      for (const filter of [
        ['--type', 'strange'],
        ['--key', 'x'],
        ['--topic', 'x'],
        ['--group', 'x'],
      ])
        expect(await json('list', ...filter)).toEqual([]);
      const nothing = await json('retry', '--all', '--type', 'Other');
      expect(nothing).toEqual({ retried: [], gone: [], notWhole: [] });
      const ofGroup = letters.filter(({ group }) => group === 'accounting').map(({ id }) => id);
      const retried = await json('retry', '--all', '--group', 'accounting', '--type', 'Thing');
      expect(retried).toEqual({ retried: ofGroup, gone: [], notWhole: [] });
      // It cannot be read now either: it comes back under another id, after the one that was left.
      const left = await waiting(2);
      expect(left.map(({ group }) => group)).toEqual(['ledger-writer', 'accounting']);
      expect(ofGroup).not.toContain(left[1]?.id);
      const { stdout } = await counterfoil('retry', '--all');
      expect(stdout).toEqual(['2 published again for their groups']);
    },
    timeoutMs,
  );

  test(
    'shows the oldest of very many, and gives all of them again',
    async () => {
      const [event] = given;
      if (!event) throw new Error('nothing was given');
      // More than a page of the bus, and each of a key of its own, so that they fail side by side.
      const count = 1_001;
      let keys = 0;
      const strange = {
        ...canonicalTopic,
        keyOf: () => `key-${keys++}`,
        encode: () => ({ type: 'a.strange.Crowd' }),
      };
      await bus.publish(strange, [event, ...Array.from({ length: count - 1 }, () => event)]);
      const group = consumerGroup('accounting');
      await until(async () => (await bus.lag(canonicalTopic.name, group)) === 0);
      const filter = ['--group', 'accounting', '--type', 'Crowd'];
      const listed = await counterfoil('list', ...filter, '--json');
      expect(JSON.parse(listed.stdout[0] ?? '')).toHaveLength(500);
      expect(listed.stderr).toEqual(['These are the oldest 500; there are more.']);
      const { retried } = await json<{ retried: string[] }>('retry', '--all', ...filter);
      expect(new Set(retried).size).toBe(count);
    },
    timeoutMs,
  );

  test('asks for either an id or all, and for a bus that others reach', async () => {
    for (const args of [['retry'], ['retry', '17', '--all']])
      expect(await counterfoil(...args)).toMatchObject({ stdout: [], exitCode: 2 });
    const inMemory = { ...system.environment, EVENT_BUS: 'memory' };
    for (const command of ['dead-letter', 'quarantine'])
      await expect(commandLine(inMemory).run(command, 'retry', '--all')).rejects.toThrow(
        'EVENT_BUS=memory',
      );
  });
}
