import { instantText, type ProviderName, providerNames } from '@counterfoil/domain';
import {
  adaptersByCredential,
  type KeptDelivery,
  postgresInbox,
  postgresRejectedDeliveries,
  providersFrom,
  type RejectedDeliveries,
  rejectedBounds,
  verifyAgain,
} from '@counterfoil/ingest-gateway';
import { type Books, withBooks } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';

type RefusedOptions = Readonly<{ provider?: ProviderName; json?: boolean }>;

const pageSize = 500;

/** Requests whose credential was missing or wrong, oldest first; nobody vouches for their content. */
export async function listRefused(
  command: CommandEnvironment,
  { provider, json }: RefusedOptions,
): Promise<void> {
  const { output } = command;
  const rows = await withBooks(command, async (books) => {
    const rejected = rejectedOf(command, books);
    const found: KeptDelivery[] = [];
    for (const name of provider === undefined ? providerNames : [provider])
      found.push(...(await everyRefused(rejected, name)));
    return found.map((kept) => ({
      id: kept.deliveryId,
      provider: kept.provider,
      receivedAt: instantText(kept.receivedAt),
      code: kept.code,
      bytes: kept.body.byteLength,
    }));
  });
  if (json) return output.json(rows);
  output.table(
    ['id', 'provider', 'received', 'code', 'bytes'],
    rows.map(({ id, provider: name, receivedAt, code, bytes }) => [
      id,
      name,
      receivedAt,
      code,
      String(bytes),
    ]),
  );
}

/** Takes into the inbox what the credentials of the environment vouch for; the rest stays. */
export async function retryRefused(
  command: CommandEnvironment,
  { provider, json }: RefusedOptions,
): Promise<void> {
  const { output } = command;
  const counts = await withBooks(command, async (books) => {
    const ports = { rejected: rejectedOf(command, books), inbox: postgresInbox(books.database) };
    let [accepted, refused] = [0, 0];
    for (const [name, adapters] of adaptersByCredential(providersFrom(books.config))) {
      if (provider !== undefined && name !== provider) continue;
      const counted = await verifyAgain(ports, name, adapters);
      accepted += counted.accepted;
      refused += counted.refused;
    }
    return { accepted, refused };
  });
  if (json) return output.json(counts);
  output.line(`${counts.accepted} taken, ${counts.refused} still refused`);
}

const rejectedOf = (
  { clock, logger }: CommandEnvironment,
  { config, database }: Books,
): RejectedDeliveries =>
  postgresRejectedDeliveries({ database, clock, logger, bounds: rejectedBounds(config) });

async function everyRefused(
  { after }: Pick<RejectedDeliveries, 'after'>,
  provider: ProviderName,
): Promise<readonly KeptDelivery[]> {
  const found: KeptDelivery[] = [];
  for (;;) {
    const sequence = found.at(-1)?.sequence ?? '0';
    const page = await after({ provider, sequence, limit: pageSize });
    found.push(...page);
    if (page.length < pageSize) return found;
  }
}
