import { instantText, type Recorded, toWire } from '@counterfoil/domain';
import { comparePositions } from '@counterfoil/read-models';
import { type HttpServer, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import { type Api, routeOf } from '../api.ts';
import { eventPage } from '../reading/event-page.ts';
import { parsePosition, positionHeader } from '../reading/reader.ts';
import { eventSchema } from '../schemas/event.ts';
import { cursor, pageLimit, pageOf, positioned } from '../schemas/page.ts';
import { positionText } from '../schemas/scalars.ts';

const streamLengthMax = 300;
const typesMax = 50;

const querystring = z.strictObject({
  after: positionText.optional().describe('Only events after this position'),
  cursor,
  limit: pageLimit,
  stream: z.string().min(1).max(streamLengthMax).optional(),
  types: z
    .string()
    .regex(/^[A-Za-z]{1,64}(,[A-Za-z]{1,64})*$/, 'event types, separated by commas')
    .refine((text) => text.split(',').length <= typesMax, `at most ${typesMax} types`)
    .optional(),
});

/** The log in pages. */
export function eventRoutes(server: HttpServer, api: Api): void {
  const list = routeOf(api, 'events', 'events:read', 'Read the log in pages');
  const description = `${list.schema.description}. A page of filtered events may be short or empty before the end of the log: go on until \`nextCursor\` is null. \`Counterfoil-Position\` is how far the page has looked.`;
  server.get(
    '/v1/events',
    {
      ...list,
      schema: {
        ...list.schema,
        description,
        querystring,
        response: { 200: positioned(pageOf(eventSchema)) },
      },
    },
    async ({ query }, reply) => {
      const after = parsePosition(query.cursor ?? query.after ?? 'start');
      const page = await eventPage(api.events, {
        after,
        limit: query.limit,
        stream: query.stream ?? null,
        types: query.types === undefined ? null : new Set(query.types.split(',')),
      });
      // Who waits after the end of another log, as of one that was restored, would miss what comes.
      if (page.next === after && comparePositions(after, await api.events.head()) > 0)
        throw problemError('position-malformed');
      void reply.header(positionHeader, page.next);
      return { data: page.events.map(shown), nextCursor: page.isEnd ? null : page.next };
    },
  );
}

const shown = (recorded: Recorded) => ({
  position: recorded.position,
  stream: recorded.stream,
  version: Number(recorded.version),
  eventId: recorded.eventId,
  type: recorded.event.type,
  data: toWire(recorded.event.data),
  occurredAt: instantText(recorded.occurredAt),
  recordedAt: instantText(recorded.recordedAt),
  correlationId: recorded.correlationId,
  causationId: recorded.causationId,
});
