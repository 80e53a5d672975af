import { assetOf, instant, parseAmount } from '@counterfoil/domain';
import type { Account } from '@counterfoil/read-models';
import type { CommandEnvironment } from '../command-environment.ts';
import type { ApiClient } from './api-client.ts';
import type { Funds, PlannedDelivery } from './delivery-plan.ts';
import { readSample } from './sample-stories.ts';
import type { Adapters } from './throw-away-system.ts';

/** How a webhook was answered; `expected` is the answer that the provider relies on. */
export type Delivered = PlannedDelivery &
  Readonly<{ answer: Answered; expected: Answered; durationMs: number }>;

type Answered = Readonly<{ status: number; body: string }>;

const deliveryTimeoutMs = 10_000;
const fundsTimeoutMs = 10_000;
const fundsPollMs = 25;

/** Delivers one after the other over HTTP, each signed as its provider signs. */
export async function deliverAll(
  { output, clock, signal }: CommandEnvironment,
  { url, api, adapters, forgers }: Target,
  plan: readonly PlannedDelivery[],
): Promise<readonly Delivered[]> {
  const delivered: Delivered[] = [];
  for (const planned of plan) {
    signal.throwIfAborted();
    output.progress(`delivering ${delivered.length + 1} of ${plan.length}: ${planned.path}`);
    if (planned.funds) await untilFunded(api, planned.funds, clock);
    const body = readSample(planned.path);
    const signers = planned.credential === 'wrong' ? forgers : adapters;
    const adapter = signers.get(planned.provider);
    if (!adapter) throw new Error(`${planned.provider} has no credential`);
    const isSigned = planned.credential !== 'missing';
    const headers = isSigned ? adapter.sign(body, instant(clock.now())) : {};
    const startedAt = clock.monotonic();
    const response = await fetch(`${url}/webhooks/${planned.provider}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(deliveryTimeoutMs),
    });
    const answer = { status: response.status, body: await response.text() };
    const durationMs = clock.monotonic() - startedAt;
    const expected = expectedAnswer(planned, adapter.webhooks.acknowledgement);
    delivered.push({ ...planned, answer, expected, durationMs });
  }
  return delivered;
}

type Target = Readonly<{ url: string; api: ApiClient; adapters: Adapters; forgers: Adapters }>;

function expectedAnswer(
  { credential, decision }: PlannedDelivery,
  acknowledgement: Answered,
): Answered {
  if (credential !== 'right') return { status: 401, body: '' };
  if (decision !== null) return { status: 200, body: `{"response_code":"${decision}"}` };
  return { status: acknowledgement.status, body: acknowledgement.body };
}

/** A holder pays with money that has arrived: the deposit goes through the books before. */
async function untilFunded(
  api: ApiClient,
  { accountId, asset, available }: Funds,
  clock: CommandEnvironment['clock'],
): Promise<void> {
  const giveUpAt = clock.monotonic() + fundsTimeoutMs;
  while (clock.monotonic() < giveUpAt) {
    const account = await api.get<Account>(`/v1/accounts/${accountId}`);
    const balance = account.balances.find((found) => found.asset === asset);
    if (unitsOf(balance?.available ?? '0', asset) >= unitsOf(available, asset)) return;
    await clock.sleep(fundsPollMs);
  }
  throw new Error(`${accountId} did not get ${available} ${asset} within ${fundsTimeoutMs} ms`);
}

function unitsOf(amount: string, assetCode: string): bigint {
  const asset = assetOf(assetCode);
  const parsed = asset.ok ? parseAmount(amount, asset.value) : asset;
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value.units;
}
