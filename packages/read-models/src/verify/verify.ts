import type { EventStore } from '@counterfoil/event-store';
import type { Database, SqlSession } from '@counterfoil/runtime';
import { ledgerEvents, type RecordedEvent } from '../ledger-event.ts';
import { type CopyState, copyState, pinLock, useSchema } from '../model-copy.ts';
import { servingSchema } from '../model-name.ts';
import type { Projection } from '../projection.ts';
import { allProjections } from '../projections.ts';
import { comparePositions, type Position } from '../read-model-position.ts';
import { type BookChecks, bookChecks, type CheckResult } from './book-checks.ts';
import { compareCopies } from './compare-copies.ts';
import { checkReserved, checkStatementEnds, checkSumZero } from './cross-checks.ts';

export type VerifyReport = Readonly<{
  ok: boolean;
  /** Events that the books were derived from. */
  events: number;
  drift: number;
  checks: readonly CheckResult[];
  firstDrift: Readonly<{ check: string; what: string }> | null;
}>;

export type VerifyProgress = Readonly<{ events: number; position: Position; head: Position }>;

export type VerifyOptions = Readonly<{
  store: Pick<EventStore, 'readAll' | 'head'>;
  database: Pick<Database, 'withSession'>;
  onProgress?: (progress: VerifyProgress) => void;
  /** False for a store whose positions only grow, as EventStoreDB's. */
  arePositionsContiguous?: boolean;
}>;

const batchSize = 1000;

/**
 * Derives the books from the whole log and compares every read model with what it must be at its
 * own checkpoint, in one snapshot beside a running system; nothing is written that outlives the
 * call. Then checks the books against themselves. It needs room for one copy of the models in the
 * database's temporary tables, and postpones swaps of rebuilds while it runs.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  return options.database.withSession(async (session) => {
    // Before the snapshot: a swap after it would show new tables whose rows it cannot see.
    for (const { name } of allProjections)
      await session.query(`select pg_advisory_lock_shared(${pinLock(name)})`);
    try {
      await session.query('begin isolation level repeatable read');
      return await verifyInSnapshot(session, options);
    } finally {
      await session.query('rollback');
      await session.query('select pg_advisory_unlock_all()');
    }
  });
}

async function verifyInSnapshot(
  session: SqlSession,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const serving = await servingStates(session);
  const head = await options.store.head();
  await useSchema(session, 'pg_temp');
  for (const { tables } of allProjections)
    for (const statement of tables) await session.query(statement);

  const books = bookChecks(options.arePositionsContiguous ?? true);
  const events = await readLog(options, 'start', head, async (batch) => {
    for (const recorded of batch) books.add(recorded);
    for (const projection of allProjections) {
      const { position } = stateOf(serving, projection);
      await applyWhere(session, projection, batch, (at) => comparePositions(at, position) <= 0);
    }
  });
  const compared: CheckResult[] = [];
  for (const projection of allProjections)
    compared.push(await compareModel(session, projection, serving));
  const crossed = await crossChecks(session, options, serving, head, books);
  return reportOf(events, [...books.results(), ...compared, ...crossed]);
}

type Serving = ReadonlyMap<string, CopyState | null>;

async function servingStates(session: SqlSession): Promise<Serving> {
  const states = new Map<string, CopyState | null>();
  for (const { name } of allProjections)
    states.set(name, await copyState(session, servingSchema(name)));
  return states;
}

/** A model that nobody has made yet stands at the start, where it is right to be empty. */
const stateOf = (serving: Serving, projection: Projection): CopyState =>
  serving.get(projection.name) ?? { position: 'start', version: projection.version };

async function readLog(
  { store, onProgress }: VerifyOptions,
  after: Position,
  head: Position,
  handle: (batch: readonly RecordedEvent[]) => Promise<void>,
): Promise<number> {
  let position = after;
  let events = 0;
  while (comparePositions(position, head) < 0) {
    const read = await store.readAll({ after: position, limit: batchSize });
    if (read.next === position) break;
    const batch = ledgerEvents(read.events).filter(
      (recorded) => comparePositions(recorded.position, head) <= 0,
    );
    await handle(batch);
    events += batch.length;
    position = read.next;
    onProgress?.({ events, position, head });
  }
  return events;
}

async function applyWhere(
  session: SqlSession,
  projection: Projection,
  batch: readonly RecordedEvent[],
  isWanted: (position: Position) => boolean,
): Promise<void> {
  const wanted = batch.filter(({ position }) => isWanted(position));
  if (wanted.length > 0) await projection.apply(wanted, session);
}

async function compareModel(
  session: SqlSession,
  projection: Projection,
  serving: Serving,
): Promise<CheckResult> {
  const name = `read-model ${projection.name}`;
  const state = serving.get(projection.name) ?? null;
  if (state === null) return { name, ok: true, drift: 0, first: null };
  if (state.version !== projection.version) {
    const first = `its tables are of version ${state.version}, not ${projection.version}: rebuild it`;
    return { name, ok: false, drift: 1, first };
  }
  return compareCopies(session, projection);
}

/** Brings the derived copies to one position, the head, where they must agree with each other. */
async function crossChecks(
  session: SqlSession,
  options: VerifyOptions,
  serving: Serving,
  head: Position,
  books: BookChecks,
): Promise<readonly CheckResult[]> {
  const positions = allProjections.map((projection) => stateOf(serving, projection).position);
  const least = positions.reduce((left, right) =>
    comparePositions(left, right) <= 0 ? left : right,
  );
  const { onProgress: _, ...silent } = options;
  await readLog(silent, least, head, async (batch) => {
    for (const projection of allProjections) {
      const { position } = stateOf(serving, projection);
      await applyWhere(session, projection, batch, (at) => comparePositions(at, position) > 0);
    }
  });
  const sumZero = serving.get('balances') ? [await checkSumZero(session)] : [];
  return [
    ...sumZero,
    await checkReserved(session, books.balances),
    await checkStatementEnds(session),
  ];
}

function reportOf(events: number, checks: readonly CheckResult[]): VerifyReport {
  const drift = checks.reduce((sum, check) => sum + check.drift, 0);
  const failed = checks.find((check) => !check.ok);
  const firstDrift =
    failed === undefined ? null : { check: failed.name, what: failed.first ?? 'no detail' };
  return { ok: failed === undefined, events, drift, checks, firstDrift };
}
