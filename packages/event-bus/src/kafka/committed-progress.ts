/**
 * How far a group has come in a partition. Kafka knows one offset; we set messages aside and go on
 * with other keys, so what is done and what is not are mixed for a stretch behind that offset.
 */
export type Progress = Readonly<{
  /** Everything before it is done: the offset that Kafka knows. */
  low: bigint;
  /** Nothing is known from here on. */
  reach: bigint;
  /** Offsets from `low` to `reach` that are not done, ascending. */
  unfinished: readonly bigint[];
}>;

/** Brokers keep 4096 bytes beside an offset by default, and ours are all ASCII. */
const metadataLengthMax = 4_000;
const radix = 36;
const mark = 'counterfoil1';

export type CommittedOffset = Readonly<{ offset: string; metadata: string }>;

/**
 * What is committed: the offset, and beside it what is unfinished behind it. Where that does not fit,
 * its end is left out, and what was done there is done again after a restart.
 */
export function encodeProgress({ low, reach, unfinished }: Progress): CommittedOffset {
  const offset = low.toString();
  if (reach === low) return { offset, metadata: '' };
  const steps: string[] = [];
  let length = `${mark};${(reach - low).toString(radix)};`.length;
  let before = low;
  for (const each of unfinished) {
    const step = (each - before).toString(radix);
    length += step.length + 1;
    // From the first one that does not fit, all are taken for unfinished.
    if (length > metadataLengthMax) return { offset, metadata: text(each - low, steps) };
    steps.push(step);
    before = each;
  }
  return { offset, metadata: text(reach - low, steps) };
}

const text = (length: bigint, steps: readonly string[]): string =>
  `${mark};${length.toString(radix)};${steps.join(',')}`;

const written = new RegExp(`^${mark};([0-9a-z]+);([0-9a-z,]*)$`);

/** Null where a group has committed nothing. What others committed beside an offset says nothing to us. */
export function decodeProgress(offset: string, metadata: string | null): Progress | null {
  if (!/^\d+$/.test(offset)) return null;
  const low = BigInt(offset);
  const [, length, steps] = written.exec(metadata ?? '') ?? [];
  if (length === undefined || steps === undefined) return { low, reach: low, unfinished: [] };
  const unfinished: bigint[] = [];
  let before = low;
  for (const step of steps.split(',').filter((each) => each !== '')) {
    before += parseRadix(step);
    unfinished.push(before);
  }
  return { low, reach: low + parseRadix(length), unfinished };
}

function parseRadix(digits: string): bigint {
  let value = 0n;
  for (const digit of digits) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, radix));
  return value;
}

/** Messages of a partition that are not done, where the log ends at `head` and begins at `start`. */
export function lagBehind(
  progress: Progress | null,
  log: Readonly<{ start: bigint; head: bigint }>,
): number {
  if (progress === null) return Number(log.head - log.start);
  const { reach, unfinished } = progress;
  const from = reach > log.start ? reach : log.start;
  const ahead = log.head > from ? log.head - from : 0n;
  const kept = unfinished.filter((offset) => offset >= log.start && offset < log.head);
  return Number(ahead) + kept.length;
}
