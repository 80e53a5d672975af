import { instant, parseInstant, type ProviderName } from '@counterfoil/domain';
import {
  postgresInbox,
  providerConfig,
  providersFrom,
  takeReadDelivery,
} from '@counterfoil/ingest-gateway';
import {
  providerAdapters,
  type RegisteredWebhook,
  type Registration,
  type WebhookManagement,
  webhookManagements,
} from '@counterfoil/providers';
import { defineConfig, parseConfig } from '@counterfoil/runtime';
import { withBooks } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';
import { providerApiConfig, providerApisFrom } from '../provider-api-config.ts';

/** Providers that have an API for their webhooks. */
export const managedProviders = ['cryptomate', 'cryptofuse', '4pay', 'calypso'] as const;
export type ManagedProvider = (typeof managedProviders)[number];

type Json = Readonly<{ json?: boolean }>;

/** What has to be set before a provider's API can be called. */
const neededFor: Readonly<Record<ManagedProvider, string>> = {
  cryptomate: 'CRYPTOMATE_API_KEY and CRYPTOMATE_WEBHOOK_KEY',
  cryptofuse: 'CRYPTOFUSE_API_KEY',
  '4pay': 'FOURPAY_API_TOKEN and FOURPAY_WEBHOOK_SECRET',
  calypso: 'CALYPSO_ACCOUNT, CALYPSO_ACCOUNT_KEY and CALYPSO_ACCOUNT_SECRET',
};

/** Tells the provider where our webhooks go. */
export async function registerWebhook(
  command: CommandEnvironment,
  provider: ManagedProvider,
  options: Json & Readonly<{ url: string; events?: string }>,
): Promise<void> {
  if (!isPublicUrl(command, options.url)) return;
  const register = capability(command, provider, 'register');
  if (!register) return;
  const events = options.events?.split(',').map((name) => name.trim()) ?? null;
  const registration = await register({ url: options.url, events });
  printRegistration(command, provider, registration, options);
}

/** What the provider has registered; exit 1 where nothing is, or something is switched off. */
export async function showWebhooks(
  command: CommandEnvironment,
  provider: ManagedProvider,
  options: Json,
): Promise<void> {
  const read = capability(command, provider, 'read');
  if (!read) return;
  const webhooks = await read();
  if (webhooks.length === 0 || webhooks.some(({ isActive }) => isActive === false)) command.fail(1);
  if (options.json) return command.output.json(webhooks);
  command.output.table(
    ['id', 'url', 'events', 'active', 'failures'],
    webhooks.map(({ id, url, events, isActive, failures }) => [
      id ?? '',
      url ?? '',
      events === null ? 'all' : `${events.length}`,
      isActive === null ? 'not said' : isActive ? 'yes' : 'no',
      failures === null ? '' : `${failures}`,
    ]),
  );
}

/** From now on another secret signs; both have to be accepted for a while. */
export async function rotateSecret(
  command: CommandEnvironment,
  provider: ManagedProvider,
  options: Json & Readonly<{ url?: string }>,
): Promise<void> {
  const { output } = command;
  const read = capability(command, provider, 'read');
  const rotate = capability(command, provider, 'rotateSecret');
  if (!read || !rotate) return;
  const registered = await read();
  const chosen = registered.filter(({ url }) => options.url === undefined || url === options.url);
  const [webhook] = chosen;
  if (webhook?.url == null || chosen.length > 1) {
    output.aside(
      chosen.length > 1
        ? 'Several webhooks are registered: name one with --url.'
        : 'No such webhook is registered.',
    );
    return command.fail(2);
  }
  const { replaced, ...registration } = await rotate({ url: webhook.url, events: webhook.events });
  printRegistration(command, provider, registration, options);
  if (replaced && !options.json)
    output.line(
      `The old webhook still works. After a day: counterfoil provider ${provider} remove ${replaced.id ?? ''}`,
    );
}

