import type { Topic } from '../event-bus.ts';

/** A message that says only whose it is and which one in order. */
export type Note = Readonly<{ key: string; ordinal: number }>;

export const noteTopic = (name = 'notes'): Topic<Note> => ({
  name,
  keyOf: (note) => note.key,
  idOf: (note) => `${note.key}-${note.ordinal}`,
  encode: (note) => ({ ...note }),
  decode: ({ key, ordinal }) => {
    if (typeof key !== 'string' || typeof ordinal !== 'number') throw new Error('not a note');
    return { key, ordinal };
  },
});

export const notesOf = (key: string, count: number): [Note, ...Note[]] => [
  { key, ordinal: 1 },
  ...Array.from({ length: count - 1 }, (_, index) => ({ key, ordinal: index + 2 })),
];
