import { type HttpServer, problemError } from '@counterfoil/runtime';
import { type Api, routeOf } from '../api.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { holdSchema, statementLineSchema } from '../schemas/ledger.ts';
import { pageOf, pageQuery, positioned } from '../schemas/page.ts';
import { assetText } from '../schemas/scalars.ts';
import { accountPath } from './accounts.ts';

/** The statement and the open holds of an account. */
export function accountHistoryRoutes(server: HttpServer, api: Api): void {
  const { read, readModels } = api;
  const route = (summary: string) => routeOf(api, 'accounts', 'books:read', summary);
  const query = pageQuery.extend({ asset: assetText.optional() });

  /** An empty list needs a look whether there is such an account at all. */
  const known = async <Row>(page: Readonly<{ data: readonly Row[] }>, accountId: string) => {
    if (page.data.length === 0 && (await readModels.findAccount(accountId)) === null)
      throw problemError('account-not-found');
  };

  const statement = route('List ledger lines with the running balance, the oldest first');
  server.get(
    '/v1/accounts/:accountId/statement',
    {
      ...statement,
      schema: {
        ...statement.schema,
        params: accountPath,
        querystring: query,
        response: { 200: positioned(pageOf(statementLineSchema)) },
      },
    },
    async ({ params, query: filters }, reply) =>
      read(['accounts', 'statement'], filters.minPosition, reply, async () => {
        const page = pageOrProblem(await readModels.accountStatement({ ...params, ...filters }));
        await known(page, params.accountId);
        return page;
      }),
  );

  const holds = route('List open holds');
  server.get(
    '/v1/accounts/:accountId/holds',
    {
      ...holds,
      schema: {
        ...holds.schema,
        params: accountPath,
        querystring: query,
        response: { 200: positioned(pageOf(holdSchema)) },
      },
    },
    async ({ params, query: filters }, reply) =>
      read(['accounts', 'holds'], filters.minPosition, reply, async () => {
        const page = pageOrProblem(await readModels.accountHolds({ ...params, ...filters }));
        await known(page, params.accountId);
        return page;
      }),
  );
}
