import { decimalText, fromHundredths } from '../decimal.ts';
import { isSimulatedAccount, simulatedWorld, type World } from '../simulated-world.ts';
import type { SimulatedAccount } from '../story.ts';
import type { ApiClient } from './api-client.ts';
import type { SimulationOptions } from './simulation-options.ts';

/** Accounts that are opened at once. */
const concurrency = 8;
const notFound = 404;

/** Opens every account of the worlds with its references and posts its starting money. */
export async function openWorlds(
  options: SimulationOptions,
  api: ApiClient,
): Promise<readonly World[]> {
  const worlds = await Promise.all(options.providers.map((provider) => worldOf(provider)));
  const accounts = worlds.flatMap((world) => world.accounts);
  for (let first = 0; first < accounts.length; first += concurrency) {
    options.signal.throwIfAborted();
    options.onProgress(`${first} of ${accounts.length} accounts opened`);
    await Promise.all(
      accounts.slice(first, first + concurrency).map((account) => openAccount(api, account)),
    );
  }
  return worlds;

  async function worldOf(provider: World['provider']): Promise<World> {
    const { seed, run, clock } = options;
    const world = { provider, seed, run, startsAt: Math.floor(clock.now()) };
    if (provider !== 'cryptofuse') return simulatedWorld(world);
    // CryptoFuse names no account of ours: on a system in use that money has an owner already.
    const owner = await api.request('GET', '/v1/accounts/by-reference/cryptofuse/account/default');
    if (owner.status === notFound) return simulatedWorld(world);
    const { accountId } = owner.body as { accountId: string };
    const merchant = { accountId, isSimulated: isSimulatedAccount(accountId) };
    return simulatedWorld({ ...world, merchant });
  }
}

async function openAccount(api: ApiClient, account: SimulatedAccount): Promise<void> {
  const { accountId, kind, references, funds } = account;
  await api.accepted('POST', '/v1/accounts', { accountId, kind, references });
  for (const { asset, hundredths } of funds)
    await api.accepted('POST', `/v1/accounts/${accountId}/adjustments`, {
      asset,
      amount: decimalText(fromHundredths(hundredths, asset), asset),
      direction: 'credit',
      reason: 'what the simulated account starts with',
    });
}
