import { instantText } from '@counterfoil/domain';
import type { DeadLetter, DeadLetterRetry, DeadLetters } from '@counterfoil/event-bus';
import { withBooks, withBus } from '../books.ts';
import type { CommandEnvironment } from '../command-environment.ts';

type DeadLetterFilter = Readonly<{
  topic?: string;
  group?: string;
  key?: string;
  /** As a CloudEvent names it, or its last part. */
  type?: string;
}>;

/** Of the broker; on Kafka each page reads the topic from its beginning. */
const pageSize = 1_000;
/** What a person can take in; the filters find the rest. */
const listedMax = 500;

/** What consumers gave up on, oldest first, with why. */
export async function listDeadLetters(
  command: CommandEnvironment,
  options: DeadLetterFilter & Readonly<{ json?: boolean }>,
): Promise<void> {
  const { output } = command;
  const found = await withDeadLetters(command, (letters) =>
    waiting(letters, options, { countMax: listedMax + 1, keep: (letter) => letter }),
  );
  const listed = found.slice(0, listedMax);
  if (options.json) output.json(listed.map(jsonOf));
  else
    output.table(
      ['id', 'topic', 'group', 'key', 'event', 'type', 'attempts', 'failed', 'why'],
      listed.map((letter) => [
        letter.id,
        letter.topic,
        letter.group,
        letter.key,
        letter.messageId,
        typeOf(letter) ?? '',
        String(letter.attempts),
        instantText(letter.failedAt),
        letter.reason,
      ]),
    );
  if (found.length > listedMax) output.aside(`These are the oldest ${listedMax}; there are more.`);
}

/** Publishes one again for its group, or all that the filter finds; effects happen once. */
export async function retryDeadLetters(
  command: CommandEnvironment,
  id: string | undefined,
  options: DeadLetterFilter & Readonly<{ all?: boolean; json?: boolean }>,
): Promise<void> {
  const { output } = command;
  if ((id === undefined) !== (options.all ?? false)) {
    output.aside('Name the id of a dead letter, or --all (with a filter to narrow it).');
    return command.fail(2);
  }
  const outcomes = await withDeadLetters(command, async (letters) => {
    // What fails again meanwhile waits under another id, and is left for the next time.
    const every = { countMax: Infinity, keep: (letter: DeadLetter) => letter.id };
    const ids = id === undefined ? await waiting(letters, options, every) : [id];
    return retryInPages(command, letters, ids);
  });
  const idsOf = (wanted: DeadLetterRetry['outcome']) =>
    outcomes.filter(({ outcome }) => outcome === wanted).map((each) => each.id);
  const [retried, gone, notWhole] = [idsOf('retried'), idsOf('gone'), idsOf('not-whole')];
  // With --all somebody else was quicker; one that was named is a mistake.
  if (notWhole.length > 0 || (id !== undefined && gone.length > 0)) command.fail(1);
  if (options.json) return output.json({ retried, gone, notWhole });
  output.line(`${retried.length} published again for their groups`);
  for (const each of gone) output.line(`${each}: no such dead letter waits`);
  for (const each of notWhole) output.line(`${each}: its message could not be kept as it was`);
}

async function retryInPages(
  { output, signal }: CommandEnvironment,
  letters: DeadLetters,
  ids: readonly string[],
): Promise<readonly DeadLetterRetry[]> {
  const outcomes: DeadLetterRetry[] = [];
  for (let from = 0; from < ids.length && !signal.aborted; from += pageSize) {
    outcomes.push(...(await letters.retry(ids.slice(from, from + pageSize))));
    output.progress(`${outcomes.length} of ${ids.length} dead letters`);
  }
  return outcomes;
}

/** Page by page, so that no more is held than what is kept of each. */
async function waiting<Kept>(
  letters: DeadLetters,
  { topic, group, key, type }: DeadLetterFilter,
  { countMax, keep }: Readonly<{ countMax: number; keep: (letter: DeadLetter) => Kept }>,
): Promise<readonly Kept[]> {
  const query = {
    limit: pageSize,
    ...(topic === undefined ? {} : { topic }),
    ...(group === undefined ? {} : { group }),
  };
  const found: Kept[] = [];
  let page = await letters.list(query);
  for (;;) {
    found.push(...page.filter((letter) => isOf(letter, key, type)).map(keep));
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize || found.length >= countMax) return found;
    page = await letters.list({ ...query, after: last.id });
  }
}

function isOf(letter: DeadLetter, key: string | undefined, type: string | undefined): boolean {
  if (key !== undefined && letter.key !== key) return false;
  if (type === undefined) return true;
  const known = typeOf(letter);
  return known === type || known?.split('.').at(-1) === type;
}

/** Null where the message is no CloudEvent. */
function typeOf({ payload }: DeadLetter): string | null {
  const type = payload['type'];
  return typeof type === 'string' ? type : null;
}

const jsonOf = (letter: DeadLetter) => ({
  id: letter.id,
  topic: letter.topic,
  group: letter.group,
  key: letter.key,
  eventId: letter.messageId,
  type: typeOf(letter),
  reason: letter.reason,
  attempts: letter.attempts,
  failedAt: instantText(letter.failedAt),
  isWhole: letter.isWhole,
  message: letter.payload,
});

const withDeadLetters = <Value>(
  command: CommandEnvironment,
  work: (letters: DeadLetters) => Promise<Value>,
): Promise<Value> =>
  withBooks(command, (books) => withBus(command, books, ({ deadLetters }) => work(deadLetters)));
