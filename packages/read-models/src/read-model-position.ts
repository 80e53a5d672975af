import { type Checkpoint, checkpoint } from '@counterfoil/domain';
import type { SqlSession } from '@counterfoil/runtime';
import { type ModelName, servingSchema } from './model-name.ts';

export type Position = Checkpoint | 'start';

/**
 * Every store adapter issues positions as decimal text without leading zeros that grows along the
 * log; that is all this relies on. Negative, zero or positive, as in a sort.
 */
export function comparePositions(left: Position, right: Position): number {
  const [leftText, rightText] = [left, right].map((position) =>
    position === 'start' ? '' : position,
  );
  if (leftText === undefined || rightText === undefined || leftText === rightText) return 0;
  if (leftText.length !== rightText.length) return leftText.length - rightText.length;
  return leftText < rightText ? -1 : 1;
}

/**
 * The position that answers from all of these models reflect: the least of theirs. Read it before
 * the rows: they are then at least as new as it says.
 */
export async function readModelPosition(
  session: SqlSession,
  models: readonly ModelName[],
): Promise<Position> {
  const positions = models.map(
    (model) => `select position from ${servingSchema(model)}.checkpoint`,
  );
  const { rows } = await session.query(positions.join(' union all '));
  const [first, ...others] = rows.map((row) => positionOf(String(row['position'])));
  if (first === undefined) return 'start';
  return others.reduce((least, next) => (comparePositions(next, least) < 0 ? next : least), first);
}

export const positionOf = (text: string): Position =>
  text === 'start' ? 'start' : checkpoint(text);
