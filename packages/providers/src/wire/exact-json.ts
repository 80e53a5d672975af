import { createHash } from 'node:crypto';
import { err, ok, type Result } from '@counterfoil/domain';
import { isLosslessNumber, LosslessNumber, parse } from 'lossless-json';
import type { Quarantine } from '../provider-adapter.ts';

/** JSON whose numbers keep their source text, so that no amount passes through a binary float. */
export type ExactJson =
  | null
  | boolean
  | string
  | LosslessNumber
  | readonly ExactJson[]
  | Readonly<{ [key: string]: ExactJson }>;
export type ExactObject = Readonly<{ [key: string]: ExactJson }>;

/** Bounds the recursion of everything that walks a body. */
export const nestingMax = 32;

/**
 * Refuses invalid UTF-8 and JSON, duplicate keys, NUL in text, deep nesting, and non-objects (R4).
 * A leading byte order mark is not part of the text. Numbers keep their source text whatever their
 * size: what reads one as an amount bounds its digits.
 */
export function parseExactJson(body: Uint8Array): Result<ExactObject, Quarantine> {
  const text = decode(body);
  if (text === null) return refused('payload-malformed', 'The body is not UTF-8.');
  const written = measure(text);
  if (written.nesting > nestingMax)
    return refused('nesting-too-deep', `The body is nested deeper than ${nestingMax}.`);
  let value: unknown;
  try {
    value = parse(text, undefined, {
      parseNumber: (digits) => new LosslessNumber(digits),
      // The parser reports only duplicates with unequal values; counting below finds them all.
      onDuplicateKey: () => undefined,
    });
  } catch {
    return refused('payload-malformed', 'The body is not valid JSON.');
  }
  if (!isObject(value)) return refused('payload-malformed', 'The body is not a JSON object.');
  if (membersOf(value) !== written.members)
    return refused('duplicate-key', 'An object names a key twice.');
  if (hasNull(value)) return refused('null-byte', 'A text contains the character U+0000.');
  return ok(value);
}

/** SHA-256 of the canonical body: keys sorted, no white space, numbers as written (R5). */
export function canonicalSha256(value: ExactJson): string {
  return sha256(canonicalText(value));
}

/** The canonical text as bytes: a body like the one that was delivered, whatever its layout was. */
export const exactBody = (value: ExactObject): Uint8Array =>
  new TextEncoder().encode(canonicalText(value));

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

export const isObject = (value: unknown): value is ExactObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/** A number of the body, still as its source text. */
export const isNumeral = (value: unknown): value is LosslessNumber => isLosslessNumber(value);

const refused = (code: Quarantine['code'], message: string): Result<never, Quarantine> =>
  err({ code, path: '', message });

function decode(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    return null;
  }
}

/**
 * Before any recursive parser sees the text: how deep its brackets go, and how many members its
 * objects write. In valid JSON every colon outside a string belongs to one member.
 */
function measure(text: string): Readonly<{ nesting: number; members: number }> {
  let depth = 0;
  let nesting = 0;
  let members = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inText) {
      if (character === '\\') index += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === ':') members += 1;
    else if (character === '{' || character === '[') nesting = Math.max(nesting, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return { nesting, members };
}

/** Fewer than were written when a key stood twice, whether its values were equal or not. */
function membersOf(value: ExactJson): number {
  const items = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  const own = isObject(value) ? items.length : 0;
  return items.reduce<number>((sum, item) => sum + membersOf(item), own);
}

function hasNull(value: ExactJson): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (Array.isArray(value)) return value.some(hasNull);
  return (
    isObject(value) && Object.entries(value).some(([key, item]) => hasNull(key) || hasNull(item))
  );
}

function canonicalText(value: ExactJson): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean')
    return JSON.stringify(value);
  if (isLosslessNumber(value)) return value.value;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const object = value as ExactObject;
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(object[key] ?? null)}`);
  return `{${members.join(',')}}`;
}
