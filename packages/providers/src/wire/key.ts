import { externalIdLengthMax } from '@counterfoil/domain';
import { sha256 } from './exact-json.ts';

/**
 * Joins the parts of a key so that no two lists of parts give the same text, also where an id
 * contains the separator. An absent part counts as empty.
 */
export const joinedKey = (parts: readonly (string | null)[]): string =>
  parts.map((part) => (part ?? '').replace(/[\\|]/g, '\\$&')).join('|');

/** On-chain addresses and hashes are compared in lower case; other ids byte for byte (R8). */
export const chainText = (text: string): string =>
  /^0x[0-9a-f]*$/i.test(text) ? text.toLowerCase() : text;

/** An id made of several fields; longer than any id may be, it is known by its hash. */
export function joinedId(parts: readonly (string | null)[]): string {
  const id = joinedKey(parts);
  return id.length > externalIdLengthMax ? `sha256:${sha256(id)}` : id;
}
