import { type Instant, instantText, type ProviderName } from '@counterfoil/domain';
import {
  anyDelivery,
  type DeliverySummary,
  type Inbox,
  type InboxSize,
  postgresInbox,
  foundBody,
  type RetrySelection,
} from '@counterfoil/ingest-gateway';
import { bodyText } from '@counterfoil/query-api';
import type { StandaloneConfig } from '@counterfoil/standalone';
import { withBooks } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';
import { printable } from '../output.ts';

/** How deliveries in quarantine are chosen, to be listed and to be tried again. */
export type QuarantineFilter = Readonly<{
  provider?: ProviderName;
  code?: string;
  from?: Instant;
  to?: Instant;
}>;

export function selectionOf(filter: QuarantineFilter): RetrySelection {
  const { provider = null, code = null, from = null, to = null } = filter;
  return { provider, code, from, to };
}

/** What was authentic and not understood, newest first, with why. */
export async function listQuarantine(
  command: CommandEnvironment,
  options: QuarantineFilter & Readonly<{ json?: boolean }>,
): Promise<void> {
  const { output } = command;
  const rows = await withBooks(command, async ({ config, database }) => {
    const inbox = postgresInbox(database);
    output.aside(occupancyText(await inbox.count(), await inbox.size(), config));
    return everyQuarantined(inbox, selectionOf(options));
  });
  if (options.json)
    return output.json(rows.map((row) => ({ ...row, receivedAt: instantText(row.receivedAt) })));
  output.table(
    ['id', 'provider', 'received', 'code', 'path', 'why', 'counterpart of'],
    rows.map(({ id, provider, receivedAt, reason, counterpartOf }) => [
      id,
      provider,
      instantText(receivedAt),
      reason?.code ?? '',
      reason?.path ?? '',
      reason?.message ?? '',
      counterpartOf.join(' '),
    ]),
  );
}

const bytesPerMegabyte = 1024 * 1024;

function occupancyText(
  { quarantined }: Readonly<{ quarantined: number }>,
  { quarantinedBytes }: InboxSize,
  config: StandaloneConfig,
): string {
  const megabytes = Math.ceil(quarantinedBytes / bytesPerMegabyte);
  const days = config.QUARANTINE_RETENTION_DAYS;
  const kept = days === null ? 'kept for ever' : `each is kept for ${days} days`;
  return `${quarantined} in quarantine: ${megabytes} of ${config.QUARANTINE_MB_MAX} MB; ${kept}`;
}

const pageSize = 500;

async function everyQuarantined(
  inbox: Pick<Inbox, 'list'>,
  selection: RetrySelection,
): Promise<readonly DeliverySummary[]> {
  const found: DeliverySummary[] = [];
  for (let after: string | null = null; ; ) {
    const page: readonly DeliverySummary[] = await inbox.list({
      ...anyDelivery,
      ...selection,
      status: 'quarantined',
      order: 'newest-first',
      after,
      limit: pageSize,
    });
    found.push(...page);
    after = page.at(-1)?.sequence ?? null;
    if (page.length < pageSize) return found;
  }
}

/** One delivery: why it lies there, where in its body, what was expected, and the body. */
export async function showQuarantined(
  command: CommandEnvironment,
  id: string,
  options: Readonly<{ json?: boolean }>,
): Promise<void> {
  const { output } = command;
  const found = await withBooks(command, ({ database }) => postgresInbox(database).find(id));
  if (found === null) {
    command.fail(1);
    const code = 'inbound-webhook-not-found';
    const message = 'There is no such inbound webhook.';
    return options.json ? output.json({ code, message }) : output.line(`${code}: ${message}`);
  }
  const { provider, dialect, status, reason, eventKey, bodySha256, canonicalEvents } = found;
  const receivedAt = instantText(found.receivedAt);
  const shown = {
    id: found.id,
    provider,
    dialect,
    receivedAt,
    status,
    reason,
    eventKey,
    bodySha256,
  };
  const headers = Object.fromEntries(found.headers);
  const { body, bodyEncoding } = bodyText(foundBody(found));
  const { counterpartOf } = found;
  if (options.json)
    return output.json({
      ...shown,
      counterpartOf,
      canonicalEvents,
      headers,
      body,
      bodyEncoding,
    });
  const why = reason && {
    code: reason.code,
    path: reason.path === '' ? 'the body as a whole' : reason.path,
    why: reason.message,
  };
  const counterpart = counterpartOf.length > 0 && { 'counterpart of': counterpartOf.join(' ') };
  for (const [name, value] of Object.entries({ ...shown, reason: null, ...why, ...counterpart }))
    if (value !== null) output.line(`${name}: ${printable(`${value}`)}`);
  output.line(body === null ? '\nIts body was removed after its time.' : `\n${printable(body)}`);
}
