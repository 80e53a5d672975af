import type { EventBus } from '@counterfoil/event-bus';
import {
  postgresInbox,
  providersFrom,
  type Quarantine,
  quarantine,
} from '@counterfoil/ingest-gateway';
import { providerAdapters } from '@counterfoil/providers';
import { type Books, withBooks, withBus } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';
import { type QuarantineFilter, selectionOf } from './quarantine.ts';

/** Progress comes after so many. */
const pageSize = 100;

type Retried = Readonly<{ published: number; refused: number }>;

/** Translates one delivery again, or those that the filter chooses; posts nothing twice. */
export async function retryQuarantine(
  command: CommandEnvironment,
  id: string | undefined,
  options: QuarantineFilter & Readonly<{ all?: boolean; json?: boolean }>,
): Promise<void> {
  const { output } = command;
  const { all = false, json, ...filter } = options;
  const isChosen = all || Object.keys(filter).length > 0;
  if ((id !== undefined) === isChosen) {
    output.aside('Name the id of a delivery, or filters, or --all.');
    return command.fail(2);
  }
  const result = await withBooks(command, (books) =>
    withBus(command, books, (bus) => {
      const quarantined = quarantineOf(command, books, bus);
      return id === undefined ? retryEach(command, quarantined, filter) : retryOne(quarantined, id);
    }),
  );
  if ('code' in result) {
    command.fail(1);
    return json ? output.json(result) : output.line(`${result.code}: ${result.message}`);
  }
  if (json) return output.json(result);
  output.line(`${result.published} translated and published, ${result.refused} still refused`);
}

async function retryOne({ retry }: Quarantine, id: string) {
  const retried = await retry(id);
  if (!retried.ok) return retried.error;
  const isRefused = retried.value.status === 'quarantined';
  return { published: isRefused ? 0 : 1, refused: isRefused ? 1 : 0 };
}

async function retryEach(
  { output, signal }: CommandEnvironment,
  { retryPage }: Quarantine,
  filter: QuarantineFilter,
): Promise<Retried> {
  let [published, refused] = [0, 0];
  for (let after: string | null = null; ; ) {
    const page = await retryPage(selectionOf(filter), { after, limit: pageSize });
    published += page.published;
    refused += page.refused;
    after = page.after;
    if (after === null || signal.aborted) break;
    output.progress(`${published} translated and published, ${refused} still refused`);
  }
  output.progress('');
  return { published, refused };
}

const quarantineOf = (
  { clock, logger }: CommandEnvironment,
  { config, database }: Books,
  bus: EventBus,
): Quarantine =>
  quarantine({
    inbox: postgresInbox(database),
    bus,
    adapters: providerAdapters(providersFrom(config)),
    clock,
    logger,
  });
