import type { ProviderName } from '@counterfoil/domain';
import type { SuspenseEntry } from '@counterfoil/read-models';
import type { CommandEnvironment } from '../command-environment.ts';
import { type ApiClient, apiClient } from '../demo/api-client.ts';

export type ApiOptions = Readonly<{ to: string; apiKey?: string; json?: boolean }>;

/** Money that waits for its owner, with why. */
export async function listSuspense(
  command: CommandEnvironment,
  options: ApiOptions & Readonly<{ provider?: ProviderName }>,
): Promise<void> {
  const api = apiOf(command, options);
  if (!api) return;
  const filter = options.provider === undefined ? '' : `?provider=${options.provider}`;
  const waiting = await api.list<SuspenseEntry>(`/v1/suspense${filter}`);
  if (options.json) return command.output.json(waiting);
  command.output.table(
    ['id', 'amount', 'asset', 'since', 'why'],
    waiting.map(({ id, amount, asset, since, reason }) => [id, amount, asset, since, reason]),
  );
}

/** Says whose money it is: its reference is linked, and all that waits for it moves by events. */
export async function attributeSuspense(
  command: CommandEnvironment,
  id: string,
  accountId: string,
  options: ApiOptions,
): Promise<void> {
  const api = apiOf(command, options);
  if (!api) return;
  await api.post(`/v1/suspense/${encodeURIComponent(id)}/attribute`, { accountId });
  if (options.json) return command.output.json({ id, accountId });
  command.output.line(`${id} belongs to ${accountId} now`);
}

function apiOf(command: CommandEnvironment, options: ApiOptions): ApiClient | null {
  const apiKey = options.apiKey ?? command.environment['ADMIN_API_KEY'];
  if (apiKey !== undefined) return apiClient(options.to, apiKey);
  command.output.aside('An API key is needed: --api-key, or ADMIN_API_KEY.');
  command.fail(2);
  return null;
}
