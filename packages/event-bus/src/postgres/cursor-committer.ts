import type { CursorMove } from './turn-commit.ts';

type Waiting = Readonly<{
  move: CursorMove;
  resolve: (isHeld: boolean) => void;
  reject: (error: unknown) => void;
}>;

/** Moves of several partitions that end while a statement is under way share the next one. */
export function cursorCommitter(
  moveAll: (moves: readonly CursorMove[]) => Promise<ReadonlySet<number>>,
): (move: CursorMove) => Promise<boolean> {
  let waiting: Waiting[] = [];
  let isMoving = false;

  const drain = async (): Promise<void> => {
    isMoving = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const held = await moveAll(batch.map(({ move }) => move));
        for (const { move, resolve } of batch) resolve(held.has(move.partition));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isMoving = false;
  };

  return (move) =>
    new Promise((resolve, reject) => {
      waiting.push({ move, resolve, reject });
      if (!isMoving) void drain();
    });
}
