/** Nulls where the bytes were removed after their time. */
export type BodyText = Readonly<{ body: string | null; bodyEncoding: 'utf8' | 'base64' | null }>;

/** The exact bytes as text: as they are where they are UTF-8, in base64 where they are not. */
export function bodyText(bytes: Uint8Array | null): BodyText {
  if (bytes === null) return { body: null, bodyEncoding: null };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { body: text, bodyEncoding: 'utf8' };
  } catch {
    return { body: Buffer.from(bytes).toString('base64'), bodyEncoding: 'base64' };
  }
}
