import { expect, it } from 'vitest';
import { mergedAccounts } from './merged-accounts.ts';
import { sampleStories } from './sample-stories.ts';

it('gives each account every reference of every story once', () => {
  const stories = sampleStories();
  const merged = mergedAccounts(stories);
  expect(merged.map(({ accountId }) => accountId).sort()).toEqual([
    'holder-1',
    'holder-2',
    'holder-5',
    'merchant',
  ]);
  const links = merged.flatMap(({ accountId, references }) =>
    references.map((reference) => JSON.stringify([accountId, reference])),
  );
  expect(new Set(links).size).toBe(links.length);
  for (const { accountId, references } of stories.flatMap(({ accounts }) => accounts))
    for (const reference of references)
      expect(links).toContain(JSON.stringify([accountId, reference]));
});
