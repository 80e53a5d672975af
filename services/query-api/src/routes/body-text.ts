export type BodyText = Readonly<{ body: string; bodyEncoding: 'utf8' | 'base64' }>;

/** The exact bytes as text: as they are where they are UTF-8, in base64 where they are not. */
export function bodyText(bytes: Uint8Array): BodyText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { body: text, bodyEncoding: 'utf8' };
  } catch {
    return { body: Buffer.from(bytes).toString('base64'), bodyEncoding: 'base64' };
  }
}
