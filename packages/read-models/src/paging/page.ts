import {
  err,
  instantText,
  ok,
  parseInstant,
  type Rejection,
  type Result,
} from '@counterfoil/domain';

export const pageLimitDefault = 50;
export const pageLimitMax = 500;

/** `limit` is cut to 1 to 500. A cursor is only good for the list that gave it. */
export type PageRequest = Readonly<{
  limit?: number | undefined;
  cursor?: string | null | undefined;
}>;
export type Page<Row> = Readonly<{ data: readonly Row[]; nextCursor: string | null }>;
export type PageOf<Row> = Result<Page<Row>, Rejection<'cursor-malformed'>>;

const limitOf = (limit: number | undefined): number =>
  Math.min(Math.max(Math.trunc(limit ?? pageLimitDefault), 1), pageLimitMax);

/** What a part of a cursor may look like, so that a forged one is refused here and not by the database. */
export type KeyPart = 'text' | 'version' | 'instant';

type PagedList<Row, Item> = Readonly<{
  /** Names the list inside its cursors, so that one list refuses another's. */
  list: string;
  request: PageRequest;
  /** The columns of the sort, as text, of the last row shown. */
  keyOf: (row: Row) => readonly string[];
  key: readonly KeyPart[];
  /** Rows after `after`, at most `limit`, in the order of the key. */
  read: (after: readonly string[] | null, limit: number) => Promise<readonly Row[]>;
  show: (row: Row) => Item;
}>;

/** Reads one row more than asked, so that the last page knows that it is the last. */
export async function readPage<Row, Item>(paged: PagedList<Row, Item>): Promise<PageOf<Item>> {
  const limit = limitOf(paged.request.limit);
  const cursor = paged.request.cursor ?? null;
  const after = cursor === null ? null : parseCursor(paged.list, paged.key, cursor);
  if (cursor !== null && after === null)
    return err({ code: 'cursor-malformed', message: 'The cursor is not one that this list gave.' });
  const rows = await paged.read(after, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? cursorText(paged.list, paged.keyOf(last)) : null;
  return ok({ data: shown.map(paged.show), nextCursor });
}

const cursorText = (list: string, key: readonly string[]): string =>
  Buffer.from(JSON.stringify([list, ...key])).toString('base64url');

function parseCursor(
  list: string,
  keyParts: readonly KeyPart[],
  cursor: string,
): readonly string[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== keyParts.length + 1 || parts[0] !== list)
      return null;
    const key: readonly unknown[] = parts.slice(1);
    const isKey = (part: unknown, at: number) => isKeyPart(keyParts[at], part);
    return key.every((part): part is string => typeof part === 'string') && key.every(isKey)
      ? key
      : null;
  } catch {
    return null;
  }
}

const versionPattern = /^\d{1,18}$/;

/** Only as we write it: we read more forms than PostgreSQL does, and it knows no year 0. */
function isInstantWritten(text: string): boolean {
  const at = parseInstant(text);
  return at !== null && instantText(at) === text && !text.startsWith('0000');
}

function isKeyPart(part: KeyPart | undefined, value: unknown): boolean {
  if (part === undefined || typeof value !== 'string') return false;
  switch (part) {
    case 'version':
      return versionPattern.test(value);
    case 'instant':
      return isInstantWritten(value);
    case 'text':
      // PostgreSQL text holds no null byte: such a cursor was not ours.
      return !value.includes('\0');
  }
}
