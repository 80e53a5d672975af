/**
 * Joins the parts of a key so that no two lists of parts give the same text, also where an id
 * contains the separator. An absent part counts as empty.
 */
export const joinedKey = (parts: readonly (string | null)[]): string =>
  parts.map((part) => (part ?? '').replace(/[\\|]/g, '\\$&')).join('|');

/** On-chain addresses and hashes are compared in lower case; other ids byte for byte (R8). */
export const chainText = (text: string): string =>
  /^0x[0-9a-f]*$/i.test(text) ? text.toLowerCase() : text;
