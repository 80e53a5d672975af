import { instantText } from '@counterfoil/domain';
import type { ReviewView } from '@counterfoil/read-models';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, commandRouteOf, routeOf } from '../api.ts';
import { answerWhenRead, receiptOf } from '../commands/account-answer.ts';
import { pageOrProblem } from '../reading/page-of-rows.ts';
import { acceptedSchema } from '../schemas/account.ts';
import { pageOf, pageQuery, positioned } from '../schemas/page.ts';
import { resolveRequest, reviewSchema, reviewStatus } from '../schemas/review.ts';
import { accountIdText } from '../schemas/scalars.ts';
import { bodyText } from './body-text.ts';

/** A review lays two bodies side by side; a few more when the provider contradicts itself often. */
const deliveriesShownMax = 8;

/** What needs a person, and the rulings of persons. */
export function reviewRoutes(server: HttpServer, api: Api): void {
  const { read, readModels } = api;

  const list = routeOf(api, 'reviews', 'reviews:read', 'List reviews, the longest open first');
  const filters = pageQuery.extend({
    status: reviewStatus.optional(),
    accountId: accountIdText.optional(),
  });
  server.get(
    '/v1/reviews',
    {
      ...list,
      schema: {
        ...list.schema,
        querystring: filters,
        response: { 200: positioned(pageOf(reviewSchema)) },
      },
    },
    async ({ query }, reply) =>
      read(['reviews'], query.minPosition, reply, async () => {
        const page = pageOrProblem(await readModels.listReviews(query));
        const data = [];
        // One after the other, so that one long page cannot take every connection.
        for (const review of page.data) data.push(await withBodies(api, review));
        return { data, nextCursor: page.nextCursor };
      }),
  );

  const resolve = commandRouteOf(api, 'reviews', 'reviews:write', 'Resolve a review by a ruling');
  const params = z.object({ id: z.string() });
  const answers = { 200: positioned(reviewSchema), 202: positioned(acceptedSchema) };
  server.post(
    '/v1/reviews/:id/resolve',
    {
      ...resolve,
      schema: { ...resolve.schema, params, body: resolveRequest, response: answers },
    },
    async (request, reply) =>
      api.runCommand(request, reply, async (command) => {
        const review = await readModels.findReview(request.params.id);
        if (review === null) throw problemError('review-not-found');
        const { reviewId, stream } = review;
        const outcome = await api.commands.resolveReview(
          { reviewId, stream, ...request.body },
          command,
        );
        return answerWhenRead(api, receiptOf(outcome), ['reviews'], 200, async () => {
          const resolved = await readModels.findReview(reviewId);
          return resolved === null ? null : withBodies(api, resolved);
        });
      }),
  );
}

async function withBodies(api: Pick<Api, 'inboundWebhooks'>, review: ReviewView) {
  const deliveries = [];
  for (const id of review.deliveryIds.slice(0, deliveriesShownMax)) {
    const webhook = await api.inboundWebhooks.find(id);
    if (webhook === null) continue;
    const { provider, dialect, bodySha256, body } = webhook;
    const receivedAt = instantText(webhook.receivedAt);
    deliveries.push({ id, provider, dialect, receivedAt, bodySha256, ...bodyText(body) });
  }
  return { ...review, deliveries };
}
