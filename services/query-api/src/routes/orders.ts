import { accountId, money, type OrderKind } from '@counterfoil/domain';
import { comparedId } from '@counterfoil/providers';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, commandRouteOf, routeOf } from '../api.ts';
import { answerWhenRead, receiptOf } from '../commands/account-answer.ts';
import { moneyOfRequest, positiveMoneyOfRequest } from '../commands/money-of-request.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { acceptedSchema } from '../schemas/account.ts';
import { orderRequest, orderSchema, orderStatus } from '../schemas/order.ts';
import { atPosition, pageOf, pageQuery, positioned } from '../schemas/page.ts';
import { accountIdText } from '../schemas/scalars.ts';
import { seenBetween, timeRange } from './time-range.ts';

/** Payouts and withdrawals: our orders, and what the providers make of them. */
export function orderRoutes(server: HttpServer, api: Api): void {
  for (const kind of ['payout', 'withdrawal'] as const) {
    placeOrderRoute(server, api, kind);
    readOrderRoutes(server, api, kind);
  }
}

const commandModels = ['orders', 'accounts', 'balances'] as const;

function placeOrderRoute(server: HttpServer, api: Api, kind: OrderKind): void {
  const route = commandRouteOf(
    api,
    `${kind}s`,
    'orders:write',
    `Register a ${kind} and reserve its money`,
  );
  const answers = { 201: positioned(orderSchema), 202: positioned(acceptedSchema) };
  server.post(
    `/v1/${kind}s`,
    { ...route, schema: { ...route.schema, body: orderRequest, response: answers } },
    async (request, reply) =>
      api.runCommand(request, reply, async (command) => {
        const { provider, asset, fee } = request.body;
        const orderId = comparedId({ provider, kind, externalId: request.body.id });
        const amount = positiveMoneyOfRequest(request.body, api.amountMax);
        const charged =
          fee === undefined
            ? money(amount.asset, 0n)
            : moneyOfRequest({ asset, amount: fee }, api.amountMax);
        const order = { kind, provider, orderId, amount, fee: charged };
        const placed = { accountId: accountId(request.body.accountId), order };
        const receipt = receiptOf(await api.commands.placeOrder(placed, command));
        return answerWhenRead(api, receipt, commandModels, 201, () =>
          api.readModels.findOrder(kind, provider, orderId),
        );
      }),
  );
}

const orderPath = z.object({ provider: z.string(), id: z.string() });

function readOrderRoutes(server: HttpServer, api: Api, kind: OrderKind): void {
  const { read, readModels } = api;
  const route = (summary: string) => routeOf(api, `${kind}s`, 'books:read', summary);
  const filters = pageQuery.extend({
    provider: z.string().optional(),
    status: orderStatus.optional(),
    accountId: accountIdText.optional(),
    ...timeRange,
  });

  const list = route(`List ${kind}s, the latest first`);
  server.get(
    `/v1/${kind}s`,
    {
      ...list,
      schema: {
        ...list.schema,
        querystring: filters,
        response: { 200: positioned(pageOf(orderSchema)) },
      },
    },
    async ({ query }, reply) =>
      read(['orders'], query.minPosition, reply, async () =>
        pageOrProblem(await readModels.listOrders(kind, { ...query, ...seenBetween(query) })),
      ),
  );

  const one = route(`Read one ${kind} by any of the provider's ids for it`);
  const schema = { ...one.schema, params: orderPath, querystring: atPosition };
  server.get(
    `/v1/${kind}s/:provider/:id`,
    { ...one, schema: { ...schema, response: { 200: positioned(orderSchema) } } },
    async ({ params, query }, reply) =>
      read(['orders'], query.minPosition, reply, async () => {
        const { provider, id: externalId } = params;
        const id = comparedId({ provider, kind, externalId });
        const order = await readModels.findOrder(kind, provider, id);
        if (order === null) throw problemError(`${kind}-not-found`);
        return order;
      }),
  );
}
