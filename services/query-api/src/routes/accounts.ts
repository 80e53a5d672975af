import { type HttpServer, problemError } from '@counterfoil/runtime';
import { referenceKinds } from '@counterfoil/domain';
import { comparedId } from '@counterfoil/providers';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import { accountModels } from '../commands/account-answer.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { accountKind, accountSchema, accountStatus, balanceSchema } from '../schemas/account.ts';
import { atPosition, pageOf, pageQuery, positioned } from '../schemas/page.ts';
import { accountIdText, externalId, providerName } from '../schemas/scalars.ts';

export const accountPath = z.object({ accountId: accountIdText });

/** Accounts with balances, limits and references. */
export function accountRoutes(server: HttpServer, api: Api): void {
  const { read, readModels } = api;
  const route = (summary: string) => routeOf(api, 'accounts', 'books:read', summary);

  const list = route('List accounts in the order of their ids');
  const listQuery = pageQuery.extend({
    kind: accountKind.optional(),
    status: accountStatus.optional(),
  });
  server.get(
    '/v1/accounts',
    {
      ...list,
      schema: {
        ...list.schema,
        querystring: listQuery,
        response: { 200: positioned(pageOf(accountSchema)) },
      },
    },
    async ({ query }, reply) =>
      read(accountModels, query.minPosition, reply, async () =>
        pageOrProblem(await readModels.listAccounts(query)),
      ),
  );

  const one = route('Read one account');
  server.get(
    '/v1/accounts/:accountId',
    {
      ...one,
      schema: {
        ...one.schema,
        params: accountPath,
        querystring: atPosition,
        response: { 200: positioned(accountSchema) },
      },
    },
    async ({ params, query }, reply) =>
      read(accountModels, query.minPosition, reply, async () =>
        found(await readModels.findAccount(params.accountId)),
      ),
  );

  const byReference = route("Read the account that a provider's reference belongs to");
  const referencePath = z.object({
    provider: providerName,
    kind: z.enum(referenceKinds),
    externalId,
  });
  server.get(
    '/v1/accounts/by-reference/:provider/:kind/:externalId',
    {
      ...byReference,
      schema: {
        ...byReference.schema,
        params: referencePath,
        querystring: atPosition,
        response: { 200: positioned(accountSchema) },
      },
    },
    async ({ params, query }, reply) =>
      read(accountModels, query.minPosition, reply, async () => {
        const reference = { ...params, externalId: comparedId(params) };
        const account = await readModels.findAccountByReference(reference);
        if (account === null) throw problemError('reference-not-found');
        return account;
      }),
  );

  const balances = route('Read the balances of an account now');
  server.get(
    '/v1/accounts/:accountId/balances',
    {
      ...balances,
      schema: {
        ...balances.schema,
        params: accountPath,
        querystring: atPosition,
        response: {
          200: positioned(z.object({ accountId: z.string(), balances: z.array(balanceSchema) })),
        },
      },
    },
    async ({ params, query }, reply) =>
      read(accountModels, query.minPosition, reply, async () =>
        found(await readModels.findAccount(params.accountId)),
      ),
  );
}

function found<Row>(account: Row | null): Row {
  if (account === null) throw problemError('account-not-found');
  return account;
}
