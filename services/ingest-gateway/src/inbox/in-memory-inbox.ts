import type { AuthorizationDecision } from '@counterfoil/providers';
import type {
  ArchivedDelivery,
  DeliveryFilter,
  DeliverySummary,
  Inbox,
  IncomingDelivery,
  RelayOutcome,
  StoreOutcome,
} from './inbox.ts';

type Row = ArchivedDelivery &
  Readonly<{
    availableAt: number;
    isWaiting: boolean;
    answer: AuthorizationDecision | null;
  }>;

/** The whole inbox without a database: for the fast tests and the simulation. */
export function inMemoryInbox(): Inbox {
  const rows = new Map<string, Row>();
  const firstByFact = new Map<string, string>();
  const firstByBody = new Map<string, string>();
  let isRelaying = false;

  const add = (delivery: IncomingDelivery, row: Partial<Row>): void => {
    const { id, provider, dialect, eventKey, bodySha256, receivedAt, headers, body } = delivery;
    const common = { id, provider, dialect, eventKey, bodySha256, receivedAt, headers, body };
    rows.set(id, {
      ...common,
      sequence: String(rows.size + 1),
      status: delivery.reason === null ? 'received' : 'quarantined',
      reason: delivery.reason,
      firstDeliveryId: null,
      isVariant: false,
      canonicalEvents: [],
      availableAt: delivery.availableAt,
      isWaiting: delivery.reason === null,
      answer: null,
      ...row,
    });
  };

  const store = (delivery: IncomingDelivery): StoreOutcome => {
    if (rows.has(delivery.id)) throw new Error(`The archive did not take delivery ${delivery.id}.`);
    const fact = `${delivery.provider}|${delivery.eventKey ?? `body:${delivery.bodySha256}`}`;
    const body = `${fact}|${delivery.bodySha256}`;
    const repeated = firstByBody.get(body);
    if (repeated !== undefined) {
      const duplicate = { status: 'duplicate', reason: null, isWaiting: false } as const;
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

  const mark = (outcome: RelayOutcome): void => {
    const row = rows.get(outcome.deliveryId);
    if (row === undefined) return;
    const settled = { ...row, isWaiting: false };
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

  return {
    store: async (delivery) => store(delivery),

    recordAnswer: async (deliveryId, answer) => {
      const row = rows.get(deliveryId);
      if (row !== undefined) rows.set(deliveryId, { ...row, answer });
    },

    relay: async ({ providers, now, limit }, work) => {
      if (isRelaying) return 'busy';
      isRelaying = true;
      try {
        const isDue = (row: Row) =>
          row.isWaiting && row.availableAt <= now && providers.includes(row.provider);
        const batch = [...rows.values()].filter(isDue).slice(0, limit);
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
      return row.status === 'duplicate' && first !== undefined ? { ...row, body: first.body } : row;
    },

    list: async ({ order, after, limit, ...filter }) => {
      const oldestFirst = [...rows.values()].filter((row) => isMeant(row, filter));
      const ordered = order === 'oldest-first' ? oldestFirst : oldestFirst.reverse();
      const isBeyond = ({ sequence }: Row): boolean =>
        after === null ||
        (order === 'oldest-first'
          ? BigInt(sequence) > BigInt(after)
          : BigInt(sequence) < BigInt(after));
      return ordered.filter(isBeyond).slice(0, limit).map(summaryOf);
    },

    count: async () => {
      const all = [...rows.values()];
      return {
        waiting: all.filter(({ isWaiting }) => isWaiting).length,
        quarantined: all.filter(({ status }) => status === 'quarantined').length,
      };
    },
  };
}

const isMeant = (row: Row, { status, provider, code, from, to }: DeliveryFilter): boolean =>
  (status === null || row.status === status) &&
  (provider === null || row.provider === provider) &&
  (code === null || row.reason?.code === code) &&
  (from === null || row.receivedAt >= from) &&
  (to === null || row.receivedAt < to);

const summaryOf = (row: Row): DeliverySummary => ({
  id: row.id,
  sequence: row.sequence,
  provider: row.provider,
  dialect: row.dialect,
  receivedAt: row.receivedAt,
  status: row.status,
  reason: row.reason,
  bodySha256: row.bodySha256,
  eventKey: row.eventKey,
  firstDeliveryId: row.firstDeliveryId,
});