/** Removes an endpoint; the provider sends nothing there any more. */
export async function removeWebhook(
  command: CommandEnvironment,
  provider: ManagedProvider,
  id: string | undefined,
  options: Json,
): Promise<void> {
  const { output } = command;
  const read = capability(command, provider, 'read');
  const remove = capability(command, provider, 'remove');
  if (!read || !remove) return;
  const registered = await read();
  const webhook = registered.find((one) => one.id === (id ?? null));
  if (!webhook) {
    output.aside('No such webhook is registered (counterfoil provider <name> status).');
    return command.fail(2);
  }
  await remove(webhook);
  return options.json ? output.json(webhook) : output.line(`removed ${nameOf(webhook)}`);
}

const dayMs = 86_400_000;

/** Reads what the provider could not deliver, and takes it as if it came now. */
export async function fetchMissed(
  command: CommandEnvironment,
  provider: ManagedProvider,
  options: Json & Readonly<{ since?: string }>,
): Promise<void> {
  const { output, clock } = command;
  const missed = capability(command, provider, 'missed');
  if (!missed) return;
  const since =
    options.since === undefined ? instant(clock.now() - dayMs) : parseInstant(options.since);
  if (since === null) {
    output.aside('--since is a date and time, such as 2026-04-02T00:00:00Z.');
    return command.fail(2);
  }
  const counts = { found: 0, stored: 0, variant: 0, duplicate: 0 };
  await withBooks(command, async ({ config, database }) => {
    const adapter = providerAdapters(providersFrom(config)).get(provider);
    if (!adapter) throw new Error(`${provider} has no webhook credential in the environment`);
    const inbox = postgresInbox(database);
    for await (const { body } of missed(since)) {
      counts.found += 1;
      counts[await takeReadDelivery({ inbox, clock }, adapter, body)] += 1;
      output.progress(`${counts.found} found`);
    }
  });
  output.progress('');
  if (options.json) return output.json(counts);
  const { found, stored, variant, duplicate } = counts;
  output.line(`${found} not delivered: ${stored + variant} taken, ${duplicate} were here already`);
}

/** One of the provider's capabilities, or null after saying why there is none. */
function capability<Name extends keyof WebhookManagement>(
  command: CommandEnvironment,
  provider: ManagedProvider,
  name: Name,
): NonNullable<WebhookManagement[Name]> | null {
  const { environment, clock, signal, output } = command;
  const config = parseConfig(
    defineConfig({ ...providerConfig, ...providerApiConfig }),
    environment,
  );
  const managements = webhookManagements(providerApisFrom(config), { fetch, clock, signal });
  const management = managements.get(provider satisfies ProviderName);
  const found = management?.[name];
  if (found) return found;
  output.aside(
    management
      ? `${provider} offers no way to do this over its API (docs/providers/${provider}.md).`
      : `${neededFor[provider]} must be set to call ${provider} (npx counterfoil config).`,
  );
  command.fail(2);
  return null;
}

function isPublicUrl({ output, fail }: CommandEnvironment, url: string): boolean {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return true;
  output.aside('--url is the https URL at which this provider reaches our gateway.');
  fail(2);
  return false;
}

/** The variables that a provider's new credential belongs into. */
function variablesOf(
  provider: ManagedProvider,
  credential: Registration['credential'],
): Readonly<Record<string, string>> {
  if (credential === null) return {};
  const { key, secret } = credential;
  return provider === 'calypso'
    ? { CALYPSO_API_KEY: key ?? '', CALYPSO_SECRET: secret }
    : { CRYPTOFUSE_WEBHOOK_SECRET: secret };
}

function printRegistration(
  { output }: CommandEnvironment,
  provider: ManagedProvider,
  { webhook, credential }: Registration,
  options: Json,
): void {
  const set = variablesOf(provider, credential);
  if (options.json) return output.json({ webhook, set });
  output.line(`registered ${nameOf(webhook)}`);
  if (credential === null) return;
  output.line('Set this now, beside what is accepted already; it is not shown again:');
  for (const [variable, value] of Object.entries(set)) output.line(`${variable}=${value}`);
}

const nameOf = ({ id, url }: RegisteredWebhook): string =>
  [url, id === null ? null : `(${id})`].filter((part) => part !== null).join(' ');
