import { instantText, type ProviderName } from '@counterfoil/domain';
import type { EventBus } from '@counterfoil/event-bus';
import { postgresInbox, providersFrom, quarantine } from '@counterfoil/ingest-gateway';
import { providerAdapters } from '@counterfoil/providers';
import { type Books, withBooks, withBus } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';

const pageSize = 500;

/** What was authentic and not understood, newest first, with why. */
export async function listQuarantine(
  command: CommandEnvironment,
  options: Readonly<{ provider?: ProviderName; json?: boolean }>,
): Promise<void> {
  const { output } = command;
  const rows = await withBooks(command, ({ database }) =>
    postgresInbox(database).list({
      status: 'quarantined',
      provider: options.provider ?? null,
      before: null,
      limit: pageSize,
    }),
  );
  if (options.json)
    return output.json(rows.map((row) => ({ ...row, receivedAt: instantText(row.receivedAt) })));
  output.table(
    ['id', 'provider', 'received', 'code', 'path', 'why'],
    rows.map(({ id, provider: name, receivedAt, reason }) => [
      id,
      name,
      instantText(receivedAt),
      reason?.code ?? '',
      reason?.path ?? '',
      reason?.message ?? '',
    ]),
  );
}

/** Translates one delivery again, or all of a provider or reason; posts nothing twice. */
export async function retryQuarantine(
  command: CommandEnvironment,
  id: string | undefined,
  options: Readonly<{ all?: boolean; provider?: ProviderName; code?: string; json?: boolean }>,
): Promise<void> {
  const { output } = command;
  if (id === undefined && !options.all) {
    output.aside('Name the id of a delivery, or --all (with --provider or --code to narrow it).');
    return command.fail(2);
  }
  const { provider = null, code = null } = options;
  const result = await withBooks(command, (books) =>
    withBus(command, books, async (bus) => {
      const quarantined = quarantineOf(command, books, bus);
      if (id === undefined) return quarantined.retryAll({ provider, code });
      const retried = await quarantined.retry(id);
      if (!retried.ok) return retried.error;
      const isRefused = retried.value.status === 'quarantined';
      return { published: isRefused ? 0 : 1, refused: isRefused ? 1 : 0 };
    }),
  );
  if ('code' in result) {
    command.fail(1);
    return options.json ? output.json(result) : output.line(`${result.code}: ${result.message}`);
  }
  if (options.json) return output.json(result);
  output.line(`${result.published} translated and published, ${result.refused} still refused`);
}

function quarantineOf(
  { clock, logger }: CommandEnvironment,
  { config, database }: Books,
  bus: EventBus,
) {
  return quarantine({
    inbox: postgresInbox(database),
    bus,
    adapters: providerAdapters(providersFrom(config)),
    clock,
    logger,
  });
}
