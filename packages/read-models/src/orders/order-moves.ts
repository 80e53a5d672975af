import { type AccountId, addressOf, type Asset, type Money } from '@counterfoil/domain';
import { accountOf, changesAt, type RecordedEvent } from '../ledger-event.ts';
import { type OrderBook, orderByName } from './order-rows.ts';
import { movedOrders } from './order-names.ts';
import type { OrderRow } from './schema.ts';

type Move = Readonly<{ row: OrderRow; reserved: readonly Money[] }>;

/**
 * The orders among what moves, with what each adds to the account's `reserved`. An order brings or
 * takes what it had reserved. One that comes from suspense had nothing, since nothing is reserved
 * for nobody: what the event reserves beyond the others is for such orders.
 */
export function movesOf(book: OrderBook, recorded: RecordedEvent): readonly Move[] {
  const sign = recorded.event.type === 'MoneyMovedOut' ? -1n : 1n;
  const moves: Move[] = movedOrders(recorded).flatMap(({ names, booked }) => {
    const row = names.map((name) => orderByName(book, name)).find((found) => found !== undefined);
    const lines = booked.filter(({ place }) => place === 'reserved');
    const reserved = lines.map(({ amount }) => ({ ...amount, units: sign * amount.units }));
    return row === undefined ? [] : [{ row, reserved }];
  });
  return withRest(moves, restOf(recorded, moves));
}

/** What the postings reserve beyond what the orders brought, by asset. */
function restOf(recorded: RecordedEvent, moves: readonly Move[]): readonly Money[] {
  const accountId = accountOf(recorded);
  if (accountId === null || moves.length === 0) return [];
  const address: string = addressOf(accountId as AccountId, 'reserved');
  const changes = new Map(changesAt(recorded, (candidate) => candidate === address));
  for (const { asset, units } of moves.flatMap(({ reserved }) => reserved))
    changes.set(asset, (changes.get(asset) ?? 0n) - units);
  return [...changes].map(([asset, units]) => ({ asset: asset as Asset, units }));
}

/** Each order that brought nothing takes what it asks for; the last of them takes what is left. */
function withRest(moves: readonly Move[], rest: readonly Money[]): readonly Move[] {
  const isEmpty = (move: Move) => move.reserved.length === 0;
  const takers = moves.some(isEmpty) ? moves.filter(isEmpty) : moves;
  const last = takers.at(-1);
  let left = rest;
  return moves.map((move) => {
    if (!takers.includes(move)) return move;
    const wanted = left.map(({ asset, units }) => ({
      asset,
      units: move === last ? units : least(costIn(move.row, asset), units),
    }));
    left = left.map(({ asset, units }, at) => ({
      asset,
      units: units - (wanted[at]?.units ?? 0n),
    }));
    return { ...move, reserved: [...move.reserved, ...wanted] };
  });
}

const least = (left: bigint, right: bigint): bigint => (left < right ? left : right);

/** What an order that is still open costs; one that is over keeps nothing. */
function costIn({ detail }: OrderRow, asset: Asset): bigint {
  const { amount, fee, isCompleted, isFailed, chainHash } = detail;
  if (isCompleted || (isFailed && chainHash === null)) return 0n;
  return [amount, fee].reduce((sum, part) => sum + (part?.asset === asset ? part.units : 0n), 0n);
}
