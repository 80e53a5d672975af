/** What the server keeps of an event, and gives back. */
export type ServerRecord = Readonly<{
  id: string;
  stream: string;
  revision: number;
  /** A byte offset: it grows, and is not dense. */
  position: bigint;
  /** `type`, `content-type` and `created`. */
  metadata: readonly (readonly [string, string])[];
  customMetadata: Uint8Array;
  data: Uint8Array;
}>;

export type Proposed = Pick<ServerRecord, 'id' | 'metadata' | 'customMetadata' | 'data'>;

export type Expected = number | 'no-stream' | 'any' | 'stream-exists';

export type ServerAppend =
  | Readonly<{ outcome: 'stored'; revision: number; position: bigint; isRepeated: boolean }>
  /** -1: there is no stream. */
  | Readonly<{ outcome: 'wrong-version'; current: number }>
  | Readonly<{ outcome: 'deleted' }>;

export interface ServerLog {
  readonly records: readonly ServerRecord[];
  readonly streamOf: (stream: string) => readonly ServerRecord[];
  readonly isDeleted: (stream: string) => boolean;
  readonly append: (
    stream: string,
    expected: Expected,
    proposed: readonly Proposed[],
  ) => ServerAppend;
  readonly tombstone: (stream: string) => void;
  /** As a restart does: known ids are then found only with an exact revision. */
  readonly forgetRecentIds: () => void;
}

// Between the positions of records: what a record of the transaction file takes beside its data.
const bytesPerRecord = 137;

/** A log with the real server's idempotence, which is of two kinds. Starts with a system event. */
export function serverLog(now: () => number, onAppended: () => void): ServerLog {
  const records: ServerRecord[] = [];
  const streams = new Map<string, ServerRecord[]>();
  const deleted = new Set<string>();
  // Of ANY and STREAM_EXISTS, in memory only.
  const recentIds = new Map<string, ServerRecord>();
  let end = 0n;

  const write = (stream: string, proposed: readonly Proposed[]) => {
    const own = streams.get(stream) ?? [];
    const created = String(BigInt(now()) * 10_000n);
    for (const { id, metadata, customMetadata, data } of proposed) {
      const kept = { id, stream, customMetadata, data, revision: own.length, position: end };
      const record = { ...kept, metadata: [...metadata, ['created', created] as const] };
      end += BigInt(bytesPerRecord + data.length);
      own.push(record);
      records.push(record);
      recentIds.set(`${stream} ${id}`, record);
    }
    streams.set(stream, own);
  };

  const stored = (record: ServerRecord | undefined, isRepeated: boolean): ServerAppend => ({
    outcome: 'stored',
    revision: record?.revision ?? 0,
    position: record?.position ?? 0n,
    isRepeated,
  });

  const append: ServerLog['append'] = (stream, expected, proposed) => {
    if (deleted.has(stream)) return { outcome: 'deleted' };
    const own = streams.get(stream) ?? [];
    const current = own.length - 1;
    const isInexact = expected === 'any' || expected === 'stream-exists';
    const wanted = expected === 'no-stream' ? -1 : isInexact ? current : expected;
    const isRight = wanted === current && !(expected === 'stream-exists' && current < 0);
    const known = isInexact
      ? proposed.map(({ id }) => recentIds.get(`${stream} ${id}`))
      : proposed.map(({ id }, index) => ownAt(own, wanted + 1 + index, id));
    const found = known.filter((record) => record !== undefined);
    if (proposed.length > 0 && found.length === proposed.length) return stored(found.at(-1), true);
    if (!isRight || (isInexact && found.length > 0)) return { outcome: 'wrong-version', current };
    write(stream, proposed);
    onAppended();
    return stored((streams.get(stream) ?? []).at(-1), false);
  };

  write('$$$scavenges', [
    {
      id: '5e0a8e2c-3a1c-4cf5-9e12-5d4a2f5b0001',
      metadata: [
        ['type', '$metadata'],
        ['content-type', 'application/json'],
      ],
      customMetadata: new Uint8Array(),
      data: Buffer.from('{}'),
    },
  ]);
  return {
    records,
    streamOf: (stream) => streams.get(stream) ?? [],
    isDeleted: (stream) => deleted.has(stream),
    append,
    tombstone: (stream) => void deleted.add(stream),
    forgetRecentIds: () => recentIds.clear(),
  };
}

function ownAt(own: readonly ServerRecord[], revision: number, id: string) {
  const record = own[revision];
  return record?.id === id ? record : undefined;
}
