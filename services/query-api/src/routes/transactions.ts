import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import { transactionSchema } from '../schemas/ledger.ts';
import { atPosition, positioned } from '../schemas/page.ts';

/** One ledger transaction with its postings. */
export function transactionRoutes(server: HttpServer, api: Api): void {
  const one = routeOf(api, 'ledger', 'books:read', 'Read one ledger transaction');
  const params = z.object({ transactionId: z.string() });
  const schema = { ...one.schema, params, querystring: atPosition };
  server.get(
    '/v1/transactions/:transactionId',
    { ...one, schema: { ...schema, response: { 200: positioned(transactionSchema) } } },
    async (request, reply) =>
      api.read(['transactions'], request.query.minPosition, reply, async () => {
        const found = await api.readModels.findTransaction(request.params.transactionId);
        if (found === null) throw problemError('transaction-not-found');
        return found;
      }),
  );
}
