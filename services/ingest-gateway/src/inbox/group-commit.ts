export type GroupCommitOptions<Item, Outcome> = Readonly<{
  /** Gets the items in order of arrival and answers in the same order. All or nothing. */
  commit: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  bytesOf: (item: Item) => number;
  countMax: number;
  bytesMax: number;
}>;

type Waiting<Item, Outcome> = Readonly<{
  item: Item;
  resolve: (outcome: Outcome) => void;
  reject: (fault: unknown) => void;
}>;

/**
 * Collects what arrives while a commit is under way into the next one, so that many callers share
 * one round trip and one flush of the disk. A lone caller never waits for company. One commit at a
 * time keeps the order of arrival.
 */
export function groupCommit<Item, Outcome>(
  options: GroupCommitOptions<Item, Outcome>,
): (item: Item) => Promise<Outcome> {
  const { commit, bytesOf, countMax, bytesMax } = options;
  let waiting: Waiting<Item, Outcome>[] = [];
  let isCommitting = false;

  const nextGroup = (): readonly Waiting<Item, Outcome>[] => {
    let bytes = 0;
    let count = 0;
    for (const { item } of waiting) {
      bytes += bytesOf(item);
      if (count > 0 && (count === countMax || bytes > bytesMax)) break;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  };

  const commitAll = async (): Promise<void> => {
    isCommitting = true;
    while (waiting.length > 0) await commitGroup(commit, nextGroup());
    isCommitting = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isCommitting) void commitAll();
    });
}

async function commitGroup<Item, Outcome>(
  commit: GroupCommitOptions<Item, Outcome>['commit'],
  group: readonly Waiting<Item, Outcome>[],
): Promise<void> {
  try {
    const outcomes = await commit(group.map(({ item }) => item));
    for (const [index, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) reject(new Error('The commit gave no outcome for an item.'));
      else resolve(outcome);
    }
  } catch (fault) {
    for (const { reject } of group) reject(fault);
  }
}
