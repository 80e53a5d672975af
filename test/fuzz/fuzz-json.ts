/** JSON as a tree that can also hold what no JSON value can: text written as it stands. */
export type FuzzJson = null | boolean | string | Raw | FuzzJson[] | FuzzObject;
export type Raw = Readonly<{ raw: string }>;
/** Members as pairs, so that a name may stand twice. */
export type FuzzObject = Readonly<{ members: [string, FuzzJson][] }>;

export const raw = (text: string): Raw => ({ raw: text });

export const isRaw = (value: FuzzJson): value is Raw =>
  typeof value === 'object' && value !== null && 'raw' in value;

export const isMembers = (value: FuzzJson): value is FuzzObject =>
  typeof value === 'object' && value !== null && 'members' in value;

/** A fresh tree of a real body, free to be broken. */
export const treeOf = (text: string): FuzzJson => fromValue(JSON.parse(text) as unknown);

function fromValue(value: unknown): FuzzJson {
  if (Array.isArray(value)) return value.map(fromValue);
  if (typeof value === 'number') return raw(String(value));
  if (typeof value === 'object' && value !== null)
    return { members: Object.entries(value).map(([name, member]) => [name, fromValue(member)]) };
  return value as null | boolean | string;
}

export function textOf(value: FuzzJson): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (isRaw(value)) return value.raw;
  if (isMembers(value))
    return `{${value.members.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`).join(',')}}`;
  return JSON.stringify(value);
}

/** A place where something can be put instead, or taken away. */
export type Slot = Readonly<{
  name: string;
  get: () => FuzzJson;
  set: (value: FuzzJson) => void;
  remove: () => void;
  parent: FuzzObject | null;
}>;

/** Every place of a tree, outer ones first. */
export function slotsOf(value: FuzzJson): readonly Slot[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => [
      {
        name: `${index}`,
        get: () => value[index] ?? null,
        set: (next: FuzzJson) => void (value[index] = next),
        remove: () => void value.splice(index, 1),
        parent: null,
      },
      ...slotsOf(item),
    ]);
  if (!isMembers(value)) return [];
  return value.members.flatMap((member) => [
    {
      name: member[0],
      get: () => member[1],
      set: (next: FuzzJson) => void (member[1] = next),
      remove: () => void value.members.splice(value.members.indexOf(member), 1),
      parent: value,
    },
    ...slotsOf(member[1]),
  ]);
}
