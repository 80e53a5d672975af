import { changesAt, deliveryOf, type RecordedEvent, streamParts } from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { insertRows, workingRows } from '../table/working-rows.ts';
import {
  type SuspenseRow,
  suspenseTable,
  suspenseTables,
  type WaitingRow,
  waitingTable,
} from './schema.ts';

const isSuspense = (recorded: RecordedEvent) =>
  streamParts(recorded.stream).category === 'suspense';

export const suspenseProjection: Projection = {
  name: 'suspense',
  version: 1,
  tables: suspenseTables,
  tableNames: [waitingTable.name, suspenseTable.name],
  apply: async (batch, session) => {
    const ours = batch.filter(isSuspense);
    await insertRows(session, waitingTable, ours.flatMap(waitingRows));
    const changes = ours.flatMap(moneyChanges);
    const money = await workingRows(session, suspenseTable, changes);
    for (const change of changes) {
      const known = money.get(change);
      const units = (known?.units ?? 0n) + change.units;
      if (units === 0n) money.remove(change);
      else money.put({ ...change, units, since: known?.since ?? change.since });
    }
    await money.flush();
  },
};

function waitingRows({ event, stream }: RecordedEvent): readonly WaitingRow[] {
  if (event.type !== 'AccountOpened' || event.data.owner.place !== 'suspense') return [];
  const { owner, openedFor } = event.data;
  return [
    {
      stream,
      waitingId: owner.accountId,
      provider: owner.provider,
      referenceKind: openedFor?.kind ?? null,
      referenceExternalId: openedFor?.externalId ?? null,
    },
  ];
}

/** What an event adds to the money that waits in its stream. */
function moneyChanges(recorded: RecordedEvent): readonly SuspenseRow[] {
  const changes = changesAt(recorded, (address) => address.startsWith('suspense:'));
  return [...changes]
    .filter(([, units]) => units !== 0n)
    .map(([asset, units]) => ({
      stream: recorded.stream,
      asset,
      units,
      since: recorded.occurredAt,
      lastEventType: recorded.event.type,
      lastDeliveryId: deliveryOf(recorded),
    }));
}
