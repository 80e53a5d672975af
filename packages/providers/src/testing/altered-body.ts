import { isLosslessNumber, LosslessNumber, stringify } from 'lossless-json';
import type { QuarantineCode } from '../provider-adapter.ts';
import {
  type ExactJson,
  type ExactObject,
  isObject,
  nestingMax,
  parseExactJson,
} from '../wire/exact-json.ts';

/** A place in a body: keys and positions from the outside in. */
export type BodyPath = readonly (string | number)[];
export type BodyLeaf = Readonly<{ path: BodyPath; value: ExactJson }>;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (body: Uint8Array): string => new TextDecoder().decode(body);

export function parsedBody(body: Uint8Array): ExactObject {
  const parsed = parseExactJson(body);
  if (!parsed.ok) throw new Error(`Cannot alter a body that cannot be read: ${parsed.error.code}`);
  return parsed.value;
}

/** Every value that contains no other, with where it stands. */
export function leavesOf(value: ExactJson, path: BodyPath = []): readonly BodyLeaf[] {
  if (value === null || typeof value !== 'object' || isLosslessNumber(value))
    return [{ path, value }];
  if (Array.isArray(value))
    return value.flatMap((item: ExactJson, index) => leavesOf(item, [...path, index]));
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

/** The body with another value in one place; all other numbers stay as written. */
export function withValue(body: ExactObject, path: BodyPath, value: unknown): Uint8Array {
  const text = stringify(replaced(body, path, value));
  if (text === undefined) throw new Error('A body always has a text');
  return encode(text);
}

function replaced(current: unknown, path: BodyPath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(current))
    return current.map((item: unknown, index) =>
      index === key ? replaced(item, rest, value) : item,
    );
  const object = current as ExactObject;
  return { ...object, [key]: replaced(object[key], rest, value) };
}

/** The same body with its members in the opposite order and other white space. */
export function withOtherLayout(body: ExactObject): Uint8Array {
  const text = stringify(reversed(body), undefined, 3);
  if (text === undefined) throw new Error('A body always has a text');
  return encode(` ${text} `);
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, item]) => [key, reversed(item)]);
  return Object.fromEntries(members.reverse());
}

/** A number written exactly so. */
export const exactNumber = (digits: string): LosslessNumber => new LosslessNumber(digits);

/** The body with one more member in front, given as JSON text. */
export const withMember = (body: Uint8Array, member: string): Uint8Array =>
  encode(decode(body).replace('{', `{${member},`));

export type MalformedBody = Readonly<{ title: string; body: Uint8Array; code: QuarantineCode }>;

/** Ways in which an authentic body can be unreadable, with the code each is quarantined by. */
export function malformedBodies(body: Uint8Array): readonly MalformedBody[] {
  const text = decode(body);
  const nested = `"zz":${'['.repeat(nestingMax)}${']'.repeat(nestingMax)}`;
  const invalid = withMember(body, '"zz":"?"');
  const malformed = 'payload-malformed';
  return [
    { title: 'empty', body: new Uint8Array(), code: malformed },
    { title: 'not an object', body: encode(`[${text}]`), code: malformed },
    { title: 'cut off in the middle', body: body.slice(0, body.length / 2), code: malformed },
    { title: 'cut off before its last byte', body: body.slice(0, -1), code: malformed },
    { title: 'followed by something', body: encode(`${text}}`), code: malformed },
    {
      title: 'not UTF-8',
      body: invalid.map((byte) => (byte === 0x3f ? 0xff : byte)),
      code: malformed,
    },
    { title: 'naming a key twice', body: withMember(body, '"zz":1,"zz":1'), code: 'duplicate-key' },
    { title: 'too deep', body: withMember(body, nested), code: 'nesting-too-deep' },
    { title: 'with U+0000 in it', body: withMember(body, '"zz":"\\u0000"'), code: 'null-byte' },
  ];
}
