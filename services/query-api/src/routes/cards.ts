import { comparedId } from '@counterfoil/providers';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { authorizationSchema, cardSchema, cardStatus } from '../schemas/card.ts';
import { atPosition, pageOf, pageQuery, positioned } from '../schemas/page.ts';
import { accountIdText } from '../schemas/scalars.ts';

const cardPath = z.object({ provider: z.string(), cardId: z.string() });
const named = ({ provider, cardId }: z.infer<typeof cardPath>) => ({
  provider,
  cardId: comparedId({ provider, kind: 'card', externalId: cardId }),
});

/** Cards and their authorizations. */
export function cardRoutes(server: HttpServer, api: Api): void {
  const { read, readModels } = api;
  const route = (summary: string) => routeOf(api, 'cards', 'books:read', summary);

  const list = route('List cards in the order of provider and id');
  const filters = pageQuery.extend({
    provider: z.string().optional(),
    accountId: accountIdText.optional(),
    status: cardStatus.optional(),
  });
  server.get(
    '/v1/cards',
    {
      ...list,
      schema: {
        ...list.schema,
        querystring: filters,
        response: { 200: positioned(pageOf(cardSchema)) },
      },
    },
    async ({ query }, reply) =>
      read(['cards'], query.minPosition, reply, async () =>
        pageOrProblem(await readModels.listCards(query)),
      ),
  );

  const one = route('Read one card');
  const schema = { ...one.schema, params: cardPath, querystring: atPosition };
  server.get(
    '/v1/cards/:provider/:cardId',
    { ...one, schema: { ...schema, response: { 200: positioned(cardSchema) } } },
    async ({ params, query }, reply) =>
      read(['cards'], query.minPosition, reply, async () => {
        const card = await readModels.findCard(named(params));
        if (card === null) throw problemError('card-not-found');
        return card;
      }),
  );

  const authorizations = route('List the authorizations of a card, the latest first');
  server.get(
    '/v1/cards/:provider/:cardId/authorizations',
    {
      ...authorizations,
      schema: {
        ...authorizations.schema,
        params: cardPath,
        querystring: pageQuery,
        response: { 200: positioned(pageOf(authorizationSchema)) },
      },
    },
    async ({ params, query }, reply) =>
      read(['cards'], query.minPosition, reply, async () => {
        const card = named(params);
        const page = pageOrProblem(await readModels.cardAuthorizations({ ...card, ...query }));
        if (page.data.length === 0 && (await readModels.findCard(card)) === null)
          throw problemError('card-not-found');
        return page;
      }),
  );
}
