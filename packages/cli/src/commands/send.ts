import { readFileSync } from 'node:fs';
import { instant, type ProviderName } from '@counterfoil/domain';
import { providerConfig, providersFrom } from '@counterfoil/ingest-gateway';
import { providerAdapters } from '@counterfoil/providers';
import { parseConfig } from '@counterfoil/runtime';
import type { CommandEnvironment } from '../command-environment.ts';

export type SendOptions = Readonly<{
  provider: ProviderName;
  to: string;
  token?: string;
  json?: boolean;
}>;

/** Signs a body as its provider would, with the credential of the environment, and delivers it. */
export async function send(
  command: CommandEnvironment,
  file: string,
  options: SendOptions,
): Promise<void> {
  const { output, clock, environment } = command;
  const adapters = providerAdapters(providersFrom(parseConfig(providerConfig, environment)));
  const { provider } = options;
  const adapter = adapters.get(provider);
  if (!adapter) {
    output.aside(`${provider} has no credential in the environment (npx counterfoil config).`);
    return command.fail(2);
  }
  const body = readFileSync(file);
  const path = options.token === undefined ? '' : `/${options.token}`;
  const answer = await fetch(`${options.to}/webhooks/${adapter.provider}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...adapter.sign(body, instant(clock.now())) },
    body: new Uint8Array(body),
  });
  const text = await answer.text();
  if (!answer.ok) command.fail(1);
  if (options.json) return output.json({ status: answer.status, body: text });
  output.line(`${answer.status} ${text}`);
}
