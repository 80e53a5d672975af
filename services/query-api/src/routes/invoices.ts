import { comparedId } from '@counterfoil/providers';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { invoiceSchema, invoiceStatus } from '../schemas/order.ts';
import { atPosition, pageOf, pageQuery, positioned } from '../schemas/page.ts';
import { accountIdText } from '../schemas/scalars.ts';
import { seenBetween, timeRange } from './time-range.ts';

/** Invoices as the providers report them. */
export function invoiceRoutes(server: HttpServer, api: Api): void {
  const { read, readModels } = api;
  const route = (summary: string) => routeOf(api, 'invoices', 'books:read', summary);

  const list = route('List invoices, the latest first');
  const filters = pageQuery.extend({
    provider: z.string().optional(),
    status: invoiceStatus.optional(),
    accountId: accountIdText.optional(),
    ...timeRange,
  });
  server.get(
    '/v1/invoices',
    {
      ...list,
      schema: {
        ...list.schema,
        querystring: filters,
        response: { 200: positioned(pageOf(invoiceSchema)) },
      },
    },
    async ({ query }, reply) =>
      read(['invoices'], query.minPosition, reply, async () =>
        pageOrProblem(await readModels.listInvoices({ ...query, ...seenBetween(query) })),
      ),
  );

  const one = route("Read one invoice by any of the provider's ids for it");
  const params = z.object({ provider: z.string(), id: z.string() });
  const schema = { ...one.schema, params, querystring: atPosition };
  server.get(
    '/v1/invoices/:provider/:id',
    { ...one, schema: { ...schema, response: { 200: positioned(invoiceSchema) } } },
    async (request, reply) =>
      read(['invoices'], request.query.minPosition, reply, async () => {
        const { provider, id: externalId } = request.params;
        const id = comparedId({ provider, kind: 'invoice', externalId });
        const invoice = await readModels.findInvoice(provider, id);
        if (invoice === null) throw problemError('invoice-not-found');
        return invoice;
      }),
  );
}
