import { accountId } from '@counterfoil/domain';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, commandRouteOf, routeOf } from '../api.ts';
import { answerWithAccount, receiptOf } from '../commands/account-answer.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { acceptedSchema, accountSchema, referenceRequest } from '../schemas/account.ts';
import { suspenseSchema } from '../schemas/ledger.ts';
import { pageOf, pageQuery, positioned } from '../schemas/page.ts';
import { accountIdText } from '../schemas/scalars.ts';

/** Money that waits for its owner, and the naming of that owner. */
export function suspenseRoutes(server: HttpServer, api: Api): void {
  const list = routeOf(api, 'ledger', 'books:read', 'List money that waits for its owner');
  const filters = pageQuery.extend({ provider: z.string().optional() });
  server.get(
    '/v1/suspense',
    {
      ...list,
      schema: {
        ...list.schema,
        querystring: filters,
        response: { 200: positioned(pageOf(suspenseSchema)) },
      },
    },
    async ({ query }, reply) =>
      api.read(['suspense'], query.minPosition, reply, async () =>
        pageOrProblem(await api.readModels.listSuspense(query)),
      ),
  );

  const attribute = commandRouteOf(
    api,
    'ledger',
    'accounts:write',
    'Say whose money it is: its reference is linked, and all that waits for it moves by events',
  );
  const params = z.object({ id: z.string() });
  const body = z.strictObject({ accountId: accountIdText });
  server.post(
    '/v1/suspense/:id/attribute',
    {
      ...attribute,
      schema: {
        ...attribute.schema,
        params,
        body,
        response: { 200: positioned(accountSchema), 202: positioned(acceptedSchema) },
      },
    },
    async (request, reply) =>
      api.runCommand(request, reply, async (command) => {
        const [entry] = await api.readModels.findSuspense(request.params.id);
        if (entry === undefined) throw problemError('suspense-not-found');
        // What names nobody cannot be linked, and so cannot be given away for ever by one request.
        const reference = referenceRequest.safeParse(entry.reference);
        if (!reference.success) throw problemError('suspense-not-attributable');
        const owner = accountId(request.body.accountId);
        const linked = { reference: reference.data, accountId: owner };
        return answerWithAccount(
          api,
          receiptOf(await api.commands.linkReference(linked, command)),
          200,
        );
      }),
  );
}
