import { type Checkpoint, checkpoint } from '@counterfoil/domain';
import type { ModelName, Position } from '@counterfoil/read-models';
import { problemError } from '@counterfoil/runtime';
import { notReached, type Positions } from './positions.ts';

/** Written on every answer that comes from read models: the position that it reflects at least. */
export const positionHeader = 'counterfoil-position';

type HeaderTarget = Readonly<{ header: (name: string, value: string) => unknown }>;

/**
 * Reads rows and says which position they reflect. With `minPosition` it waits for it first, and
 * after five seconds throws the problem `position-not-reached` with the lag.
 */
export type Reader = <Value>(
  models: readonly ModelName[],
  minPosition: string | undefined,
  reply: HeaderTarget,
  read: () => Promise<Value>,
) => Promise<Value>;

export function reader(positions: Positions): Reader {
  return async (models, minPosition, reply, read) => {
    const wanted = minPosition === undefined ? 'start' : parsePosition(minPosition);
    const reached =
      wanted === 'start'
        ? await positions.current(models)
        : await positions.waitFor(models, wanted);
    if (reached === null) throw notReached(await positions.current(models), wanted);
    void reply.header(positionHeader, reached);
    return read();
  };
}

/** As the store adapters write them; more digits than a 64-bit integer has would be a fault there. */
const positionPattern = /^(0|[1-9]\d{0,17})$/;

export function parsePosition(text: string): Position {
  if (text === 'start') return text;
  if (!positionPattern.test(text)) throw problemError('position-malformed');
  return checkpoint(text) satisfies Checkpoint;
}
