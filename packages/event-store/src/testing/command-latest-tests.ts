import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { commandHandler } from '../command-handler.ts';
import type { EventStore } from '../event-store.ts';
import { add, counterCategory } from './counter.ts';
import { faultyEventStore } from './faulty-event-store.ts';

const category = counterCategory;
const uuid = () => randomUUID();

/** Part of the command handler's contract: who asks for the latest gets what others have appended. */
export function latestTests(store: () => EventStore, other: () => EventStore): void {
  test('the latest state is read from the store, and known from then on', async () => {
    const id = uuid();
    const stale = commandHandler({ store: store(), category });
    expect((await stale.load(id)).total).toBe(0);
    await commandHandler({ store: other(), category }).handle(id, add(uuid(), { amount: 5 }));
    expect((await stale.load(id)).total).toBe(0);
    expect((await stale.loadLatest(id)).total).toBe(5);
    expect((await stale.load(id)).total).toBe(5);
  });

  test('a reading that began before the latest was asked for is not the answer', async () => {
    const id = uuid();
    const slow = slowAnswers(store(), 'readStream');
    const stale = commandHandler({ store: slow.store, category });
    const early = stale.load(id);
    await slow.waiting();
    await commandHandler({ store: other(), category }).handle(id, add(uuid(), { amount: 5 }));
    const latest = [stale.loadLatest(id), stale.loadLatest(id), stale.loadLatest(id)];
    slow.release();
    expect((await early).total).toBe(0);
    expect((await Promise.all(latest)).map(({ total }) => total)).toEqual([5, 5, 5]);
    // They share the second one.
    expect(slow.calls()).toBe(2);
  });

  test('commands go on while the latest is asked for without end', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    let isDone = false;
    const ask = async () => {
      while (!isDone) await handler.loadLatest(id);
    };
    const asking = [ask(), ask(), ask()];
    const results = await Promise.all(
      Array.from({ length: 20 }, () => handler.handle(id, add(uuid(), { atMost: 15 }))),
    );
    isDone = true;
    await Promise.all(asking);
    expect(results.filter(({ ok }) => ok)).toHaveLength(15);
    expect((await handler.load(id)).total).toBe(15);
  });

  test('an append that a reading did not see is not forgotten by it', async () => {
    const id = uuid();
    const faulty = faultyEventStore(store());
    const slow = slowAnswers(faulty, 'readStream');
    const handler = commandHandler({ store: slow.store, category });
    slow.release();
    await handler.load(id);
    slow.hold();
    const send = faulty.hold();
    const added = handler.handle(id, add(uuid()));
    const latest = handler.loadLatest(id);
    await slow.waiting();
    send();
    await added;
    slow.release();
    expect((await latest).total).toBe(1);
    expect((await handler.load(id)).total).toBe(1);
  });

  test('a rejection is decided anew when the latest turns out to be another', async () => {
    const id = uuid();
    const slow = slowAnswers(store(), 'appendToStream');
    const handler = commandHandler({ store: slow.store, category });
    await handler.load(id);
    const first = handler.handle(id, add(uuid(), { amount: 9 }));
    await slow.waiting();
    // Stored, and not answered: meanwhile another process takes it back.
    await commandHandler({ store: other(), category }).handle(id, add(uuid(), { amount: -9 }));
    const second = handler.handle(id, add(uuid(), { amount: 5, atMost: 10 }));
    expect((await handler.loadLatest(id)).total).toBe(0);
    slow.release();
    expect(await first).toMatchObject({ value: { version: 1n } });
    expect(await second).toMatchObject({ ok: true, value: { version: 3n } });
  });
}

/** What the store was asked is done at once; the answers wait, until `release`. */
function slowAnswers(store: EventStore, what: 'readStream' | 'appendToStream') {
  let open = () => {};
  let gate = Promise.resolve();
  const hold = () => {
    gate = new Promise((resolve) => {
      open = resolve;
    });
  };
  hold();
  let calls = 0;
  let waiting = 0;
  const held = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    calls += 1;
    await answer;
    waiting += 1;
    await gate;
    waiting -= 1;
    return answer;
  };
  const slow: EventStore = {
    ...store,
    readStream: (stream, range) => {
      const answer = store.readStream(stream, range);
      return what === 'readStream' ? held(answer) : answer;
    },
    appendToStream: (request) => {
      const answer = store.appendToStream(request);
      return what === 'appendToStream' ? held(answer) : answer;
    },
  };
  return {
    store: slow,
    calls: () => calls,
    hold,
    release: () => open(),
    waiting: () => expect.poll(() => waiting).toBe(1),
  };
}
