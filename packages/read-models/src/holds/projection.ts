import { effectOf, type RecordedEvent, streamParts } from '../ledger-event.ts';
import type { Projection } from '../projection.ts';
import { workingRows } from '../table/working-rows.ts';
import { type HoldRow, holdTable, holdTables } from './schema.ts';

/** The holds of an event as rows; zero units is a hold that is gone. */
const holdRows = (recorded: RecordedEvent): readonly HoldRow[] =>
  (effectOf(recorded)?.holds ?? []).map((hold) => ({
    stream: recorded.stream,
    holdId: hold.holdId,
    accountId: streamParts(recorded.stream).id,
    provider: hold.provider,
    cardId: hold.cardId,
    authorizationId: hold.authorizationId,
    asset: hold.held.asset,
    units: hold.held.units,
    isConfirmed: hold.isConfirmed,
    placedAt: recorded.occurredAt,
    expiresAt: hold.expiresAt,
  }));

export const holdsProjection: Projection = {
  name: 'holds',
  version: 1,
  tables: holdTables,
  tableNames: [holdTable.name],
  apply: async (batch, session) => {
    const changes = batch.flatMap(holdRows);
    const holds = await workingRows(session, holdTable, changes);
    for (const change of changes) {
      if (change.units === 0n) holds.remove(change);
      else holds.put({ ...change, placedAt: holds.get(change)?.placedAt ?? change.placedAt });
    }
    await holds.flush();
  },
};
