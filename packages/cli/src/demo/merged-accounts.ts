import type { AccountRequest, Story } from './sample-stories.ts';

/** One request an account, with the references that all stories give it. */
export function mergedAccounts(stories: readonly Story[]): readonly AccountRequest[] {
  const merged = new Map<string, AccountRequest>();
  for (const account of stories.flatMap(({ accounts }) => accounts)) {
    const known = merged.get(account.accountId)?.references ?? [];
    const names = new Set(known.map(nameOf));
    const added = account.references.filter((reference) => !names.has(nameOf(reference)));
    merged.set(account.accountId, { ...account, references: [...known, ...added] });
  }
  return [...merged.values()];
}

const nameOf = ({ provider, kind, externalId }: AccountRequest['references'][number]): string =>
  `${provider} ${kind} ${externalId}`;
