import type { HttpServer } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { suspenseSchema } from '../schemas/ledger.ts';
import { pageOf, pageQuery } from '../schemas/page.ts';

/** Money that waits for its owner. */
export function suspenseRoutes(server: HttpServer, api: Api): void {
  const list = routeOf(api, 'ledger', 'books:read', 'List money that waits for its owner');
  const filters = pageQuery.extend({ provider: z.string().optional() });
  server.get(
    '/v1/suspense',
    {
      ...list,
      schema: { ...list.schema, querystring: filters, response: { 200: pageOf(suspenseSchema) } },
    },
    async ({ query }, reply) =>
      api.read(['suspense'], query.minPosition, reply, async () =>
        pageOrProblem(await api.readModels.listSuspense(query)),
      ),
  );
}
