import type { HttpApi } from '../support/http-api.ts';
import { deliverUntilAcknowledged, type DelivererProgress } from '../support/deliverer.ts';
import {
  cardDeposit,
  cardRequest,
  type GeneratedDelivery,
  generatedDelivery,
} from '../support/generated-deliveries.ts';
import { fundAccount, openSampleAccounts } from '../support/open-accounts.ts';

/** Webhooks and authorizations that go on whatever happens, delivered with the providers' retries. */
export type Flow = Readonly<{
  /** Resolves when so many more are acknowledged than when it was called. */
  untilMore: (count: number) => Promise<void>;
  /** Begins nothing more, and resolves when all that was begun is acknowledged. */
  stop: () => Promise<DelivererProgress>;
}>;

/** Some dozens of webhooks a second: every process has something to do and none is at its limit. */
const deliveredAtOnce = 4;
const pauseMs = 60;
const progressTimeoutMs = 180_000;
/** So many that every partition and every process of a kind has some. */
const payers = 24;
const requestEvery = 4;

/** Whose wallet and card stand behind a payer's part of the flow. */
export const payerOf = (number: number) =>
  ({ accountId: `payer-${number}`, walletId: `wlt_f${number}`, cardId: `crd_f${number}` }) as const;

/** What the flow is about: the samples' accounts, and payers enough to spread over all partitions. */
export async function openFlowAccounts(api: HttpApi): Promise<void> {
  await openSampleAccounts(api);
  await fundAccount(api, { accountId: 'holder-1', asset: 'USD', amount: '100000' });
  for (let number = 0; number < payers; number += 1) {
    const { accountId, walletId, cardId } = payerOf(number);
    const references = [
      { provider: 'cryptomate', kind: 'wallet', externalId: walletId },
      { provider: 'cryptomate', kind: 'card', externalId: cardId },
    ];
    await api.post('/v1/accounts', { accountId, kind: 'holder', references });
    await fundAccount(api, { accountId, asset: 'USD', amount: '100000' });
  }
}

/** Every other one is of some provider's, the rest are the payers' in turn; none comes twice. */
export function* endlessDeliveries(): Generator<GeneratedDelivery, never> {
  for (let index = 0; ; index += 1) {
    yield generatedDelivery(index);
    yield ofPayer(index);
  }
}

function ofPayer(index: number): GeneratedDelivery {
  const { accountId, walletId, cardId } = payerOf(index % payers);
  const isRequest = Math.floor(index / payers) % requestEvery === requestEvery - 1;
  // They differ, so that a hold too many and one too few do not make one.
  const amount = `${(index % 89) + 1}.${String((index * 3) % 100).padStart(2, '0')}`;
  const common = { provider: 'cryptomate', asset: 'USD', accountId, amount } as const;
  const hash = `0xf${index.toString(16).padStart(63, '0')}`;
  return isRequest
    ? { ...common, kind: 'request', body: cardRequest({ id: `f${index}`, cardId, amount }) }
    : { ...common, kind: 'deposit', body: cardDeposit({ hash, walletId, amount }) };
}

export function startFlow(url: string, source: Iterator<GeneratedDelivery, never>): Flow {
  const giveUp = new AbortController();
  let isStopping = false;
  let acknowledged = 0;
  function* wanted(): Generator<GeneratedDelivery> {
    while (!isStopping) yield source.next().value;
  }
  const delivering = deliverUntilAcknowledged(url, wanted(), {
    atOnce: deliveredAtOnce,
    pauseMs,
    signal: giveUp.signal,
    onAcknowledged: (count) => {
      acknowledged = count;
    },
  });
  // It is awaited in `stop`, which a test that fails before may never reach.
  delivering.catch(() => {});

  return {
    untilMore: async (count) => {
      const enough = acknowledged + count;
      const giveUpAt = Date.now() + progressTimeoutMs;
      while (acknowledged < enough) {
        if (Date.now() > giveUpAt)
          throw new Error(`Only ${acknowledged} of ${enough} webhooks were acknowledged`);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    },
    stop: async () => {
      isStopping = true;
      const timer = setTimeout(() => giveUp.abort(), progressTimeoutMs);
      try {
        return await delivering;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
