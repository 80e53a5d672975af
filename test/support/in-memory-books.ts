import { type Story } from '@counterfoil/cli';
import {
  type AccountId,
  accountId,
  assetOf,
  balanceOf,
  type CanonicalEvent,
  commandId,
  correlationId,
  instant,
  type Money,
  type Order,
  parseMoney,
  type ProviderName,
  type Recorded,
  type Reference,
} from '@counterfoil/domain';
import { authorizer } from '@counterfoil/authorizer';
import { inMemoryEventStore } from '@counterfoil/event-store';
import {
  booksOf,
  type Ledger,
  ledger,
  ledgerCommands,
  sha256Hex,
  type UnknownAccounts,
} from '@counterfoil/ledger';
import { recordCanonicalEvent } from '@counterfoil/ledger-writer';
import type { ProviderAdapter, VerifiedWebhook } from '@counterfoil/providers';
import { processMetrics, silentLogger } from '@counterfoil/runtime';
import { manualClock } from '@counterfoil/runtime/testing';
import { readSample, sampleAdapters } from '@counterfoil/providers/testing';

/** Every stream of the books in memory, fed by the real adapters: no HTTP, no database, no bus. */
export function inMemoryBooks(unknownAccounts: UnknownAccounts = 'open') {
  const clock = manualClock();
  const store = inMemoryEventStore({ clock });
  const books: Ledger = ledger({ store, unknownAccounts });
  const commands = ledgerCommands(books);
  const decisions = authorizer({
    ledger: books,
    clock,
    logger: silentLogger,
    metrics: processMetrics(),
  });
  const adapters: Readonly<Record<string, ProviderAdapter>> = sampleAdapters();
  let requests = 0;
  const request = () => {
    requests += 1;
    const id = sha256Hex(`request ${requests}`);
    return {
      commandId: commandId(
        `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
      ),
      correlationId: correlationId(`request-${requests}`),
      now: instant(clock.now()),
      actor: 'test',
    };
  };

  const deliver = async (provider: ProviderName, body: Uint8Array, deliveryId: string) => {
    const adapter = adapters[provider];
    if (!adapter) throw new Error(`No adapter for ${provider}`);
    const receivedAt = instant(clock.now());
    const headers = new Map(
      Object.entries(adapter.sign(body, receivedAt)).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const verified = adapter.webhooks.verify({ headers, body, receivedAt, deliveryId });
    if (!verified.ok) throw new Error(verified.error.message);
    return adapter.authorizations && adapter.webhooks.identify(verified.value).asksForDecision
      ? decide(adapter, verified.value)
      : record(adapter, verified.value);
  };

  const decide = async (adapter: ProviderAdapter, webhook: VerifiedWebhook) => {
    const asked = adapter.authorizations?.parse(webhook);
    if (!adapter.authorizations || !asked?.ok) return 'quarantined';
    const decision = await decisions.decide(asked.value, clock.monotonic() + 800);
    return adapter.authorizations.respond(decision).body;
  };

  const record = async (adapter: ProviderAdapter, webhook: VerifiedWebhook) => {
    const translated = adapter.webhooks.translate(webhook);
    if (!translated.ok) return 'quarantined';
    for (const event of translated.value) await recordEvent(event);
    return adapter.webhooks.acknowledgement.body;
  };

  const recordEvent = (event: CanonicalEvent) => recordCanonicalEvent(books, event, clock.now());

  return {
    books,
    clock,
    commands,
    deliver,
    recordEvent,
    request,
    open: (story: Story) => openStory(commands, request, story),
    link: async ({
      accountId: id,
      reference,
    }: Readonly<{ accountId: string; reference: Reference }>) => {
      const linked = await commands.linkReference(
        { accountId: accountId(id), reference },
        request(),
      );
      if (!linked.ok) throw new Error(linked.error.message);
    },
    order: async (kind: Order['kind'], body: Story['steps'][number]['body']) => {
      if (!body) throw new Error('An order has a body');
      const { accountId: account, provider, id, asset, amount, fee } = body;
      const order: Order = {
        kind,
        provider,
        orderId: id,
        amount: moneyOf(asset, amount),
        fee: moneyOf(asset, fee),
      };
      const placed = await commands.placeOrder({ accountId: accountId(account), order }, request());
      if (!placed.ok) throw new Error(placed.error.message);
    },
    deliverSample: (provider: ProviderName, path: string, deliveryId: string) =>
      deliver(provider, readSample(path), deliveryId),
    balance: async (account: string, assetCode: string) => {
      const asset = assetOf(assetCode);
      if (!asset.ok) throw new Error(asset.error.message);
      const id: AccountId = accountId(account);
      return balanceOf(await booksOf(books, id).load(id), asset.value);
    },
    log: async (): Promise<readonly Recorded[]> =>
      (await store.readAll({ after: 'start', limit: 100_000 })).events,
  };
}

export type InMemoryBooks = ReturnType<typeof inMemoryBooks>;

export function moneyOf(asset: string, amount: string): Money {
  const parsed = parseMoney({ asset, amount });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

async function openStory(
  commands: ReturnType<typeof ledgerCommands>,
  request: () => Parameters<ReturnType<typeof ledgerCommands>['openAccount']>[1],
  story: Story,
) {
  for (const { accountId: id, kind, references } of story.accounts) {
    const opened = await commands.openAccount(
      { accountId: accountId(id), kind, references },
      request(),
    );
    if (!opened.ok) throw new Error(opened.error.message);
  }
  for (const [index, { accountId: id, asset, amount }] of story.adjustments.entries()) {
    const posted = await commands.postAdjustment(
      {
        accountId: accountId(id),
        adjustmentId: `start-${index}`,
        amount: moneyOf(asset, amount),
        direction: 'credit',
        reason: 'start of the story',
        effectiveAt: null,
      },
      request(),
    );
    if (!posted.ok) throw new Error(posted.error.message);
  }
}
