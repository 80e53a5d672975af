import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { postgresDatabase, systemClock } from '@counterfoil/runtime';
import { commandHandler } from '../command-handler.ts';
import { postgresEventStore } from '../postgres/postgres-event-store.ts';
import { add, counterCategory } from './counter.ts';

export type WritingInput = Readonly<{
  url: string;
  /** The counter that all processes add one to, `commands` times each. */
  sharedId: string;
  commands: number;
  /** When to begin, so that processes which took their time to start do race. */
  startAt: number;
}>;

/** The shared counter's totals, as the process saw its own commands lead to them. */
export type WritingOutput = Readonly<{ totals: readonly number[] }>;

/**
 * What one of several processes does that write to one log.
 * @public `run-module.mjs` calls it.
 */
export async function main(input: WritingInput): Promise<WritingOutput> {
  const clock = systemClock();
  const database = postgresDatabase({
    url: input.url,
    connectionsMax: 4,
    applicationName: 'counterfoil-writing-process',
  });
  const store = postgresEventStore({ database, clock });
  const options = { store, category: counterCategory, conflictRetriesMax: 500 };
  const handler = commandHandler(options);
  await clock.sleep(Math.max(0, input.startAt - clock.now()));
  const results = await Promise.all(
    Array.from({ length: input.commands }, async (_, n) => {
      // In waves, so that the processes' appends meet again and again.
      await clock.sleep(n * 2);
      const [shared] = await Promise.all([
        handler.handle(input.sharedId, add(randomUUID())),
        handler.handle(randomUUID(), add(randomUUID(), { twice: true })),
      ]);
      return shared;
    }),
  );
  await database.close();
  return {
    totals: results.flatMap((result) =>
      result.ok
        ? result.value.events.map((event) => (event.type === 'Added' ? event.data.total : 0))
        : [],
    ),
  };
}

export async function writingProcess(input: WritingInput): Promise<WritingOutput> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL('./run-module.mjs', import.meta.url)),
    fileURLToPath(import.meta.url),
    JSON.stringify(input),
  ]);
  return JSON.parse(stdout) as WritingOutput;
}
