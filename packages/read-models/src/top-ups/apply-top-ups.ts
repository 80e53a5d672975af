import { type Instant, instant } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import type { RecordedEvent } from '../ledger-event.ts';
import { rowOfSql, sqlInstant } from '../table/row-codec.ts';
import { columnList } from '../table/table-shape.ts';
import { insertRows, workingRows } from '../table/working-rows.ts';
import { pair, pairingWindowMs } from './pair.ts';
import {
  type CreditTraits,
  type TopUpCreditRow,
  topUpCreditTable,
  type TopUpRow,
  topUpTable,
} from './schema.ts';
import { bothTold, creditsIn, pairingKeyOf, pairingsOf, topUpsIn } from './top-up-facts.ts';

/**
 * Keeps top-ups and credits, and which credit each top-up is taken to have: a function of the
 * two sets, whatever was told first.
 */
export async function applyTopUps(
  batch: readonly RecordedEvent[],
  session: SqlSession,
): Promise<void> {
  const told = batch.flatMap(topUpsIn);
  const credits = batch.flatMap(creditsIn);
  if (told.length + credits.length === 0) return;
  const changes = [...(await keepTopUps(session, told)), ...credits.flatMap(changesBy)];
  await insertRows(session, topUpCreditTable, credits);
  for (const change of await withTopUps(session, joined(changes))) await pairAnew(session, change);
}

/** Between which times something changed for those of one pairing key. */
type Change = Readonly<{ key: string; credit: CreditTraits; from: Instant; to: Instant }>;

async function keepTopUps(
  session: SqlSession,
  told: readonly TopUpRow[],
): Promise<readonly Change[]> {
  const rows = await workingRows(session, topUpTable, told);
  const changes: Change[] = [];
  for (const row of told) {
    const known = rows.get(row);
    const kept = known === undefined ? row : bothTold(known, row);
    rows.put(kept);
    // What was known before left a credit to others.
    changes.push(...changesOf(known), ...changesOf(kept));
  }
  await rows.flush();
  return changes;
}

function changesOf(row: TopUpRow | undefined): readonly Change[] {
  if (row === undefined || row.pairingKey === null || row.completedAt === null) return [];
  return [{ key: row.pairingKey, credit: row, from: row.completedAt, to: row.completedAt }];
}

const changesBy = (row: TopUpCreditRow): readonly Change[] =>
  pairingsOf(row).flatMap((credit) => {
    const key = pairingKeyOf(credit);
    return key === null ? [] : [{ key, credit, from: row.deliveredAt, to: row.deliveredAt }];
  });

function joined(changes: readonly Change[]): readonly Change[] {
  const byKey = new Map<string, Change>();
  for (const change of changes) {
    const { from, to } = byKey.get(change.key) ?? change;
    byKey.set(change.key, {
      ...change,
      from: change.from < from ? change.from : from,
      to: change.to > to ? change.to : to,
    });
  }
  return [...byKey.values()];
}

/** Most credits belong to nothing that waits for one. */
async function withTopUps(
  session: SqlSession,
  changes: readonly Change[],
): Promise<readonly Change[]> {
  const { rows } = await session.query(
    'select distinct pairing_key from top_ups where pairing_key = any($1::text[])',
    [changes.map(({ key }) => key)],
  );
  const keys = new Set(rows.map((row) => row['pairing_key']));
  return changes.filter(({ key }) => keys.has(key));
}

/**
 * How far from a change pairs are made anew. A change passes from pair to pair only to ones that
 * are further apart, which ends within a window or two; the work must not grow with the history.
 */
const reachMs = 7 * pairingWindowMs;
/** Who competes for the credits within reach. */
const sightMs = reachMs + 2 * pairingWindowMs;

async function pairAnew(session: SqlSession, { key, credit, from, to }: Change): Promise<void> {
  const sight = [sqlInstant(instant(from - sightMs)), sqlInstant(instant(to + sightMs))];
  const topUps = await readTopUps(session, key, sight);
  const creditOf = pair(topUps, await readCredits(session, credit, sight));
  const rows = await workingRows(session, topUpTable, []);
  for (const row of topUps) {
    const creditId = creditOf.get(row.depositId) ?? null;
    const isWithinReach = row.completedAt >= from - reachMs && row.completedAt <= to + reachMs;
    if (isWithinReach && creditId !== row.creditId)
      rows.put({ ...row, creditId, isAwaited: creditId === null });
  }
  await rows.flush();
}

async function readTopUps(session: SqlSession, key: string, sight: readonly string[]) {
  const { rows } = await session.query(
    `select ${columnList(topUpTable)} from top_ups
     where pairing_key = $1 and completed_at between $2 and $3`,
    [key, ...sight],
  );
  return rows
    .map((row) => rowOfSql(topUpTable, row))
    .flatMap((row) => (row.completedAt === null ? [] : [{ ...row, completedAt: row.completedAt }]));
}

async function readCredits(
  session: SqlSession,
  { provider, account, asset, units }: CreditTraits,
  sight: readonly string[],
) {
  const { rows } = await session.query(
    `select ${columnList(topUpCreditTable)} from top_up_credits
     where provider = $1 and delivered_at between $2 and $3
       and ($4::text is null or account = $4)
       and ($5::text is null or (asset = $5 and units = $6::numeric))`,
    [provider, ...sight, account, asset, units === null ? null : String(units)],
  );
  return rows.map((row) => rowOfSql(topUpCreditTable, row));
}
