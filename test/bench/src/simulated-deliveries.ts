import { instant } from '@counterfoil/domain';
import { providerConfig, providersFrom } from '@counterfoil/ingest-gateway';
import { type SimulatedAccount, simulatedWorld } from '@counterfoil/provider-simulator';
import { providerAdapters } from '@counterfoil/providers';
import { type Clock, parseConfig } from '@counterfoil/runtime';

/** What a system under measurement has to know to believe the deliveries. */
export const benchCredential = {
  CRYPTOFUSE_WEBHOOK_SECRET: 'whsk_BENCH0BENCH1BENCH2BENCH3',
} as const;

export const webhookPath = '/webhooks/cryptofuse';

type SimulatedDelivery = Readonly<{
  body: Uint8Array;
  headers: Readonly<Record<string, string>>;
  /** By which the log's events name the body; worked out only where somebody watches for it. */
  bodySha256: () => string;
}>;

export type SimulatedDeliveries = Readonly<{
  accounts: readonly SimulatedAccount[];
  next: () => SimulatedDelivery;
}>;

/** Many players, so that the whole pipeline is measured and not one stream. */
const playersCount = 200;

/**
 * What the simulator's CryptoFuse tells about payments into and withdrawals from players' wallets,
 * each in its order, without end and each delivery once; every call tells the same.
 */
export function simulatedDeliveries(clock: Clock): SimulatedDeliveries {
  const adapter = providerAdapters(providersFrom(parseConfig(providerConfig, benchCredential))).get(
    'cryptofuse',
  );
  if (!adapter) throw new Error('CryptoFuse has a credential.');
  const world = simulatedWorld({
    provider: 'cryptofuse',
    seed: 7,
    run: 'bench',
    startsAt: Math.floor(clock.now()),
    customers: playersCount,
    // Nobody's: all stories are the players', and none stands out as one hot account.
    merchant: { accountId: 'nobody', isSimulated: false },
  });
  const bodies = function* (): Generator<Uint8Array, never> {
    for (let index = 0; ; index += 1)
      for (const step of world.story(index).steps)
        if (step.kind === 'tell') yield new TextEncoder().encode(step.body);
  };
  const endless = bodies();
  const next = (): SimulatedDelivery => {
    const body = endless.next().value;
    const headers = adapter.sign(body, instant(clock.now()));
    const bodySha256 = () => {
      const verified = adapter.webhooks.verify({
        headers: new Map(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        body,
        receivedAt: instant(clock.now()),
        deliveryId: '',
      });
      if (!verified.ok) throw new Error(verified.error.message);
      return adapter.webhooks.identify(verified.value).bodySha256;
    };
    return { body, headers, bodySha256 };
  };
  return { accounts: world.accounts, next };
}
