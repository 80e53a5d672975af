/** A number to be written with exactly these digits, as some providers write amounts. */
export type Digits = Readonly<{ digits: string }>;

export type BodyValue =
  | null
  | boolean
  | number
  | string
  | Digits
  | readonly BodyValue[]
  | Readonly<{ [name: string]: BodyValue }>;

export const digits = (text: string): Digits => ({ digits: text });

/** JSON text of a body; no number passes through a binary float on its way. */
export function bodyText(value: BodyValue): string {
  if (Array.isArray(value)) return `[${value.map(bodyText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('digits' in value && typeof value.digits === 'string') return value.digits;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${bodyText(member)}`,
  );
  return `{${members.join(',')}}`;
}
