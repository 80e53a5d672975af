import { accountId, type Reference } from '@counterfoil/domain';
import { expect, test } from 'vitest';
import { projectLog } from '../testing/project-log.ts';
import { funded, opened, sampleLog, usd } from '../testing/sample-log.ts';
import { withModels } from '../testing/with-models.ts';
import { findAccount, findAccountByReference, listAccounts } from './queries.ts';

const models = withModels();
const named = (kind: Reference['kind'], externalId: string): Reference => ({
  provider: '4pay',
  kind,
  externalId,
});

test('an account shows its kind, state, limits, balances and references', async () => {
  const log = sampleLog();
  log.record('account-a', opened('a'));
  log.record('account-a', { type: 'AccountFrozen', data: { reason: 'chargebacks' } });
  log.record('account-a', { type: 'CreditLimitSet', data: { limit: usd('50') } });
  log.record('account-a', { type: 'CreditLimitSet', data: { limit: usd('20') } });
  log.record('account-a', funded('a', usd('1')));
  const card = named('card', 'c');
  log.record('reference-4pay:card:c', {
    type: 'ReferenceLinked',
    data: { reference: card, accountId: accountId('a'), actor: 'test' },
  });
  await projectLog(models.database, log.events());

  const account = {
    accountId: 'a',
    kind: 'holder',
    status: 'frozen',
    reason: 'chargebacks',
    creditLimits: [{ asset: 'USD', amount: '20.00' }],
    balances: [{ asset: 'USD', available: '1.00', held: '0.00', reserved: '0.00', total: '1.00' }],
    references: [card],
  };
  expect(await findAccount(models.database, 'a')).toMatchObject(account);
  expect(await listAccounts(models.database, { status: 'frozen' })).toMatchObject({
    ok: true,
    value: { data: [account], nextCursor: null },
  });
  expect(await listAccounts(models.database, { status: 'active' })).toMatchObject({
    ok: true,
    value: { data: [] },
  });
  expect(await findAccount(models.database, 'b')).toBeNull();
});

test('a reference belongs by its link, else to where its holder belongs, else by use', async () => {
  const log = sampleLog();
  for (const id of ['a', 'b', 'c']) log.record(`account-${id}`, opened(id));
  const [card, client] = [named('card', '1'), named('client', '1')];
  const owner = async (reference: Reference) => {
    await projectLog(models.database, log.events());
    return (await findAccountByReference(models.database, reference))?.accountId ?? null;
  };
  expect(await owner(card)).toBeNull();
  log.record('reference-4pay:card:1', {
    type: 'ReferenceUsed',
    data: { reference: card, accountId: accountId('a') },
  });
  expect(await owner(card)).toBe('a');
  log.record('reference-4pay:card:1', {
    type: 'ReferenceHolderNamed',
    data: { reference: card, holder: client },
  });
  expect(await owner(card)).toBe('a');
  log.record('reference-4pay:client:1', {
    type: 'ReferenceLinked',
    data: { reference: client, accountId: accountId('b'), actor: 'test' },
  });
  expect(await owner(card)).toBe('b');
  expect((await findAccount(models.database, 'b'))?.references).toEqual([card, client]);
  expect((await findAccount(models.database, 'a'))?.references).toEqual([]);
  log.record('reference-4pay:card:1', {
    type: 'ReferenceLinked',
    data: { reference: card, accountId: accountId('c'), actor: 'test' },
  });
  expect(await owner(card)).toBe('c');
});
