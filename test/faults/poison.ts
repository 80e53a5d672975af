import { eventBusConfig, messageBus } from '@counterfoil/adapters';
import { eventId, type JsonObject, type Reference, referenceKey } from '@counterfoil/domain';
import { amountOf, deposits } from '@counterfoil/domain/testing';
import {
  canonicalTopic,
  type DeadLetter,
  defaultRetryPolicy,
  type EventBus,
  type Topic,
} from '@counterfoil/event-bus';
import { parseConfig, retry, silentLogger, systemClock } from '@counterfoil/runtime';
import type { AccountView } from '../support/balances.ts';
import type { Fault, FaultedSystem } from './faulted-system.ts';
import { payerOf } from './flow.ts';

/** More than a partition keeps in memory before it is read no further. */
const unreadableCount = 1_200;
const publishedAtOnce = 100;
/** The attempts at the one that can be read take some two minutes. */
const lettersTimeoutMs = 300_000;
const pollMs = 1_000;
const deliveriesBehind = 100;

/** Whose money waits behind the poison, and somebody whose money does not. */
const [poisoned, other] = [payerOf(0), payerOf(1)];
const owner: Reference = { provider: 'cryptomate', kind: 'wallet', externalId: poisoned.walletId };

/** The canonical topic as somebody would write to it who is not bound by its codec. */
const poisonTopic: Topic<JsonObject> = {
  name: canonicalTopic.name,
  keyOf: () => referenceKey(owner),
  idOf: (payload) => String(payload['id']),
  encode: (payload) => payload,
  decode: (payload) => payload,
};

const unreadable: JsonObject = { id: 'unreadable', poison: true };
const deposit = deposits.confirmed('poison', amountOf('1'), {
  provider: 'cryptomate',
  owners: [owner],
});
/** An event of the vocabulary whose delivery has a name that no store keeps. */
const unrecordable: JsonObject = canonicalTopic.encode({
  ...deposit,
  eventId: eventId('886313e1-3b8a-5372-9b90-0c9aee199e5d'),
  idempotencyKey: 'cryptomate|poison',
  source: { ...deposit.source, deliveryId: 'poison\u0007', bodySha256: 'f'.repeat(64) },
});

/**
 * All of one key, hence in one partition: messages that nobody can read, then one that can be read
 * and never recorded. That one holds back its key until it is given up, and nobody else.
 */
export const poisonMessages: Fault = {
  name: 'a partition was filled with poison',
  inject: async (system, flow) => {
    await withBus(system, async (bus) => {
      const [first, ...rest] = Array<JsonObject>(publishedAtOnce).fill(unreadable);
      for (let sent = 0; sent < unreadableCount; sent += publishedAtOnce)
        await bus.publish(poisonTopic, [first ?? unreadable, ...rest]);
      await bus.publish(poisonTopic, [unrecordable]);
      await untilLetters(bus, unreadableCount);

      await flow.untilMore(deliveriesBehind);
      const [held, free] = await totalsOf(system);
      await flow.untilMore(deliveriesBehind);
      const [heldStill, freeNow] = await totalsOf(system);
      if ((await lettersOf(bus)).length > unreadableCount)
        throw new Error('The poison was given up before it could hold anything back');
      if (heldStill !== held) throw new Error('What came behind the poison did not wait');
      if (freeNow === free) throw new Error('What came beside the poison waited');

      const last = (await untilLetters(bus, unreadableCount + 1)).at(-1);
      if (last?.attempts !== defaultRetryPolicy.attemptsMax)
        throw new Error(`The poison was given up after ${last?.attempts} attempts`);
    });
    return [];
  },
};

async function withBus(
  { environment, postgres }: FaultedSystem,
  work: (bus: EventBus) => Promise<void>,
): Promise<void> {
  const { bus, stop } = messageBus(parseConfig(eventBusConfig, environment), {
    clientId: 'counterfoil-test',
    database: postgres.server.database,
    clock: systemClock(),
    logger: silentLogger,
  });
  try {
    await work(bus);
  } finally {
    await stop();
  }
}

async function untilLetters(bus: EventBus, count: number): Promise<readonly DeadLetter[]> {
  const giveUpAt = Date.now() + lettersTimeoutMs;
  for (;;) {
    const letters = await lettersOf(bus);
    if (letters.length >= count) return letters;
    if (Date.now() > giveUpAt) throw new Error(`${letters.length} dead letters of ${count}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Asking is for a person, who asks again when a broker that was harmed shortly before refuses. */
const lettersOf = (bus: EventBus): Promise<readonly DeadLetter[]> =>
  retry(() => allPagesOf(bus), {
    clock: systemClock(),
    attemptsMax: 5,
    delayMsFirst: 500,
    delayMsMax: 5_000,
  });

async function allPagesOf({ deadLetters }: EventBus): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (;;) {
    const after = letters.at(-1)?.id;
    const page = await deadLetters.list({ limit: 1_000, ...(after !== undefined && { after }) });
    letters.push(...page);
    if (page.length === 0) return letters;
  }
}

/** Holds do not change a total, so it tells of deposits only. Read at the log's own end. */
async function totalsOf({
  cluster,
  postgres,
}: FaultedSystem): Promise<readonly [held: string, free: string]> {
  const { rows } = await postgres.server.database.query(
    'select max(position)::text as head from counterfoil_log.events',
  );
  const totalOf = async (accountId: string): Promise<string> => {
    const { balances } = await cluster.api.get<AccountView>(
      `/v1/accounts/${accountId}?minPosition=${String(rows[0]?.['head'])}`,
    );
    return balances.map(({ asset, total }) => `${total} ${asset}`).join();
  };
  return [await totalOf(poisoned.accountId), await totalOf(other.accountId)];
}
