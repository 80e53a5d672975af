const secretPattern = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

// What Standard Webhooks demands: shorter keys can be guessed, longer ones add nothing.
const keyBytesMin = 24;
const keyBytesMax = 64;

/** The key of a Standard Webhooks secret; null for text that is none. */
export function standardKey(secret: string): Uint8Array | null {
  const encoded = secretPattern.exec(secret)?.[1];
  if (encoded === undefined) return null;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= keyBytesMin && key.length <= keyBytesMax ? key : null;
}
