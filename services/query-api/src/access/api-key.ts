import { createHash, timingSafeEqual } from 'node:crypto';
import type { Scope } from './scope.ts';

/** Who asks: `name` is written beside what they did. */
export type ApiKey = Readonly<{ keyId: string; name: string; scopes: readonly Scope[] }>;

/** A secret of high entropy needs no slow hash; at rest only this is kept. */
export const secretDigest = (secret: string): Buffer =>
  createHash('sha256').update(secret, 'utf8').digest();

/** Takes the same time wherever the difference is. */
export const isSecret = (secret: string, digest: Uint8Array): boolean =>
  digest.byteLength === 32 && timingSafeEqual(secretDigest(secret), digest);

/** `<keyId>.<secret>`: the id finds the row, the secret proves it. Null when it has another form. */
export function keyParts(text: string): Readonly<{ keyId: string; secret: string }> | null {
  const match = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,256})$/.exec(text);
  return match === null ? null : { keyId: match[1] ?? '', secret: match[2] ?? '' };
}
