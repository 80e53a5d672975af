import { randomUUID } from 'node:crypto';
import { commandId } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { commandHandler } from '../command-handler.ts';
import { EventIdReused } from '../event-id-reused.ts';
import type { EventStore } from '../event-store.ts';
import { add, close, counterCategory, type CounterCommand } from './counter.ts';

const category = counterCategory;
const uuid = () => randomUUID();

/** Part of the command handler's contract: a command has its effect once, however often it comes. */
export function idempotenceTests(store: () => EventStore, other: () => EventStore): void {
  test('the same command again gets the first receipt, and records nothing', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    const commands = [add(uuid(), { twice: true }), close(uuid())];
    const first = [];
    for (const command of commands) first.push(await handler.handle(id, command));
    const again = await Promise.all(commands.map((command) => handler.handle(id, command)));
    const elsewhere = commandHandler({ store: other(), category });
    const afresh = await Promise.all(commands.map((command) => elsewhere.handle(id, command)));
    expect(again).toEqual(first);
    expect(afresh).toEqual(first);
    expect((await store().readStream(`counter-${id}`)).version).toBe(3n);
  });

  test('a command that shared its append with others gets its own events again', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    await handler.handle(id, add(uuid()));
    const commands = [add(uuid()), add(uuid(), { twice: true }), add(uuid())];
    const first = await Promise.all(commands.map((command) => handler.handle(id, command)));
    const again = await Promise.all(commands.map((command) => handler.handle(id, command)));
    const told = (results: typeof first) =>
      results.map((each) => each.ok && [each.value.version, each.value.events]);
    expect(told(again)).toEqual(told(first));
  });

  test('the same command twice at once is carried out once', async () => {
    const id = uuid();
    const handler = commandHandler({ store: store(), category });
    const command = add(uuid());
    const [first, second] = await Promise.all([
      handler.handle(id, command),
      handler.handle(id, command),
    ]);
    expect(second).toEqual(first);
    expect((await handler.load(id)).total).toBe(1);
  });

  test('a stale handler that is given a command carried out elsewhere repeats nothing', async () => {
    const id = uuid();
    const stale = commandHandler({ store: store(), category });
    await stale.handle(id, add(uuid()));
    const [known, alsoKnown, fresh] = [add(uuid()), close(uuid()), add(uuid())];
    const ahead = commandHandler({ store: other(), category });
    const first = [await ahead.handle(id, known), await ahead.handle(id, alsoKnown)];
    const again = await Promise.all(
      [known, alsoKnown, fresh].map((command) => stale.handle(id, command)),
    );
    expect(again.slice(0, 2)).toEqual(first);
    expect(again[2]).toMatchObject({ value: { version: 4n } });
  });

  test('a command that another process decides otherwise meanwhile is answered by what that stored', async () => {
    const id = uuid();
    const given = uuid();
    const [command, otherwise] = [add(given, { amount: 5 }), add(given, { amount: 7 })];
    const elsewhere = commandHandler({ store: other(), category });
    const inner = store();
    let appends = 0;
    const handler = commandHandler({
      category,
      store: {
        ...inner,
        appendToStream: async (append) => {
          appends += 1;
          // Its companion is told apart first; then the other process comes between reading and append.
          if (appends === 1) throw new EventIdReused(append.stream, []);
          if (appends === 2) await elsewhere.handle(id, otherwise);
          return inner.appendToStream(append);
        },
      },
    });
    await handler.load(id);
    const [answer] = await Promise.all([
      handler.handle(id, command),
      handler.handle(id, add(uuid())),
    ]);
    expect(answer).toMatchObject({ ok: true, value: { version: 1n } });
    expect((await handler.load(id)).total).toBe(8);
  });

  test('the state after a repeated command is no older than the repeat', async () => {
    const id = uuid();
    const command = add(uuid());
    const stale = commandHandler({ store: store(), category });
    const first = await stale.handle(id, command);
    await commandHandler({ store: other(), category }).handle(id, add(uuid(), { amount: 5 }));
    expect(await stale.handle(id, command)).toEqual(first);
    expect((await stale.load(id)).total).toBe(6);
  });

  test('a command that only the store remembers is answered from the store', async () => {
    const id = uuid();
    const known = [close(uuid()), add(uuid(), { twice: true })];
    const ahead = commandHandler({ store: store(), category });
    const first = [];
    for (const command of known) first.push(await ahead.handle(id, command));
    const handler = forgetfulHandler(store());
    await handler.load(id);
    // The first is alone in its append; the others go out together.
    const results = await Promise.all(
      [add(uuid()), ...known, add(uuid())].map((command) => handler.handle(id, command)),
    );
    expect(results.slice(1, 3)).toEqual(first);
    expect(results).toMatchObject([{ ok: true }, { ok: true }, { ok: true }, { ok: true }]);
    const allKnown = forgetfulHandler(store());
    await allKnown.load(id);
    const again = [close(uuid()), ...known].map((command) => allKnown.handle(id, command));
    expect((await Promise.all(again)).slice(1)).toEqual(first);
    expect((await store().readStream(`counter-${id}`)).version).toBe(6n);
  });
}

/** Its decider would carry out every command again, and its first reading shows nobody's commands. */
function forgetfulHandler(store: EventStore) {
  const decider = {
    ...category.decider,
    decide: (command: CounterCommand) =>
      category.decider.decide(command, category.decider.initialState),
  };
  let isFirst = true;
  const readStream: EventStore['readStream'] = async (stream, range) => {
    const page = await store.readStream(stream, range);
    if (!isFirst) return page;
    isFirst = false;
    const events = page.events.map((each) => ({ ...each, causationId: commandId(uuid()) }));
    return { ...page, events };
  };
  return commandHandler({ store: { ...store, readStream }, category: { ...category, decider } });
}
