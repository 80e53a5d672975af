import { type ModelName, modelNames, rebuild } from '@counterfoil/read-models';
import { withBooks } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';

/** Derives read models from the log beside the serving ones, then swaps them in. */
export async function rebuildModels(
  command: CommandEnvironment,
  model: string | undefined,
  options: Readonly<{ all?: boolean; json?: boolean }>,
): Promise<void> {
  const { output, clock } = command;
  const wanted = wantedModels(model, options.all ?? false);
  if (wanted === null) {
    output.aside(`Name one of ${modelNames.join(', ')}, or --all, and not both.`);
    return command.fail(2);
  }
  const results = await withBooks(command, async ({ database, store }) => {
    const done: { model: ModelName; events: number; position: string }[] = [];
    for (const name of wanted) {
      const { events, position } = await rebuild({ store, database, clock }, name, {
        signal: command.signal,
        onProgress: (progress) =>
          output.progress(
            `${name}: ${progress.events} events, at ${progress.position} of ${progress.head}`,
          ),
      });
      done.push({ model: name, events, position });
    }
    return done;
  });
  if (options.json) return output.json(results);
  output.table(
    ['read model', 'events', 'position'],
    results.map((result) => [result.model, String(result.events), result.position]),
  );
}

function wantedModels(model: string | undefined, all: boolean): readonly ModelName[] | null {
  if (all) return model === undefined ? modelNames : null;
  const found = modelNames.find((name) => name === model);
  return found ? [found] : null;
}
