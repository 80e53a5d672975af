import type { AuthorizationDecision } from '@counterfoil/providers';
import {
  bytesOf,
  counterpartsOf,
  isMeant,
  oldestOf,
  type Row,
  summaryOf,
} from './in-memory-row.ts';
import type { Expired, Inbox, IncomingDelivery, RelayOutcome, StoreOutcome } from './inbox.ts';

/** The whole inbox without a database: for the fast tests and the simulation. */
export function inMemoryInbox(): Inbox {
  const rows = new Map<string, Row>();
  const firstByFact = new Map<string, string>();
  const firstByBody = new Map<string, string>();
  let isRelaying = false;
  let stored = 0;

  const add = (delivery: IncomingDelivery, row: Partial<Row>): void => {
    const { id, provider, dialect, eventKey, bodySha256, receivedAt, headers, body } = delivery;
    const common = { id, provider, dialect, eventKey, bodySha256, receivedAt, headers, body };
    stored += 1;
    rows.set(id, {
      ...common,
      sequence: String(stored),
      status: delivery.reason === null ? 'received' : 'quarantined',
      reason: delivery.reason,
      firstDeliveryId: null,
      isVariant: false,
      canonicalEvents: [],
      availableAt: delivery.availableAt,
      isWaiting: delivery.reason === null,
      isEmptied: false,
      answer: null,
      counterpart: null,
      counterpartOf: [],
      ...row,
    });
  };

  const store = (delivery: IncomingDelivery): StoreOutcome => {
    if (rows.has(delivery.id)) throw new Error(`The archive did not take delivery ${delivery.id}.`);
    const { fact, body } = keysOf(delivery);
    const repeated = firstByBody.get(body);
    if (repeated !== undefined) {
      const duplicate = {
        status: 'duplicate',
        reason: null,
        isWaiting: false,
        body: null,
      } as const;
      add(delivery, { ...duplicate, firstDeliveryId: repeated });
      return { outcome: 'duplicate', answer: rows.get(repeated)?.answer ?? null };
    }
    firstByBody.set(body, delivery.id);
    const first = firstByFact.get(fact);
    if (first === undefined) {
      firstByFact.set(fact, delivery.id);
      add(delivery, {});
      return { outcome: 'stored', answer: null };
    }
    const status = delivery.reason === null ? 'variant' : 'quarantined';
    add(delivery, { status, isVariant: true, firstDeliveryId: first });
    return { outcome: 'variant', answer: null };
  };

  const recordAnswer = (deliveryId: string, answer: AuthorizationDecision): void => {
    const row = rows.get(deliveryId);
    if (row !== undefined) rows.set(deliveryId, { ...row, answer });
  };

  const mark = (outcome: RelayOutcome): void => {
    const row = rows.get(outcome.deliveryId);
    if (row === undefined) return;
    const counterpart = outcome.counterpart ?? null;
    const settled = { ...row, isWaiting: false, counterpart };
    if (outcome.kind === 'quarantined')
      rows.set(row.id, { ...settled, status: 'quarantined', reason: outcome.reason });
    else
      rows.set(row.id, {
        ...settled,
        status: row.isVariant ? 'variant' : 'processed',
        reason: null,
        canonicalEvents: outcome.canonicalEvents,
      });
  };

  const withCounterparts = (row: Row): Row => ({
    ...row,
    counterpartOf: counterpartsOf(row, [...rows.values()]),
  });

  const firstExpired = ({ before, limit }: Expired, isMeantToGo: (row: Row) => boolean) =>
    [...rows.values()]
      .filter((row) => row.receivedAt < before && isMeantToGo(row))
      .sort((one, other) => one.receivedAt - other.receivedAt)
      .slice(0, limit);

  return {
    store: async (delivery) => store(delivery),

    storeAnswered: async (delivery, answer) => {
      const stored = store(delivery);
      if (stored.outcome !== 'duplicate') recordAnswer(delivery.id, answer);
      return stored;
    },

    recordAnswer: async (deliveryId, answer) => recordAnswer(deliveryId, answer),

    relay: async ({ providers, now, limit }, work) => {
      if (isRelaying) return 'busy';
      isRelaying = true;
      try {
        const isDue = (row: Row) =>
          row.isWaiting && row.availableAt <= now && providers.includes(row.provider);
        const batch = [...rows.values()]
          .flatMap((row) => (row.body !== null && isDue(row) ? [{ ...row, body: row.body }] : []))
          .slice(0, limit);
        if (batch.length > 0) for (const outcome of await work(batch)) mark(outcome);
        return batch.length;
      } finally {
        isRelaying = false;
      }
    },

    settle: async (outcome) => {
      if (rows.get(outcome.deliveryId)?.status === 'quarantined') mark(outcome);
    },

    find: async (deliveryId) => {
      const row = rows.get(deliveryId);
      if (row === undefined) return null;
      const first = rows.get(row.firstDeliveryId ?? '');
      const shown = withCounterparts(row);
      return row.status === 'duplicate' ? { ...shown, body: first?.body ?? null } : shown;
    },

    list: async ({ order, after, limit, ...filter }) => {
      const oldestFirst = [...rows.values()].filter((row) => isMeant(row, filter));
      const ordered = order === 'oldest-first' ? oldestFirst : oldestFirst.reverse();
      const isBeyond = ({ sequence }: Row): boolean =>
        after === null ||
        (order === 'oldest-first'
          ? BigInt(sequence) > BigInt(after)
          : BigInt(sequence) < BigInt(after));
      return ordered.filter(isBeyond).slice(0, limit).map(withCounterparts).map(summaryOf);
    },

    count: async () => {
      const all = [...rows.values()];
      return {
        waiting: all.filter(({ isWaiting }) => isWaiting).length,
        quarantined: all.filter(({ status }) => status === 'quarantined').length,
      };
    },

    size: async () => {
      const quarantined = [...rows.values()].filter(isQuarantined);
      return {
        bytes: bytesOf([...rows.values()]),
        quarantinedBytes: bytesOf(quarantined),
        oldestQuarantinedAt: oldestOf(quarantined),
      };
    },

    removeBodies: async (expired) => {
      const isSettled = (row: Row) => !row.isWaiting && !row.isEmptied && !isQuarantined(row);
      const emptied = firstExpired(expired, isSettled);
      for (const row of emptied)
        rows.set(row.id, { ...row, body: null, headers: new Map(), isEmptied: true });
      return emptied.length;
    },

    removeQuarantined: async (expired) => {
      const removed = firstExpired(expired, isQuarantined);
      for (const row of removed) {
        const { fact, body } = keysOf(row);
        rows.delete(row.id);
        firstByBody.delete(body);
        if (firstByFact.get(fact) === row.id) firstByFact.delete(fact);
      }
      return removed.map(summaryOf);
    },
  };
}

const isQuarantined = ({ status }: Row): boolean => status === 'quarantined';

const keysOf = ({
  provider,
  eventKey,
  bodySha256,
}: Pick<IncomingDelivery, 'provider' | 'eventKey' | 'bodySha256'>) => {
  const fact = `${provider}|${eventKey ?? `body:${bodySha256}`}`;
  return { fact, body: `${fact}|${bodySha256}` };
};
