import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from './http-server.ts';
import { problemError } from './problem.ts';

/** Longer than any key: bounds what is hashed. */
const bearerLengthMax = 512;

/**
 * A hook that lets only our own services through, before the body is read: those that send one of
 * the keys as a bearer. Two keys are valid at once while they are rotated.
 */
export function internalAccess(keys: readonly string[]): (request: HttpRequest) => Promise<void> {
  const known = keys.map(digestOf);
  return async ({ headers }) => {
    const match = /^Bearer (\S+)$/.exec((headers.authorization ?? '').slice(0, bearerLengthMax));
    if (match === null)
      throw problemError('api-key-missing', 'Only our own services may call this.');
    const presented = digestOf(match[1] ?? '');
    // Every key is compared, so that the time taken says nothing about which one came near.
    const matching = known.filter((key) => timingSafeEqual(key, presented));
    if (matching.length === 0) throw problemError('api-key-wrong');
  };
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key, 'utf8').digest();
